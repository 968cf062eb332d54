import { readdirSync, readFileSync } from 'node:fs'
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
const matcher = new FastMatcher(ruleTable)

function blobOf(bytes: Uint8Array): SourceBlob {
  return { id: 'x', kind: 'blob', origins: [{ kind: 'index' }], start: 0, bytes, last: true }
}

/** Whether the matcher is quiet, and how many candidates the engine has. */
function answersOf(bytes: Uint8Array): readonly [quiet: boolean, candidates: number] {
  return [matcher.isQuiet(blobOf(bytes)), detector.detect(blobOf(bytes)).length]
}

/** Templates of the samples of all rules that match text. */
const templates = shippedDefinitions
  .filter(({ parts }) => parts.length > 0)
  .flatMap(({ examples, counterExamples }) => [...examples, ...counterExamples])

test('is never quiet where the engine has a candidate: samples as they are, in UTF-16, base64 and escaped', () => {
  const missed: string[] = []
  let [quiet, matched] = [0, 0]
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
      const [isQuiet, candidates] = answersOf(bytes)
      if (isQuiet && candidates > 0) missed.push(template)
      quiet += isQuiet ? 1 : 0
      matched += candidates > 0 ? 1 : 0
    }
  }
  expect(missed).toEqual([])
  expect(matched).toBeGreaterThan(500)
  expect(quiet).toBeGreaterThan(500)
})

/** Sources with keywords of many rules, none of them beside a value. */
const sources: Readonly<Record<string, string>> = {
  TypeScript: `
    import { createHmac } from 'node:crypto'

    /** Signs a request: Authorization: AWS4-HMAC-SHA256 Credential=<id>/<date>. */
    export function signingKey(secretAccessKey: string, date: string): Buffer {
      const password = process.env['DB_PASSWORD'] ?? readPassword()
      const isKeyId = (text: string) => /^(?:AKIA|ASIA)[A-Z2-7]{16}$/.test(text)
      const token = isKeyId(password) ? undefined : getToken({ prefix: 'ghp_' })
      return createHmac('sha256', \`AWS4\${secretAccessKey}\`).update(date + token).digest()
    }`,
  Markdown: `
    # Setting up

    Put \`aws_access_key_id\` and \`aws_secret_access_key\` in \`~/.aws/credentials\`, never in the
    repository. A GitHub token begins with \`ghp_\`, a key of Stripe with \`sk_live_\`, and a private
    key with \`-----BEGIN\`. Rotate the password of the database every ninety days.`,
  JSON: `{
    "name": "shop",
    "scripts": { "login": "npm config set //registry.npmjs.org/:_authToken=$NPM_TOKEN" },
    "dependencies": { "jsonwebtoken": "9.0.2", "dotenv": "17.2.3", "stripe": "^18.0.0" }
  }`,
}

test.each(Object.entries(sources))(
  'is quiet about a source in %s, and not when a pair stands in its middle',
  (name, source) => {
    const bytes = Buffer.from(source)
    expect(answersOf(bytes)).toEqual([true, 0])
    const { id, secret } = awsPair(2700 + name.length)
    const middle = bytes.length >> 1
    const planted = Buffer.concat([
      bytes.subarray(0, middle),
      Buffer.from(`\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`),
      bytes.subarray(middle),
    ])
    expect(matcher.isQuiet(blobOf(planted))).toBe(false)
  },
)

test('is never quiet where the engine has a candidate, and seldom else, in the sources of this project', () => {
  const answers = readdirSync(join(projectRoot, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [path, ...answersOf(readFileSync(join(projectRoot, 'src', path)))] as const)
  expect(answers.filter(([, isQuiet, candidates]) => isQuiet && candidates > 0)).toEqual([])
  expect(answers.filter(([, isQuiet]) => isQuiet).length).toBeGreaterThan(0.9 * answers.length)
})
