import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createEngine } from '../../../src/scan/engine.ts'
import type { SourceBlob } from '../../../src/model/model.ts'
import { FastMatcher } from '../../../src/scan/staged-fast-path/fast-matcher.ts'
import { ruleTable } from '../../../src/scan/staged-fast-path/rule-table.ts'
import { builtinRules } from '../../../src/rules/load.ts'
import { expandSample } from '../../../src/rules/samples/sample.ts'
import { awsPair } from '../../support/credentials.ts'
import { shippedDefinitions } from '../../support/definitions.ts'
import { projectRoot } from '../../support/oakum.ts'
import { seededRandom } from '../../support/random.ts'

const detector = createEngine(builtinRules().rules).detector()
const glance = new FastMatcher(ruleTable)

function blobOf(bytes: Uint8Array): SourceBlob {
  return { id: 'x', kind: 'blob', origins: [{ kind: 'index' }], start: 0, bytes, last: true }
}

/** Quiet for a glance, and candidates for the engine. */
function verdictsOf(bytes: Uint8Array): readonly [quiet: boolean, candidates: number] {
  return [glance.isQuiet(blobOf(bytes)), detector.detect(blobOf(bytes)).length]
}

const templates = shippedDefinitions
  .filter(({ parts }) => parts.length > 0)
  .flatMap(({ examples, counterExamples }) => [...examples, ...counterExamples])

test('is never quiet where the engine has a candidate, in samples of all rules as they are, in UTF-16, in base64 and escaped', () => {
  const overlooked: string[] = []
  let [quiet, heard] = [0, 0]
  for (const [seed, template] of templates.entries()) {
    const { text } = expandSample(template, seededRandom(seed))
    const plain = Buffer.from(`first line\n${text}\nlast line\n`, 'latin1')
    const forms = [
      plain,
      Buffer.from(plain.toString('latin1'), 'utf16le'),
      Buffer.from(plain.toString('base64')),
      Buffer.from(JSON.stringify(plain.toString('latin1')).replaceAll('/', '\\/')),
    ]
    for (const bytes of forms) {
      const [isQuiet, candidates] = verdictsOf(bytes)
      if (isQuiet && candidates > 0) overlooked.push(template)
      quiet += isQuiet ? 1 : 0
      heard += candidates > 0 ? 1 : 0
    }
  }
  expect(overlooked).toEqual([])
  expect(heard).toBeGreaterThan(500)
  expect(quiet).toBeGreaterThan(500)
})

test('is quiet about sources of programs, and not when a pair stands in their middle', () => {
  const sources = [
    'src/scan.ts',
    'src/cli/options.ts',
    'src/sources/range.ts',
    'README.md',
    'package.json',
  ].map((path) => readFileSync(join(projectRoot, path)))
  expect(sources.map((bytes) => glance.isQuiet(blobOf(bytes)))).toEqual(sources.map(() => true))
  for (const [n, bytes] of sources.entries()) {
    const { id, secret } = awsPair(2700 + n)
    const middle = bytes.length >> 1
    const planted = Buffer.concat([
      bytes.subarray(0, middle),
      Buffer.from(`\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`),
      bytes.subarray(middle),
    ])
    expect(glance.isQuiet(blobOf(planted))).toBe(false)
  }
})
