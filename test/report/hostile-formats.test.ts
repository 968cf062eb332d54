import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { reporters } from '../../src/report/reporters.ts'
import { hostileNamed } from '../support/hostile.ts'
import { forbidden, hostileResult } from '../support/result.ts'

const seeds = [1, 2, 3, 4, 5, 6]
const options = {
  version: '0.1.0',
  endedAt: new Date('2026-11-22T12:00:00Z'),
  subject: '</title>::error::"x',
  showSuppressed: true,
  allOrigins: true,
  verbose: true,
}
const results = [...seeds.map(hostileNamed), hostileResult]
const hasProgram = (name: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${name}`]).status === 0

describe.each(Object.entries(reporters))('hostile names in %s', (format, report) => {
  const texts = results.map((result) => report(result, options))

  test('reveal no secret, even with --show-secrets where the format ignores it', () => {
    const shown = ['text', 'json', 'jsonl'].includes(format)
      ? []
      : results.map((result) => report(result, { ...options, showSecrets: true }))
    for (const text of [...texts, ...shown])
      for (const secret of forbidden) expect(text).not.toContain(secret)
  })

  test('leave no control, invisible or bidi characters', () => {
    for (const text of texts)
      expect(text.replace(/^\u{FEFF}/u, '').replaceAll(/\r?\n/g, '')).not.toMatch(
        /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u,
      )
  })

  test('give equal text for equal results', () => {
    expect(report(hostileNamed(1), options)).toBe(texts[0])
  })
})

// The github format consists of such commands.
test.each(Object.entries(reporters).filter(([format]) => format !== 'github'))(
  'hostile names in %s start no line that a build server executes as a command',
  (_format, report) => {
    for (const result of results)
      expect(report(result, options)).not.toMatch(/^\s*::|##\[|##vso\[/m)
  },
)

describe('annotations of GitHub', () => {
  const lines = results.flatMap((result) => reporters.github(result, options).trimEnd().split('\n'))

  test('are well-formed commands and Oakum’s own text', () => {
    for (const line of lines)
      expect(line).toMatch(
        /^(::(error|warning|notice) (?:(?:file|line|endLine|col|endColumn|title)=[^:,\n]*(?:,|(?=::)))+::[^\n]*|Incomplete: [\w ,;]+\.)$/,
      )
  })

  test('contain a percent sign only in escapes', () => {
    for (const line of lines) expect(line.replaceAll(/%(25|0A|3A|2C)/g, '')).not.toContain('%')
  })
})

describe('the CSV report', () => {
  test.skipIf(!hasProgram('python3'))(
    'has one cell per column in each line, and no formula',
    () => {
      for (const result of results) {
        const run = spawnSync(
          'python3',
          [
            '-c',
            'import csv,io,json,sys; print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode("utf-8-sig"), newline="")))))',
          ],
          { input: reporters.csv(result, options) },
        )
        const rows = JSON.parse(run.stdout.toString()) as readonly (readonly string[])[]
        expect(rows).toHaveLength(result.findings.length + 2)
        for (const row of rows) expect(row).toHaveLength(rows[0]?.length ?? 0)
        for (const cell of rows.slice(1).flat())
          expect(cell).not.toMatch(/^[\s"]*[=+\-@|%\u{FF0B}\u{FF0D}\u{FF1D}\u{FF20}]/u)
        expect(rows.at(-1)?.[0]).toBe('incomplete')
      }
    },
  )
})

describe('markdown', () => {
  const extensions = ['table', 'autolink', 'strikethrough', 'tasklist'].flatMap((name) => [
    '-e',
    name,
  ])

  test.skipIf(!hasProgram('cmark-gfm'))(
    'is rendered by GitHub’s own renderer with only the elements that Oakum wrote',
    () => {
      for (const result of results) {
        const html = spawnSync('cmark-gfm', ['--unsafe', ...extensions], {
          input: reporters.markdown(result, options),
        }).stdout.toString()
        const elements = new Set(
          [...html.matchAll(/<\/?([a-z][a-z0-9]*)([^>]*)>/gi)].map(
            (match) => `${match[1]}${match[2]?.trimEnd() ?? ''}`,
          ),
        )
        expect(
          [...elements]
            .sort()
            .filter(
              (name) =>
                !/^(h2|h3|table|thead|tbody|tr|th|td|strong|code|br ?\/?|details|summary|b|ul|li|ol|p|blockquote|hr ?\/)$/.test(
                  name,
                ),
            ),
        ).toEqual([])
        expect(html.match(/<tr>/g)?.length).toBe(html.match(/<\/tr>/g)?.length)
        expect(html.match(/<details>/g)).toHaveLength(result.findings.length)
      }
    },
  )
})
