import { spawnSync } from 'node:child_process'
import { parseEnv as parseAsNode } from 'node:util'
import { parse as parseAsDotenv } from 'dotenv'
import { describe, expect, test } from 'vitest'
import { type EnvEntry, parseEnv } from '../../../../src/scan/env-files/parse.ts'
import { seededRandom } from '../../../support/random.ts'
import type { Case } from './cases.ts'
import { compose, composeLists, dockerRun } from './containers.ts'
import { dotenv, node } from './javascript.ts'
import { python, ruby, symfony } from './languages.ts'
import { direnv, others } from './shells.ts'
import { rounds } from '../../../support/rounds.ts'

const dialects: readonly (readonly [string, readonly Case[]])[] = [
  ['dotenv', dotenv],
  ['Node', node],
  ['compose', compose],
  ['lists of compose', composeLists],
  ['docker run', dockerRun],
  ['Symfony', symfony],
  ['Ruby', ruby],
  ['Python', python],
  ['direnv', direnv],
  ['other shells', others],
]

/** Returns the entries that are not commented out. */
function live(text: string): readonly EnvEntry[] {
  return parseEnv(text).filter((entry) => !entry.commented)
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/**
 * True when the value or an alternative of an entry is `value`. The value itself is what a scan
 * reports.
 */
function reads(entry: EnvEntry | undefined, value: string): boolean {
  return (
    entry !== undefined && [entry, ...entry.alternatives].some((reading) => reading.value === value)
  )
}

test('there are cases enough', () => {
  expect(dialects.flatMap(([, cases]) => cases).length).toBeGreaterThanOrEqual(150)
})

describe.each(dialects)('reads as %s does', (_dialect, cases) => {
  test.each(cases)('$name', ({ text, entries }) => {
    const found = live(text)
    expect(found.map(({ key, start }) => [key, lineOf(text, start)])).toEqual(
      entries.map(([key, , line]) => [key, line]),
    )
    for (const [index, [, value]] of entries.entries()) {
      expect(
        [found[index], ...(found[index]?.alternatives ?? [])].map((reading) => reading?.value),
      ).toContain(value)
    }
  })
})

test.each(dotenv)('dotenv itself reads $name so', ({ text, entries }) => {
  expect(parseAsDotenv(text)).toEqual(Object.fromEntries(entries))
})

/** Before 20.20 Node took comments behind unquoted values for a part of the value. */
const nodeIsSettled = parseAsNode('A=x # y')['A'] === 'x'

test.skipIf(!nodeIsSettled).each(node)('Node itself reads $name so', ({ text, entries }) => {
  expect({ ...parseAsNode(text) }).toEqual(Object.fromEntries(entries))
})

test('Python itself reads its cases so', (context) => {
  const program =
    'import sys, json, io; from dotenv import dotenv_values; print(json.dumps([list(dotenv_values(stream=io.StringIO(t), interpolate=False).items()) for t in json.load(sys.stdin)]))'
  const run = spawnSync('python3', ['-c', program], {
    input: JSON.stringify(python.map(({ text }) => text)),
    encoding: 'utf8',
  })
  if (run.status !== 0) context.skip('needs python3 with python-dotenv')
  expect(JSON.parse(run.stdout)).toEqual(
    python.map(({ entries }) => entries.map(([key, value]) => [key, value])),
  )
})

/** Returns random entries in all dialects, with traps between them. */
function randomFile(next: () => number): string {
  const pick = (choices: readonly string[]): string =>
    choices[Math.floor(next() * choices.length)] ?? ''
  const word = (): string =>
    Array.from({ length: 1 + Math.floor(next() * 8) }, () => pick([...'abcXYZ019_-+/.:@!%'])).join(
      '',
    )
  const value = (): string =>
    pick([
      word(),
      `${word()}==`,
      `${word()} ${word()}`,
      `"${word()}"`,
      `'${word()} ${word()}'`,
      `\`${word()}\``,
      `"${word()}\\n${word()}"`,
      `"${word()}\n${word()}"`,
      `'${word()} # ${word()}'`,
      `${word()} # ${word()}`,
      `${word()}#${word()}`,
    ])
  // Behind `=` and a blank, Node reads the next line when there is no value.
  const line = (n: number): string =>
    `${pick(['', 'export ', '  ', ''])}KEY_${n}${pick(['=', `=${value()}`, ` = ${value()}`, `= ${value()}`])}`
  return Array.from({ length: 6 }, (_, n) =>
    pick([line(n), line(n), `# ${word()} words`, '']),
  ).join(pick(['\n', '\r\n']))
}

test.each([
  ['dotenv', parseAsDotenv],
  ...(nodeIsSettled ? [['Node', parseAsNode] as const] : []),
] as const)('reads any file as %s itself does', (_, parse) => {
  const next = seededRandom(41)
  const wrong: unknown[] = []
  let count = 0
  for (let round = 0; round < rounds(1500); round++) {
    const text = randomFile(next)
    const found = new Map(live(text).map((entry) => [entry.key, entry]))
    for (const [key, value] of Object.entries(parse(text))) {
      count++
      // Node 22 and 24 take `export` for a part of the name when the value is empty.
      if (!reads(found.get(key.replace(/^export /, '')), value ?? ''))
        wrong.push({ text, key, value, found: found.get(key) })
    }
  }
  expect(wrong.slice(0, 3)).toEqual([])
  expect(count).toBeGreaterThan(rounds(4000))
})
