import { describe, expect, test } from 'vitest'
import { errorCommand, outputText, stopCommands } from '../../src/action/outputs.ts'
import { proposalText } from '../../src/action/summary.ts'
import { finding, place } from '../support/result.ts'
import type { ScanResult } from '../../src/model/outcome.ts'

describe('an output', () => {
  test('ends at its delimiter, whatever its value is', () => {
    expect(outputText('report', 'a=b\nfindings=0\nEOF', 'end-0')).toBe(
      'report<<end-0\na=b\nfindings=0\nEOF\nend-0\n',
    )
  })

  test('with its own delimiter is rejected', () => {
    expect(() => outputText('report', 'x\ndelimiter\nfindings=0', 'delimiter')).toThrow(
      'the output report contains its own delimiter',
    )
  })
})

describe('the log', () => {
  test('wraps text in stop-commands, with a new token each time', () => {
    const [one, other] = [stopCommands('::error::a'), stopCommands('::error::a\n')]
    expect(one).toMatch(/^::stop-commands::([0-9a-f-]{36})\n::error::a\n::\1::\n$/)
    expect(one).not.toBe(other)
  })

  test('writes errors in one line', () => {
    expect(errorCommand('50% of a\r\nb')).toBe('::error title=Oakum::50%25 of a%0D%0Ab\n')
  })
})

const resultOf = (count: number): ScanResult => ({
  findings: Array.from({ length: count }, (_, at) =>
    finding({
      fingerprint: `f${at}`,
      places: [place({ kind: 'commit', path: { text: '</details>|`x`' } })],
      proposed: { by: 'inline', reason: '<script>`|\n# trust me' },
    }),
  ),
  suppressed: [],
  receipt: {
    complete: true,
    target: 'range',
    range: null,
    reader: null,
    commits: 0,
    trees: 0,
    tags: 0,
    blobs: 0,
    bytes: 0,
    skipped: [],
    rules: { count: 1, digest: '' },
    config: { path: null, from: 'base' },
    git: null,
    durationMs: 0,
  },
})

describe('what a change would suppress', () => {
  test('is empty without proposals', () => {
    expect(proposalText(resultOf(0), [])).toBe('')
  })

  test('is listed up to a limit, as plain text', () => {
    const text = proposalText(resultOf(60), ['::set-env::<b>'])
    expect(text).toContain('### This change would suppress 60 findings')
    expect(text.match(/^- AWS/gm)).toHaveLength(50)
    expect(text).toContain('- … and 10 more')
    expect(/<script>|<b>|^# trust/m.test(text)).toBe(false)
  })
})
