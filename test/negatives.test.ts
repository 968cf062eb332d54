import { describe, expect, test } from 'vitest'
import { createEngine } from '../src/scan/engine.ts'
import type { UnnamedFinding, SourceBlob } from '../src/model/model.ts'
import { builtinRules } from '../src/rules/load.ts'
import { expandSample } from '../src/rules/samples/sample.ts'
import { awsPair } from './support/credentials.ts'
import { encoded } from './support/negatives/encoded.ts'
import { hashes } from './support/negatives/hashes.ts'
import { names, settings } from './support/negatives/names.ts'
import { seededRandom } from './support/random.ts'

/**
 * What looks like a secret and is none: of every kind many, several to a file, as they stand in
 * real ones.
 */
const casesOfEach = 160
const casesToFile = 20
const engine = createEngine(builtinRules().rules, { now: Date.UTC(2026, 6, 1) })

function findingsIn(text: string, path: string): readonly UnnamedFinding[] {
  const blob: SourceBlob = {
    id: path,
    kind: 'blob',
    origins: [{ kind: 'file', path: { text: path } }],
    start: 0,
    bytes: Buffer.from(text, 'latin1'),
    last: true,
  }
  return engine
    .detector()
    .detect(blob)
    .filter((candidate) => engine.suppress(candidate) === undefined)
    .map(engine.conclude)
}

/** Files of cases made from a template, all different. */
function filesOf(template: string, seed: number): readonly string[] {
  const random = seededRandom(seed)
  return Array.from({ length: casesOfEach / casesToFile }, () =>
    Array.from({ length: casesToFile }, () => expandSample(template, random).text).join(''),
  )
}

const kinds = [...hashes, ...encoded, ...names].map(
  (template) => [template, 'src/data.txt'] as const,
)
const entries = settings.map((template) => [template, '.env'] as const)
const all = [...kinds, ...entries]

test('there are at least twenty thousand cases', () => {
  expect(all.length * casesOfEach).toBeGreaterThanOrEqual(20_000)
  expect(new Set(all.map(([template]) => template)).size).toBe(all.length)
})

describe.each(all)('%j', (template, path) => {
  const files = filesOf(template, template.length)

  test('gives no finding above low', () => {
    const worse = files
      .flatMap((text) => findingsIn(text, path))
      .filter((finding) => finding.severity !== 'low')
    expect(
      worse.map(
        (finding) =>
          `${finding.rule.id} ${finding.severity} in line ${finding.places[0].span.line}`,
      ),
    ).toEqual([])
  })

  test('does not hide a key that stands among it', () => {
    const { id, secret } = awsPair(template.length + 100)
    const [first = '', second = ''] = files
    const found = findingsIn(
      `${first}\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n${second}`,
      path,
    )
    expect(
      found.filter((finding) => finding.severity === 'high').map((finding) => finding.rule.id),
    ).toEqual(['aws-access-key'])
  })
})
