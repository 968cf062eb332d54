import { expect, test } from 'vitest'
import { createEngine } from '../../../src/scan/engine.ts'
import { builtinRules } from '../../../src/rules/load.ts'
import { awsPair, type Pair } from '../../support/credentials.ts'
import { pick } from '../../support/layouts/credential.ts'
import { seededRandom } from '../../support/random.ts'
import { rounds } from '../../support/rounds.ts'
import { fileBlob } from '../../support/source.ts'

const detector = createEngine(builtinRules().rules).detector()

interface Named extends Pair {
  readonly idName: string
  readonly secretName: string
}

/** Returns the pairs found in a text, each as `id secret`, and ids or secrets that stay alone. */
function pairsIn(text: string): readonly string[] {
  return detector
    .detect(fileBlob('a.txt', Buffer.from(text)))
    .filter(({ rule }) => rule.id === 'aws-access-key')
    .map(({ parts }) =>
      (['id', 'secret'] as const)
        .map((role) => parts.find((part) => part.role === role)?.secret.reveal() ?? '-')
        .join(' '),
    )
    .toSorted()
}

function expected(pairs: readonly Pair[]): readonly string[] {
  return pairs.map(({ id, secret }) => `${id} ${secret}`).toSorted()
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => [random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item)
}

const words = ['dev', 'prod', 'staging', 'backup', 'billing', 'logs', 'eu', 'qa', 'mail', 'media']
const camel = (name: string): string =>
  name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** Ways to name the id and the secret of the credential `word`, the `nth` of its file. */
const namings: readonly [
  (word: string, nth: number) => readonly [string, string],
  ...((word: string, nth: number) => readonly [string, string])[],
] = [
  (word) => [`${word}_access_key`, `${word}_secret_key`],
  (word) => [`aws_access_key_id_${word}`, `aws_secret_access_key_${word}`],
  (word) => [camel(`${word}_access_key_id`), camel(`${word}_secret_access_key`)],
  (word) => [`${word.toUpperCase()}_AWS_KEY`, `${word.toUpperCase()}_AWS_SECRET`],
  (_, nth) => [`KEY_${nth}`, `SECRET_${nth}`],
  (_, nth) => [
    `AWS_ACCESS_KEY_ID${nth === 1 ? '' : nth}`,
    `AWS_SECRET_ACCESS_KEY${nth === 1 ? '' : nth}`,
  ],
  (word) => [`s3.${word}.access-key`, `s3.${word}.secret-key`],
]

/** Ways to write entries, each a name and its value. */
const writers: readonly [
  (entries: readonly (readonly [string, string])[]) => string,
  ...((entries: readonly (readonly [string, string])[]) => string)[],
] = [
  (entries) => entries.map(([name, value]) => `${name}=${value}\n`).join(''),
  (entries) => entries.map(([name, value]) => `${name}: "${value}"\n`).join(''),
  (entries) => `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`,
  (entries) => JSON.stringify(Object.fromEntries(entries)),
  (entries) => entries.map(([name, value]) => `export ${name}='${value}'\n\n`).join(''),
  (entries) => entries.map(([name, value]) => `- name: ${name}\n  value: ${value}\n`).join(''),
  (entries) =>
    `${entries.map(([name]) => name).join(',')}\n${entries.map(([, value]) => value).join(',')}\n`,
  (entries) =>
    `| ${entries.map(([name]) => name).join(' | ')} |\n|${entries.map(() => '---').join('|')}|\n` +
    `| ${entries.map(([, value]) => value).join(' | ')} |\n`,
]

test('two to five named pairs are never paired crosswise, in any order', () => {
  const wrong: string[] = []
  for (let seed = 1; seed <= rounds(2000); seed += 1) {
    const random = seededRandom(seed)
    const [naming, write] = [pick(random, namings), pick(random, writers)]
    const count = 2 + Math.floor(random() * 4)
    const pairs: readonly Named[] = shuffled(words, random)
      .slice(0, count)
      .map((word, at) => {
        const [idName, secretName] = naming(word, at + 1)
        return { ...awsPair(seed * 8 + at), idName, secretName }
      })
    const text = write(
      shuffled(
        pairs.flatMap(({ id, secret, idName, secretName }) => [
          [idName, id] as const,
          [secretName, secret] as const,
        ]),
        random,
      ),
    )
    if (String(pairsIn(text)) !== String(expected(pairs))) wrong.push(`${seed}: ${text}`)
  }
  expect(wrong.slice(0, 3)).toEqual([])
})

test.each<[string, (pairs: readonly Pair[]) => string]>([
  [
    'two lists',
    (pairs) =>
      `keys: [${pairs.map(({ id }) => `"${id}"`).join(', ')}]\nsecrets: [${pairs.map(({ secret }) => `"${secret}"`).join(', ')}]\n`,
  ],
  [
    'two lists of YAML',
    (pairs) =>
      `aws_keys:\n${pairs.map(({ id }) => `  - ${id}\n`).join('')}aws_secrets:\n${pairs.map(({ secret }) => `  - ${secret}\n`).join('')}`,
  ],
  [
    'two lists, secrets first',
    (pairs) =>
      `{"secrets":${JSON.stringify(pairs.map(({ secret }) => secret))},"ids":${JSON.stringify(pairs.map(({ id }) => id))}}`,
  ],
  [
    'a table with a column for each credential, in different orders',
    ([a, b]) => `id a,id b,secret b,secret a\n${a?.id},${b?.id},${b?.secret},${a?.secret}\n`,
  ],
  [
    'a table with a row for ids and one for secrets',
    (pairs) =>
      `name,dev,prod\nid,${pairs.map(({ id }) => id).join(',')}\nsecret,${pairs.map(({ secret }) => secret).join(',')}\n`,
  ],
])('%s', (_name, write) => {
  const pairs = [awsPair(61), awsPair(62)]
  expect(pairsIn(write(pairs))).toEqual(expected(pairs))
})

test.each<[string, (pair: Pair, old: string) => string]>([
  [
    'an old secret first',
    ({ id, secret }, old) => `KEY_ID=${id}\nAWS_SECRET_OLD=${old}\nAWS_SECRET=${secret}\n`,
  ],
  [
    'an old secret last',
    ({ id, secret }, old) => `KEY_ID=${id}\nAWS_SECRET=${secret}\nAWS_SECRET_OLD=${old}\n`,
  ],
])('a secret that is left over names the id beside it: %s', (_name, write) => {
  const [pair, { secret: old }] = [awsPair(71), awsPair(72)]
  const found = detector.detect(fileBlob('a.txt', Buffer.from(write(pair, old))))
  const leftOver = found.find(({ parts }) => parts[0].secret.reveal() === old)
  expect(pairsIn(write(pair, old))).toContain(`${pair.id} ${pair.secret}`)
  expect(leftOver?.otherIds?.map(({ secret }) => secret.reveal())).toEqual([pair.id])
})
