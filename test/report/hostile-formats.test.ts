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

  test('tell no secret, with or without --show-secrets where the format never shows them', () => {
    const shown = ['text', 'json', 'jsonl'].includes(format)
      ? []
      : results.map((result) => report(result, { ...options, showSecrets: true }))
    for (const text of [...texts, ...shown])
      for (const secret of forbidden) expect(text).not.toContain(secret)
  })

  test('leave no character that acts on a terminal, hides, or reorders what is read', () => {
    for (const text of texts)
      expect(text.replace(/^\u{FEFF}/u, '').replaceAll(/\r?\n/g, '')).not.toMatch(
        /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u,
      )
  })

  test('give the same text for the same result', () => {
    expect(report(hostileNamed(1), options)).toBe(texts[0])
  })
})

// Annotations of GitHub are such commands.
test.each(Object.entries(reporters).filter(([format]) => format !== 'github'))(
  'hostile names in %s begin no line that a build server takes for a command',
  (_format, report) => {
    for (const result of results)
      expect(report(result, options)).not.toMatch(/^\s*::|##\[|##vso\[/m)
  },
)

describe('annotations of GitHub', () => {
  const lines = results.flatMap((result) => reporters.github(result, options).trimEnd().split('\n'))

  test('are commands that say what is meant, and Oakum’s own words', () => {
    for (const line of lines)
      expect(line).toMatch(
        /^(::(error|warning|notice) (?:(?:file|line|endLine|col|endColumn|title)=[^:,\n]*(?:,|(?=::)))+::[^\n]*|Incomplete: [\w ,;]+\.)$/,
      )
  })

  test('hold a percent sign only where something is escaped', () => {
    for (const line of lines) expect(line.replaceAll(/%(25|0A|3A|2C)/g, '')).not.toContain('%')
  })
})

describe('the table for spreadsheets', () => {
  test.skipIf(!hasProgram('python3'))(
    'has as many cells in each line as it has names, and no formula',
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
    'comes out of GitHub’s own renderer with only the elements that Oakum wrote',
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
