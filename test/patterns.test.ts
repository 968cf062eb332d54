import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findReferenceMatches } from '../src/scan/rule-proof/reference-match.ts'
import { hostileUnits } from '../src/scan/rule-proof/hostile-text.ts'
import { builtinDefinitions } from '../src/rules/builtin.ts'
import { compileRule } from '../src/rules/compile.ts'
import { decodeRuleFiles, describeProblem } from '../src/rules/decode.ts'
import type { Keyword } from '../src/model/rule.ts'
import { fileFields, partFields, ruleFields } from '../src/model/rule-definition.ts'
import { expandSample } from '../src/rules/samples/sample.ts'
import { validatorNames } from '../src/rules/validators/validators.ts'
import { parseYaml } from '../src/rules/yaml/yaml.ts'
import { shippedDefinitions } from './support/definitions.ts'
import { seededRandom } from './support/random.ts'
import { isFullRun, rounds } from './support/rounds.ts'

/** Characters of a hostile text: nightly as many as a pattern is ever applied to. */
const hostileLength = isFullRun ? 65_536 : 16_384
/** Microseconds that say nothing: quadratic time is more at either length. */
const clockSlack = hostileLength * 5
const root = resolve(import.meta.dirname, '..')
const patterns = resolve(root, 'patterns')
/** Values tried of each template. A border that cuts a token shows in one value of some dozens. */
const seeds = rounds(60)
const definitions = shippedDefinitions.map(
  (definition) => [definition.id, definition, compileRule(definition)] as const,
)
const searched = definitions.filter(([, definition]) => definition.parts.length > 0)

/** The rules in the YAML blocks of pages that explain how to write one. */
const documented = ['CONTRIBUTING.md', 'patterns/README.md'].flatMap((page) => {
  const blocks = readFileSync(resolve(root, page), 'utf8').matchAll(/^```yaml\n(.*?)^```$/gms)
  const files = Array.from(blocks, ([, text = '']) => {
    const yaml = parseYaml(text)
    return { file: page, content: 'value' in yaml ? yaml.value : yaml.flaws }
  })
  const decoded = decodeRuleFiles(files)
  if ('problems' in decoded) throw new Error(decoded.problems.map(describeProblem).join('\n'))
  return decoded.definitions.map(
    (definition) => [`${definition.id} in ${page}`, definition, compileRule(definition)] as const,
  )
})

test('pages that explain rules have an example with an escape before the secret', () => {
  expect(documented.map(([name]) => name)).toEqual([
    'acme-token in CONTRIBUTING.md',
    'acme-token in patterns/README.md',
  ])
  for (const [, { examples }] of documented)
    expect(examples.some((template) => /\\n<</.test(template))).toBe(true)
})

