import { describe, expect, test } from 'vitest'
import { builtinRules } from '../../../src/rules/load.ts'
import { createEngine } from '../../../src/scan/engine.ts'
import { fileBlob } from '../../support/source.ts'
import { base62, hex, randomText, seeded } from '../suppress/random-values.ts'

const engine = createEngine(builtinRules().rules)
const random = seeded(41)
const token = `${randomText(random, base62, 20)}7qX9${randomText(random, base62, 8)}`
const digest = randomText(random, hex, 64)
const human = 'Herbst!2031'
const uuid = [8, 4, 4, 4, 12].map((length) => randomText(random, hex, length)).join('-')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** The findings in a text: their severities and values. */
function found(text: string, path = 'a.txt'): readonly string[] {
  return engine
    .detector()
    .detect(fileBlob(path, text))
    .filter((candidate) => engine.suppress(candidate) === undefined)
    .map(({ severity, parts: [{ secret }] }) => `${severity} ${secret.reveal()}`)
}

/** Texts of many languages and tools; `%T` stands for a token, `%P` for a password of a person. */
const syntaxes: Readonly<Record<string, readonly string[]>> = {
  assignment: [
    'const apiToken: string = "%T"',
    'var clientSecret string = "%T"',
    'let api_key: &str = "%T";',
    'val accessToken = Some("%T")',
    'static NSString *const kApiSecret = @"%T";',
    '$config["api_secret"] = "%T";',
    ":client_secret => '%T',",
    'api_token <- "%T"',
    'let signing_key = b"%T";',
    '(def api-token "%T")',
    '@db_password = "%P"',
    'password = """%P"""',
    'char auth_token[] = "%T";',
    "ENV['API_TOKEN'] ||= '%T'",
    'const t = process.env.API_TOKEN || "%T"',
    '#define API_TOKEN "%T"',
    'storePassword "%P"',
    'api_token: >-\n  %T\n',
    'local token = "%T" -- of the bot',
    '{"body": "{\\"access_token\\":\\"%T\\",\\"n\\":1}"}',
    '"source": ["API_TOKEN = \\"%T\\"\\n"]',
    '"GITEA_TOKEN=%T\\nPORT=1"',
    '\u001b[36mAPI_TOKEN\u001b[0m=%T\u001b[0m',
  ],
  argument: [
    'os.environ.setdefault("API_TOKEN", "%T")',
    'env("API_TOKEN", default="%T")',
    'System.setProperty("api.token", "%T");',
    'std::env::var("API_TOKEN").unwrap_or("%T".into())',
    'ENV.fetch("API_TOKEN") { "%T" }',
    '["--api-token", "%T"]',
  ],
  call: ['builder.setClientSecret("%T")', '.password("%P")', 'withApiKey("%T")'],
  option: [
    'tool deploy --token %T prod',
    'ENV API_TOKEN %T',
    'set -gx API_TOKEN %T',
    'setenv API_TOKEN %T',
  ],
  markup: [
    '<password>%P</password>',
    '<api-token enc="none">%T</api-token>',
    '<string name="client_secret">%T</string>',
    '<key>ApiToken</key>\n\t<string>%T</string>',
    '<add key="ApiSecret" value="%T" />',
    '<property name="password"><value>%P</value></property>',
    '<user name="tom" password="%P" roles="x"/>',
    '<add connectionString="Server=db;Uid=tom;Pwd=%P" />',
  ],
  sibling: [
    '{"key":"client_secret","type":"text","value":"%T"}',
    '- name: API_TOKEN\n  value: "%T"',
    '{ name = "API_TOKEN", value = "%T" }',
  ],
  header: [
    'curl -H "Authorization: Bearer %T" https://a.example',
    'PRIVATE-TOKEN: %T',
    '"X-Api-Key": "%T",',
    "headers.set('Authorization', 'Token %T')",
    '- Bearer %T',
  ],
  address: [
    'git clone https://tom:%P@git.example/a.git',
    'https://a.example/x?access_token=%T&page=2',
    'ftp://tom:7bird/4Seven@files.example/in',
  ],
  position: [
    'mysqli_connect("db", $user, "%P", "app")',
    "new PDO('mysql:host=db', 'tom', '%P')",
    'new NetworkCredential("tom", "%P")',
    'jwt.sign({ id }, "%T")',
    "CREATE USER 'tom'@'%' IDENTIFIED BY '%P';",
    "CREATE ROLE tom LOGIN PASSWORD '%P';",
    'sshpass -p %P ssh tom@host',
    'docker login -u tom -p %P registry.example',
    'mysqldump -u root -p%P app',
    'curl -u tom:%P https://a.example',
    'echo "tom:%P" | sudo chpasswd',
  ],
}

