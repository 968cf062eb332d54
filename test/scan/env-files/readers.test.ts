import { describe, expect, test } from 'vitest'
import {
  classifyFile,
  isEncryptedFile,
  unprotectedSetting,
} from '../../../src/scan/env-files/classify-file.ts'
import type { EntryClassification } from '../../../src/scan/entries/judge-entry.ts'
import { nameSubstrings } from '../../../src/scan/env-files/file-names.ts'
import { readerForPath } from '../../../src/scan/env-files/reader.ts'
import { placeholderReason } from '../../../src/scan/suppress/placeholder.ts'
import { referenceReason } from '../../../src/scan/suppress/reference.ts'
import { base62, base64, hex, randomText, seeded } from '../suppress/random-values.ts'
import { rounds } from '../../support/rounds.ts'

const tests = { placeholderReason, referenceReason }

function judge(path: string, text: string): readonly EntryClassification[] {
  const reader = readerForPath(path)
  if (reader === undefined) throw new Error(`${path} is read like any other file`)
  return [...classifyFile(text, reader, tests)]
}

/** Returns the file with a generated secret in place of each ‹›. */
function filled(
  template: string,
  seed: number,
  alphabet: string,
  length: number,
): { readonly text: string; readonly secrets: readonly string[] } {
  const random = seeded(seed)
  const secrets: string[] = []
  const text = template.replaceAll('‹›', () => {
    const secret = randomText(random, alphabet, length)
    secrets.push(secret)
    return secret
  })
  return { text, secrets }
}

/** Files with ‹› for the secrets, each of which must be found as a whole and at its place. */
const found: readonly (readonly [path: string, severity: string, text: string])[] = [
  [
    '.npmrc',
    'high',
    'registry=https://npm.example.org/\n//npm.example.org/:_authToken=‹›\nalways-auth=true\n',
  ],
  ['.npmrc', 'high', '//npm.example.org/:_authToken = "‹›"\n; a remark\n'],
  ['.npmrc', 'high', '_authToken=‹›\n'],
  ['.npmrc', 'high', '//npm.example.org/:username=ci\n//npm.example.org/:_password=‹›\n'],
  ['.yarnrc.yml', 'high', 'npmRegistryServer: "https://npm.example.org"\nnpmAuthToken: "‹›"\n'],
  [
    '.netrc',
    'high',
    'machine example.org\n  login tom\n  password ‹›\n\nmachine other.example login tim password ‹›\n',
  ],
  ['_netrc', 'high', 'default login anonymous password ‹›'],
  ['.netrc', 'high', 'machine example.org login "tom" password "‹›"\n# a remark\n'],
  [
    'home/.git-credentials',
    'high',
    'https://tom:‹›@github.com\nhttps://tim:‹›@git.example.org/x.git\n',
  ],
  ['git/credentials', 'high', 'https://‹›@github.com\n'],
  [
    '.pypirc',
    'high',
    '[distutils]\nindex-servers =\n  pypi\n\n[pypi]\nusername = tom\npassword = ‹›\n\n[other]\nrepository: https://pypi.example.org/\nusername: tim\npassword: ‹›\n',
  ],
  ['.my.cnf', 'high', '[client]\nuser=shop\npassword="‹›"\n'],
  [
    '.docker/config.json',
    'high',
    '{\n\t"auths": {\n\t\t"ghcr.io": { "identitytoken": "‹›" }\n\t}\n}\n',
  ],
  [
    '.pgpass',
    'high',
    '# host:port:database:user:password\ndb.example.org:5432:shop:tom:‹›\n*:*:*:tim:‹›\n',
  ],
  ['pgpass.conf', 'high', 'db\\:1:5432:shop:tom:‹›\r\n'],
  [
    'wp-config.php',
    'high',
    `<?php\ndefine( 'DB_NAME', 'shop' );\ndefine( 'DB_PASSWORD', '‹›' );\ndefine('AUTH_KEY',         '‹›');\ndefine("NONCE_SALT", "‹›");\n$table_prefix = 'wp_';\n`,
  ],
  ['wp-config.php.bak', 'high', `// define('DB_PASSWORD', '‹›');\n`],
  [
    'appsettings.json',
    'medium',
    '{\n  // remarks are allowed\n  "Logging": { "LogLevel": { "Default": "Information" } },\n  "Jwt": { "SigningKey": "‹›", "Issuer": "https://shop.example" },\n  "Smtp": { "Host": "mail.example", "Password": "‹›", },\n}\n',
  ],
  [
    'appsettings.Production.json',
    'high',
    '{ "ConnectionStrings": { "Default": "Server=db;Database=shop;User Id=sa;Password=‹›;Encrypt=true" } }',
  ],
  [
    'local.settings.json',
    'high',
    '{ "Values": { "AzureWebJobsStorage": "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=‹›==;EndpointSuffix=core.windows.net" } }',
  ],
  ['ansible/.vault_pass', 'high', '‹›\n'],
  [
    '.git/config',
    'medium',
    '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://tom:‹›@git.example.org/shop.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n',
  ],
  [
    '.git/config',
    'medium',
    '[url "https://tom:‹›@github.com/"]\n\tinsteadOf = https://github.com/\n',
  ],
  [
    '.git/modules/lib/config',
    'medium',
    '[remote "origin"]\n\turl = https://‹›@github.com/shop/lib\n',
  ],
  [
    'shop.git/config.worktree',
    'medium',
    '[sendemail]\n\tsmtpUser = tom\n\tsmtpPass = ‹›\n[http]\n\tproxy = http://tom:‹›@proxy.example:3128\n',
  ],
  [
    '.git/config',
    'medium',
    '[http "https://github.com/"]\n\textraheader = Authorization: Bearer ‹›\n',
  ],
  ['.env', 'medium', 'DB_PASSWORD=${DB_PASSWORD:-‹›}\nAPI_TOKEN="${A:-${B-‹›}}"\n'],
  ['.env', 'high', 'DATABASE_URL=postgres://app:${DB_PASSWORD:-‹›}@db.example/app\n'],
  ['.env', 'medium', 'DB_PASSWORD=#‹›\n'],
  ['.env', 'medium', 'API_TOKEN=\\\n‹›\nPORT=1\n'],
]