describe.each([...searched, ...documented])('%s', (_, definition, rule) => {
  test.each(definition.examples)('finds what is marked, and only that, in %j', (template) => {
    for (let seed = 1; seed <= seeds; seed++) {
      const { text, secrets } = expandSample(template, seededRandom(seed))
      const marked = secrets
        .map(({ role, start, end }) => `${role ?? 'secret'} ${start}-${end}`)
        .sort()
      expect(findReferenceMatches(text, rule), `seed ${seed}`).toEqual(marked)
    }
  })

  test.each(definition.examples)(
    'finds the same far from either end of a file in %j',
    (template) => {
      const maxWindow = Math.max(...rule.parts.map(({ window }) => window))
      const filler = 'nothing to see here\n'.repeat(Math.ceil(maxWindow / 20) + 1)
      const { text, secrets } = expandSample(template, seededRandom(7))
      const marked = secrets
        .map(
          ({ role, start, end }) =>
            `${role ?? 'secret'} ${filler.length + start}-${filler.length + end}`,
        )
        .sort()
      expect(findReferenceMatches(`${filler}${text}\n${filler}`, rule)).toEqual(marked)
    },
  )

  test.each(definition.counterExamples)('finds nothing in %j', (template) => {
    for (let seed = 1; seed <= seeds; seed++)
      expect(
        findReferenceMatches(expandSample(template, seededRandom(seed)).text, rule),
        `seed ${seed}`,
      ).toEqual([])
  })

  test('takes time in proportion to hostile text, and a small multiple of what ordinary text takes', () => {
    for (const part of rule.parts) {
      const benign = microsecondsOf(part.pattern, repeated(ordinary, hostileLength))
      for (const unit of hostileUnits(definition.examples, part)) {
        const [short, long] = [hostileLength / 4, hostileLength].map((length) =>
          microsecondsOf(part.pattern, repeated(unit, length)),
        )
        // Four times the text takes four times as long, or sixteen times where the time is
        // quadratic. Times below the resolution of the clock say nothing.
        expect(
          long!,
          `${part.pattern.source} on ${JSON.stringify(unit.slice(0, 60))}`,
        ).toBeLessThan(9 * short! + clockSlack)
        expect(
          long!,
          `${part.pattern.source} on ${JSON.stringify(unit.slice(0, 60))}`,
        ).toBeLessThan(100 * benign + clockSlack)
      }
    }
  })
})

const ordinary = 'const value = read(name) // nothing to see here\n'

function repeated(unit: string, length: number): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length)
}

/** Processor time, which other programs on the machine do not influence. */
function microsecondsOf(pattern: RegExp, text: string): number {
  const before = process.cpuUsage()
  const count = [...text.matchAll(pattern)].length
  const { user, system } = process.cpuUsage(before)
  return count < 0 ? 0 : user + system
}

test('every template of a rule without patterns can be filled in', () => {
  const judged = shippedDefinitions.filter((definition) => definition.parts.length === 0)
  expect(judged.map((definition) => definition.id)).toEqual([
    'dotenv-secret',
    'dotenv-tracked',
    'credentials-file',
  ])
  for (const template of judged.flatMap((definition) => definition.examples)) {
    expect(expandSample(template, seededRandom(1)).secrets.length).toBeGreaterThan(0)
  }
})

test('the generated module holds the rules of the pattern files', () => {
  expect(builtinDefinitions).toEqual(
    shippedDefinitions.map(
      ({ examples: _examples, counterExamples: _counterExamples, ...definition }) => definition,
    ),
  )
})

test('nothing in the pattern files is found by the rules in them', () => {
  for (const file of readdirSync(patterns)) {
    const text = readFileSync(`${patterns}/${file}`, 'latin1')
    for (const [id, , rule] of searched)
      expect(findReferenceMatches(text, rule), `${id} in ${file}`).toEqual([])
  }
})

test('the schema for editors names the same fields and validators', () => {
  const schema = JSON.parse(readFileSync(`${patterns}/rules.schema.json`, 'utf8'))
  const { rule, part, validator } = schema.$defs
  expect(Object.keys(schema.properties)).toEqual([...fileFields])
  expect(Object.keys(rule.properties)).toEqual([...ruleFields])
  expect(Object.keys(part.properties)).toEqual([...partFields])
  expect(validator.enum).toEqual([...validatorNames])
})

/** Three bytes are rare enough only where a token may begin. */
function isShort({ text, isStart }: Keyword): boolean {
  return text.length < (isStart ? 3 : 4)
}

test('keywords are long enough to be rare, and there are few of them', () => {
  const keywords = new Map(
    shippedDefinitions.flatMap((definition) =>
      definition.parts.flatMap((part) => part.keywords.map((keyword) => [keyword.text, keyword])),
    ),
  )
  expect([...keywords.values()].filter(isShort).map(({ text }) => text)).toEqual([])
  // The 321 rules have 880. A rule that lists names has at most three dozen of them: more than a
  // thousand mean that one lists what `ignoreCase` says with a word.
  expect(keywords.size).toBeLessThan(1000)
})