const texts = Object.entries(syntaxes).flatMap(([syntax, list]) =>
  list.map((text) => [syntax, text] as const),
)

test.each(texts)('finds the value of an %s: %j', (_, template) => {
  const value = template.includes('%T') ? token : human
  const expected = template.includes('7bird/4Seven') ? '7bird/4Seven' : value
  const text = template.replace('%T', token).replace('%P', human)
  expect(found(text).map((line) => line.split(' ')[1])).toEqual([expected])
})

describe('values of many kinds', () => {
  test.each([
    ['secret_key_base', 'secret_key_base: @\n', digest, 'medium'],
    ['a password with signs', "SECRET_KEY = '@'", 'k%7birds)$sing^4=Seven!Hours#in&May', 'medium'],
    ['a password of a person', 'String password = "@";', human, 'medium'],
    ['words in quotes', 'password: "@"', 'bluebirdsings', 'low'],
    ['words made by pwgen', 'password: @\n', 'Eij8Ohy2oocheo9Ievai3Quie4raeTh0Aighoo5u', 'medium'],
    ['a UUID', 'api_token = "@"', `tok-${uuid}`, 'medium'],
  ])('%s', (_, template, value, severity) => {
    expect(found(template.replace('@', value))).toEqual([`${severity} ${value}`])
  })
})

/** A Secret of Kubernetes with one value. */
function secretOf(value: string): string {
  return `apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n  db-password: ${base64(value)}\n`
}

test('a Secret of Kubernetes is judged by what its base64 says', () => {
  expect(found(secretOf(token), 's.yaml')).toEqual([`medium ${token}`])
  expect(found(secretOf('changeme-please-now'), 's.yaml')).toEqual([])
  const json = { kind: 'Secret', stringData: { password: human } }
  expect(found(JSON.stringify(json), 's.json')).toEqual([`medium ${human}`])
})

test('a table with a header row has the passwords of its rows', () => {
  expect(found(`name,url,username,password\nshop,https://a.example,tom,${human}\n`)).toEqual([
    `medium ${human}`,
  ])
})

test('a place weighs, and never clears a value that a machine drew', () => {
  const text = `password = "${human}"\napi_token = "${token}"\n`
  expect(found(text, 'src/a.py')).toEqual([`medium ${human}`, `medium ${token}`])
  expect(found(text, 'tests/a.py')).toEqual([`low ${human}`, `medium ${token}`])
})

test.each([
  `checksum/secret: ${digest}`,
  `"hashed_secret": "${digest.slice(0, 40)}"`,
  'password = getPassword("settings.password.v2")',
  'password = user.password_digest2',
  'token = tokens[index2]',
  '"password": "Passwort", "forgotPassword": "Passwort vergessen?"',
  `<input name="csrf_token" value="${token}">`,
  `key: "getRowIdForFlatIndex2"`,
  'api_key: ${API_KEY}',
  'password: !vault |',
  'password: ENC[AES256_GCM,data:x7Fq9a2k,iv:x7Fq9a2k]',
  `mapboxgl.accessToken = 'pk.${token}.${token}'`,
  `posthog_key = "phc_${token}"`,
  `algolia = { appId: 'ABCDEFGH23', apiKey: '${digest.slice(0, 32)}' }`,
  'secretName: incident/prod/stripe-key-2',
  'postgres://tom:$PASSWORD@db/app',
  'http://localhost:8080/a@v2',
  'Authorization: AWS4-HMAC-SHA256 Credential=x/20300101/us-east-1',
  'public_key = "-----BEGIN PUBLIC KEY-----"',
])('finds nothing in %s', (text) => {
  expect(found(text, 'a.txt')).toEqual([])
})

/** CPU time of a search of 16 KiB, in microseconds. */
function cost(text: string): number {
  const blob = fileBlob('a.txt', text.repeat(Math.ceil(16_384 / text.length)))
  const before = process.cpuUsage()
  engine.detector().detect(blob)
  const { user, system } = process.cpuUsage(before)
  return user + system
}

describe('hostile text takes no longer than a small multiple of ordinary text', () => {
  const parts = [
    'password=',
    'token"',
    '"value":"',
    '\\"',
    '://a:',
    '@',
    '<key>',
    '">',
    '`',
    '\\\\',
    'kind: Secret\ndata:\n a: ',
    'secret(',
    'new PDO(',
    'docker login -p ',
    ' \t',
    '{',
    'Some(',
    'username,password\n',
    'x=1;',
  ]
  test.each(parts)('%j', (part) => {
    const ordinary = cost(`api_token = "${token}" # for the bot of the shop\n`)
    expect(cost(part) / ordinary).toBeLessThan(30)
    expect(cost(`${part.repeat(8)}password="A7b`) / ordinary).toBeLessThan(30)
  })
})