describe('finds the secret', () => {
  test.each(found)('in %s (%s): %j', (path, severity, template) => {
    for (let seed = 1; seed <= rounds(20); seed++) {
      const { text, secrets } = filled(template, seed, base62, 24)
      const judged = judge(path, text)
      // A leading # belongs to the value, and the padding to an account key.
      expect(judged.map(({ secret }) => secret.text.replace(/^#|==$/g, ''))).toEqual(secrets)
      expect(judged.map(({ severity: worst, flaw }) => flaw?.reason ?? worst)).toEqual(
        secrets.map(() => severity),
      )
      for (const { secret } of judged)
        expect(text.slice(secret.start, secret.end).replace(/^\\\n/, '')).toBe(secret.text)
    }
  })

  test('in base64 of user and password, located at the whole value', () => {
    for (let seed = 1; seed <= rounds(20); seed++) {
      const secret = randomText(seeded(seed), base62, 20)
      const auth = Buffer.from(`tom:${secret}`).toString('base64')
      const files = [
        ['config.json', `{"auths": {"https://index.docker.io/v1/": {"auth": "${auth}"}}}`],
        [
          '.dockercfg',
          `{"https://index.docker.io/v1/": {"auth": "${auth}", "email": "tom@example.org"}}`,
        ],
        ['.npmrc', `//npm.example.org/:_auth=${auth}\n`],
        [
          '.git/config',
          `[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic ${auth}\n`,
        ],
      ] as const
      for (const [path, text] of files) {
        const [judged, ...others] = judge(path, text)
        expect(others).toEqual([])
        expect(judged).toMatchObject({
          severity: path === '.git/config' ? 'medium' : 'high',
          secret: { text: secret },
        })
        expect(text.slice(judged?.secret.start, judged?.secret.end)).toBe(auth)
      }
    }
  })

  test('that is a whole file of hexadecimal digits', () => {
    const key = randomText(seeded(3), hex, 32)
    for (const path of ['config/master.key', 'config/credentials/production.key']) {
      expect(judge(path, `${key}\n`)).toMatchObject([
        { severity: 'high', secret: { text: key, start: 0, end: 32 } },
      ])
      expect(judge(path, key)).toHaveLength(1)
    }
  })

  test('that is an identity of age', () => {
    const identity =
      ['AGE-SECRET', 'KEY-1'].join('-') + randomText(seeded(4), hex, 58).toUpperCase()
    expect(judge('.env', `SOPS_AGE_KEY=${identity}\n`)).toMatchObject([
      { severity: 'high', secret: { text: identity } },
    ])
  })

  test('under PASSWORD, whatever it is made of', () => {
    const random = seeded(304)
    const missed: string[] = []
    for (let round = 0; round < rounds(5000); round++) {
      const secret = `${randomText(random, base62, 7)}-${randomText(random, base62, 7)}-${randomText(random, base62, 6)}`
      if (judge('.env', `SERVICE_304_PASSWORD=${secret}\n`).length !== 1) missed.push(secret)
    }
    expect(missed).toEqual([])
  })
})

describe('finds nothing', () => {
  const secret = randomText(seeded(5), base62, 24)
  const long = randomText(seeded(6), base64, 80)
  test.each([
    [
      '.npmrc',
      '//registry.npmjs.org/:_authToken=${NPM_TOKEN}\nregistry=https://registry.npmjs.org/\n',
    ],
    ['.yarnrc.yml', 'npmAuthToken: "${NPM_TOKEN}"\nnodeLinker: node-modules\n'],
    ['.netrc', 'machine example.org login tom\nmacdef init\ncd /pub\n'],
    ['.git-credentials', 'https://tom@github.com\n'],
    ['credentials', '[default]\nregion = eu-central-1\n'],
    ['.pypirc', '[pypi]\nusername = __token__\n'],
    ['config.json', `{"token": "${secret}"}`],
    ['config.json', '{"auths": {"ghcr.io": {}}, "credsStore": "desktop"}'],
    ['.pgpass', '# only a remark\n'],
    [
      'wp-config.php',
      `define( 'DB_PASSWORD', getenv('DB_PASSWORD') );\ndefine( 'WP_DEBUG', false );\n`,
    ],
    [
      'appsettings.json',
      '{ "ConnectionStrings": { "Default": "Server=(localdb)\\\\mssqllocaldb;Trusted_Connection=True" }, "AllowedHosts": "*" }',
    ],
    ['master.key', 'this is a music key\n'],
    ['test.key', `${secret}\n`],
    ['vault_password', '#!/bin/sh\n'],
    ['vault_password', `line one\n${secret}\n`],
    [
      '.git/config',
      '[remote "origin"]\n\turl = git@github.com:shop/shop.git\n[remote "web"]\n\turl = https://tom@git.example.org/shop.git\n[credential]\n\thelper = store\n',
    ],
    ['.env', `\0GITCRYPT\0DB_PASSWORD=${secret}\n`],
    ['.env', `$ANSIBLE_VAULT;1.1;AES256\nDB_PASSWORD=${secret}\n`],
    [
      '.env.yml',
      `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  encryptedData:\n    DB_PASSWORD: ${long}\n`,
    ],
    [
      '.env',
      `DB_PASSWORD=ENC[AES256_GCM,data:${secret},iv:${secret}=,tag:${secret}==,type:str]\nsops_mac=ENC[AES256_GCM,data:${secret},type:str]\nsops_age__list_0__map_enc="-----BEGIN AGE ENCRYPTED FILE-----\\n${long}\\n-----END AGE ENCRYPTED FILE-----\\n"\nsops_age__list_0__map_recipient=age1${secret.toLowerCase()}\nsops_unencrypted_suffix=_unencrypted\nsops_version=3.9.0\n`,
    ],
    [
      '.env',
      `DOTENV_PUBLIC_KEY="02${randomText(seeded(7), hex, 64)}"\nDB_PASSWORD="encrypted:B${long}"\n`,
    ],
    ['.env.vault', `DOTENV_VAULT_PRODUCTION="${long}"\n`],
    [
      '.env',
      'DB_PASSWORD=${DB_PASSWORD:?set it}\nAPI_TOKEN=${API_TOKEN:-}\nCIPHER_KEY=AES-256-GCM\n',
    ],
  ])('in %s: %j', (path, text) => {
    expect(judge(path, text)).toEqual([])
  })

  test.each([
    [
      'wp-config-sample.php',
      `define( 'DB_PASSWORD', 'password_here' );\ndefine( 'AUTH_KEY', 'put your unique phrase here' );\n`,
    ],
    ['.netrc', 'machine example.org login tom password changeme\n'],
    ['.pgpass', 'localhost:5432:*:postgres:postgres\n'],
    ['appsettings.Example.json', '{ "Smtp": { "Password": "bluebird" } }'],
  ])('but placeholders in %s', (path, text) => {
    const judged = judge(path, text)
    expect(judged.length).toBeGreaterThan(0)
    expect(judged.filter(({ flaw }) => flaw === undefined)).toEqual([])
  })
})

test.each([
  'package.json',
  'config.ts',
  'docs/config',
  'config',
  'server.key',
  'id_rsa',
  'credentials.md',
  'my-config.json',
  'wp-config.txt',
  'src/.git.ts',
  'npmrc.md',
  'secrets.yml',
])('%s is read like any other file', (path) => {
  expect(readerForPath(path)).toBeUndefined()
})

test('every name that is recognized in a raw tree contains one of the substrings it is searched for', () => {
  const paths = found
    .map(([path]) => path)
    .filter((path) => !/\.git\/|\.my\.cnf|^git\/credentials|\.yarnrc/.test(path))
  const unmarked: string[] = []
  for (const path of [
    ...paths,
    '.env',
    'prod.env',
    'master.key',
    '.ENV',
    'vault-password.txt',
    'pgpass.conf',
    'npmrc',
    'appsettings.json',
    'wp-config-sample.php',
  ]) {
    const name = `${path.slice(path.lastIndexOf('/') + 1)}\0`
    if (
      readerForPath(name.slice(0, -1)) === undefined ||
      !nameSubstrings.some((mark) => name.includes(mark))
    )
      unmarked.push(name)
  }
  expect(unmarked).toEqual([])
})

test('readers accept any bytes without throwing, and return offsets within them', () => {
  const random = seeded(8)
  const alphabet = 'aB1:="\'\\/ \n\r\t{}[],#;@.$\0()machine'
  const wrong: string[] = []
  for (let round = 0; round < rounds(500); round++) {
    const text = randomText(random, alphabet, 60)
    for (const [path] of found) {
      for (const { start, end } of readerForPath(path)?.read(text) ?? [])
        if (start < 0 || start > end || end > text.length) wrong.push(`${path}: ${text}`)
    }
  }
  expect(wrong.slice(0, 3)).toEqual([])
})

test.each([
  'a',
  '"',
  '\\',
  "define('a','",
  'define(',
  '// define(',
  '[a "',
  'x = "',
  ':',
  'a:',
  'password ',
  '{"a":',
  '/*',
  '{',
  '#',
  'https://a:',
  '"a\n',
  "'",
  'extraheader = AUTHORIZATION: basic ',
])('takes linear time for 8,000 times %j', (part) => {
  for (const path of new Set(found.map(([name]) => name)))
    expect(() => judge(path, part.repeat(8000))).not.toThrow()
})

test.each([
  ['.env', 'PORT=3000\n', '3000'],
  ['config/prod.env', '# words\nA=\nLOG=debug\n', 'debug'],
  ['.env', '', undefined],
  ['.env', '# A=1\n', undefined],
  ['.flaskenv', 'FLASK_APP=shop\n', undefined],
  ['.envrc', 'layout node\nexport A=1\n', undefined],
  ['.env.vault', 'DOTENV_VAULT=1\n', undefined],
  ['.env', 'A=1\nB="encrypted:Bxyz"\n', undefined],
  ['.env', '\0GITCRYPT\0A=1\n', undefined],
])('in %s with %j, the unprotected setting is %j', (path, text, value) => {
  expect(unprotectedSetting(path, text)?.value).toBe(value)
})

test.each([
  '\0GITCRYPT\0x',
  '\0GITXCRYPT\0x',
  'GITSE1',
  '$ANSIBLE_VAULT;1.2;AES256;prod\n',
  'age-encryption.org/v1\n-> X25519',
  '-----BEGIN AGE ENCRYPTED FILE-----\n',
  '-----BEGIN PGP MESSAGE-----\n',
  'Salted__abc',
  'kind: SealedSecret\r\n',
])('%j is encrypted', (text) => {
  expect(isEncryptedFile(text)).toBe(true)
})
