import { describe, expect, test } from 'vitest'
import {
  findBlock,
  formatBlock,
  withLinesAtEnd,
  withoutBlocks,
} from '../../../src/setup/install/block.ts'

const lines = formatBlock('added', ['a', '', 'b'], '  ')

describe('a block of Oakum', () => {
  test.each(['', 'x', 'x\n', 'x\n\n', 'x\r\ny\r\n', 'x\r\ny', '# >>> oakum >>>\n', 'päß\n'])(
    'are removed from %j to the byte',
    (text) => {
      const result = withLinesAtEnd(text, lines)
      expect(result).toContain('  a')
      expect(findBlock(result)?.origin).toBe('added')
      expect(withoutBlocks(result)).toBe(text)
    },
  )

  test('are removed from the middle of a text, each of several', () => {
    const block = `${lines.join('\n')}\n`
    expect(withoutBlocks(`one\n${block}two\n${block}`)).toBe('one\ntwo\n')
  })

  test.each([
    '# >>> oakum >>> added by oakum install\nno end\n',
    'echo "# >>> oakum >>> added"\n# <<< oakum <<<\n',
    '',
  ])('are not found in %j', (text) => {
    expect(findBlock(text)).toBeUndefined()
    expect(withoutBlocks(text)).toBe(text)
  })

  test('use the line endings of the file', () => {
    expect(withLinesAtEnd('x\r\n', ['a', 'b'])).toBe('x\r\na\r\nb\r\n')
  })
})
