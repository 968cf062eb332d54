import { describe, expect, test } from 'vitest'
import {
  findBlock,
  formatBlock,
  withLinesAtEnd,
  withoutBlocks,
} from '../../../src/setup/install/block.ts'

const lines = formatBlock('added', ['a', '', 'b'], '  ')

describe('marked lines', () => {
  test.each(['', 'x', 'x\n', 'x\n\n', 'x\r\ny\r\n', 'x\r\ny', '# >>> oakum >>>\n', 'päß\n'])(
    'come out of %j to the byte',
    (text) => {
      const made = withLinesAtEnd(text, lines)
      expect(made).toContain('  a')
      expect(findBlock(made)?.mark).toBe('added')
      expect(withoutBlocks(made)).toBe(text)
    },
  )

  test('come out of the middle, and each of several', () => {
    const block = `${lines.join('\n')}\n`
    expect(withoutBlocks(`one\n${block}two\n${block}`)).toBe('one\ntwo\n')
  })

  test.each([
    '# >>> oakum >>> added by oakum install\nno end\n',
    'echo "# >>> oakum >>> added"\n# <<< oakum <<<\n',
    '',
  ])('are not seen in %j', (text) => {
    expect(findBlock(text)).toBeUndefined()
    expect(withoutBlocks(text)).toBe(text)
  })

  test('keep the line ends of the file', () => {
    expect(withLinesAtEnd('x\r\n', ['a', 'b'])).toBe('x\r\na\r\nb\r\n')
  })
})
