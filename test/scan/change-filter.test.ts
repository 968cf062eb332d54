import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/scan/engine.ts'
import { ChangeFilter } from '../../src/scan/change-filter.ts'
import type { Origin, Source } from '../../src/model/model.ts'
import { builtinRules } from '../../src/rules/load.ts'
import { awsPair, password } from '../support/credentials.ts'
import { gathered } from '../support/pieces.ts'
import { fileBlob, sourceOf } from '../support/source.ts'

const engine = createEngine(builtinRules().rules)
const { id, secret } = awsPair(9500)
const keys = `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`

function origin(path: string, replaces: readonly string[] = []): Origin {
  return { kind: 'index', path: { text: path }, object: 'new', replaces }
}

/** Judges the content at these origins, and describes each event in words. */
async function judged(
  content: string,
  origins: readonly [Origin, ...Origin[]],
  source: Source,
  again = false,
): Promise<readonly string[]> {
  const candidates = engine.detector().detect(fileBlob('new', content, { origins }))
  const events = await gathered(
    new ChangeFilter(source, engine, new AbortController().signal).events(candidates, again),
  )
  return events.map((event) => {
    if (event.type === 'unnamed')
      return `found at ${[...new Set(event.finding.places.map((place) => place.origin.path?.text))].join(' and ')}`
    return event.type === 'suppressed' ? event.suppressed.suppression.by : event.type
  })
}

describe('ChangeFilter', () => {
  test.each<[string, Origin, Readonly<Record<string, string>>, string]>([
    ['is new in a new file', origin('a'), {}, 'found at a'],
    [
      'reports a credential as new where the version before had nothing',
      origin('a', ['old']),
      { old: 'nothing\n' },
      'found at a',
    ],
    [
      'suppresses a credential that the version before had on another line',
      origin('a', ['old']),
      { old: `\n\n# remark\n${keys}` },
      'unchanged',
    ],
    [
      'suppresses a credential that one of several parents had',
      origin('a', ['one', 'two']),
      { one: 'nothing\n', two: keys },
      'unchanged',
    ],
    [
      'reports a pair as new where the version before had only its id',
      origin('a', ['old']),
      { old: `key = ${id}\n` },
      'found at a',
    ],
    ['is new where the version before cannot be read', origin('a', ['gone']), {}, 'found at a'],
  ])('%s', async (_name, at, before, said) => {
    expect(await judged(keys, [at], sourceOf({}, before))).toEqual([said])
  })

  test('keeps only the origins at which a credential is new', async () => {
    expect(
      await judged(
        keys,
        [origin('a', ['old']), origin('b'), origin('c', ['other'])],
        sourceOf({}, { old: keys, other: 'nothing\n' }),
      ),
    ).toEqual(['found at b and c'])
  })

  test('reports a credential as new when the source replaces nothing', async () => {
    expect(await judged(keys, [origin('a', ['old'])], sourceOf({ a: keys }))).toEqual([
      'found at a',
    ])
  })

  test('reads the replaced object under the current name of its file', async () => {
    const entry = `DB_PASSWORD=${password(9501)}\n`
    expect(
      await judged(`${entry}# more\n`, [origin('.env', ['old'])], sourceOf({}, { old: entry })),
    ).toEqual(['unchanged'])
  })

  test('does not repeat suppressions by content for a blob that is read again', async () => {
    const allowed = `aws_secret_access_key = ${secret} # oakum:allow test\n`
    expect(await judged(allowed, [origin('a')], sourceOf({}))).toEqual(['inline'])
    expect(await judged(allowed, [origin('a')], sourceOf({}), true)).toEqual([])
  })
})
