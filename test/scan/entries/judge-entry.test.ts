import { describe, expect, test } from 'vitest'
import type { EnvFamily } from '../../../src/scan/env-files/family.ts'
import { classifyEntry, type EntryClassification } from '../../../src/scan/entries/judge-entry.ts'
import { parseEnv } from '../../../src/scan/env-files/parse.ts'
import { placeholderReason } from '../../../src/scan/suppress/placeholder.ts'
import { referenceReason } from '../../../src/scan/suppress/reference.ts'
import { base62, base64, hex, randomArmour, randomText, seeded } from '../suppress/random-values.ts'
import { rounds } from '../../support/rounds.ts'

const tests = { placeholderReason, referenceReason }
const random = seeded(7)
const hex32 = randomText(random, hex, 32)
const alnum24 = randomText(random, base62, 24)
/** A password as a person makes it who must use every kind of character. */
const mixed = `${alnum24.slice(0, 6)}7a-Q`
const bird = 'bluebird'
const secret40 = randomText(random, base64, 40)

function judge(line: string, family: EnvFamily = 'env'): EntryClassification | undefined {
  const [entry] = parseEnv(line)
  if (entry === undefined) throw new Error('no entry')
  return classifyEntry(entry, family, tests)
}

/** `-` for neither, `placeholder`, or the severity of a secret. */
function verdict(line: string, family?: EnvFamily): string {
  const judged = judge(line, family)
  return judged?.flaw?.by ?? judged?.severity ?? '-'
}

describe('values that are secrets', () => {
  test.each([
    ['medium', 'DB_PASSWORD=bluebird'],
    ['medium', 'DB_PASSWORD=Tr0ub4dor&3'],
    ['medium', 'DB_PASSWORD=Password2024!'],
    ['medium', 'DB_PASSWORD=84629173'],
    ['medium', 'dbPassword: bluebird'],
    ['medium', 'spring.datasource.password=bluebird'],
    ['medium', 'PGPASSWORD=bluebird'],
    ['medium', 'MYSQL_PWD=bluebird'],
    ['medium', 'SMTP_PASS=bluebird'],
    ['medium', 'SSH_PASSPHRASE="seven blue birds"'],
    ['medium', 'PASSWORD=/a8fK2/jd83Kf'],
    ['medium', '# OLD_PASSWORD=bluebird'],
    ['medium', `JWT_SECRET=${alnum24}`],
    ['medium', `SECRET_KEY_BASE=${hex32}`],
    ['medium', `APP_KEY=base64:${secret40}`],
    ['medium', `AWS_SECRET_ACCESS_KEY=${secret40}`],
    ['medium', `GITHUB_TOKEN=${alnum24}`],
    ['medium', `API_KEY=${hex32}`],
    ['medium', `apiKey=${hex32}`],
    ['medium', `STRIPE_KEY=${alnum24}`],
    ['medium', `NEXTAUTH_SECRET=${alnum24}`],
    ['medium', `PASSWORD_SALT=${alnum24}`],
    ['medium', `HOOK_URL=https://example.com/hook?token=${alnum24}`],
    ['medium', `PROXY=http://tom:${alnum24}@proxy.example:3128`],
    ['medium', 'VITE_PASSWORD=bluebird'],
    ['high', `DATABASE_URL=postgres://app:${mixed}@db.example/app`],
    ['high', `REDIS_URL=redis://:${bird}@cache.example:6379/0`],
    ['high', `DATABASE_URL=mysql://app:${bird}@1@db.example/app`],
    ['high', `MONGO=mongodb+srv://app:${bird}@c.example/app`],
    ['high', `CONNECTION_STRING="Server=db;User Id=sa;Password=${bird};Encrypt=true"`],
    ['high', `STORAGE=DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${secret40}==`],
    [
      'high',
      `DOTENV_KEY=dotenv://:key_${hex32}@dotenv.org/vault/.env.vault?environment=production`,
    ],
    ['critical', `DOTENV_PRIVATE_KEY=${hex32}${randomText(random, hex, 32)}`],
    ['critical', `DOTENV_PRIVATE_KEY_PRODUCTION="${hex32}${randomText(random, hex, 32)}"`],
    ['critical', `NEXT_PUBLIC_API_SECRET=${alnum24}`],
    ['critical', `VITE_AWS_SECRET_ACCESS_KEY=${secret40}`],
    ['critical', `REACT_APP_STRIPE_SECRET_KEY=${alnum24}`],
    ['critical', `EXPO_PUBLIC_OPENAI_API_KEY=${alnum24}`],
  ])('%s: %s', (severity, line) => {
    expect(verdict(line)).toBe(severity)
  })

  test('a private key is a secret under any name', () => {
    const key = randomArmour(seeded(8), 'PRIVATE KEY')
    expect(verdict(`WHATEVER="${key.join('\n')}"`)).toBe('high')
    expect(verdict(`WHATEVER="${key.join('\\n')}"`)).toBe('high')
    expect(verdict(`VITE_WHATEVER="${key.join('\\n')}"`)).toBe('critical')
  })
})

describe('values that are placeholders', () => {
  test.each([
    'PASSWORD=secret',
    'PASSWORD=changeme',
    'PASSWORD=123456',
    'DB_PASSWORD=postgres',
    'DB_PASSWORD=p@ssw0rd',
    'API_KEY=your-api-key-here',
    'API_KEY=xxxxxxxxxxxx',
    'JWT_SECRET=super-secret-key',
    'COOKIE_SECRET="keyboard cat"',
    'JWT_SECRET=a-string-secret-at-least-256-bits-long',
    'SECRET=!ChangeThisSecret!',
    'DATABASE_URL=postgres://user:password@localhost/db',
    'DATABASE_URL=postgres://user:${DB_PASS}@localhost/db',
    `DATABASE_URL=mysql://${bird}:${bird}@localhost/db`,
    'DATABASE_URL=postgres://app:<password>@db/app',
    'DOTENV_PRIVATE_KEY=your-private-key',
  ])('%s', (line) => {
    expect(verdict(line)).toBe('placeholder')
  })
})

describe('values that are neither secret nor placeholder', () => {
  test.each([
    'TOKEN_EXPIRY=3600',
    'AUTH_ENABLED=true',
    'PASSWORD_MIN_LENGTH=8',
    'SESSION_DRIVER=file',
    'JWT_ALGORITHM=HS256',
    'PORT=3000',
    'PASSWORD=',
    'PASSWORD=abc',
    'PASSWORD=null',
    'REQUIRE_PASSWORD=true',
    'SESSION_SECRET_ROTATION=30d',
    'TOKEN_TTL=15m',
    'ACCESS_TOKEN_EXPIRES_IN=1h',
    'TOKEN=123456789',
    'SESSION_COOKIE=sid',
    'AUTH=basic',
    'AUTH_TOKEN=bearer',
    'SECRET_NAME=prod/db',
    'SECRETS_PATH=/run/secrets',
    'PASSWORD_FILE=/run/secrets/db_password',
    'TOKEN_URL=https://auth.example/oauth/token',
    'DB_PASSWORD=/run/secrets/db_password',
    'SSH_PRIVATE_KEY=~/.ssh/id_rsa',
    'TLS_PRIVATE_KEY=certs/server.key',
    'GOOGLE_APPLICATION_CREDENTIALS=./service-account.json',
    'REDIS_URL=redis://localhost:6379',
    'DATABASE_URL=postgres://localhost/app',
    'API_SECRET=${OTHER}',
    'API_SECRET=$OTHER',
    'API_SECRET=op://vault/item/secret',
    'API_SECRET=vault:secret/data/app#key',
    'API_SECRET="{{ secret }}"',
    'API_SECRET=<secret>',
    'API_SECRET=%SECRET%',
    'API_SECRET=$(pass show app)',
    'ADMIN_EMAIL=a@example.com',
    'AUTHOR=somebody',
    'MONKEY_PATCH=1',
    'KEYBOARD_LAYOUT=de',
    'CACHE_KEY=app_production',
    'SORT_KEY=created_at',
    'AUTH_SERVICE=keycloak',
    'PWD=/home/tom/project/Files9',
    'API_KEY_HEADER=X-Api-Key',
    'ADMIN_PASSWORD_HASH=$2y$10$abcdefghijklmnopqrstuv',
    '# TOKEN=see the wiki page',
    '# PASSWORD=ask your admin',
    'MAIL_ENCRYPTION=tls',
    'CSRF_TOKEN=enabled',
    'VAULT_TOKEN_PATH=secret/x',
    'ENCRYPTION_KEY=AES-256-CBC',
  ])('%s', (line) => {
    expect(verdict(line)).toBe('-')
  })

  test.each([
    ['a key id', `AWS_ACCESS_KEY_ID=${alnum24}`],
    ['a public key', `DOTENV_PUBLIC_KEY=02${hex32}${hex32}`],
    ['another', `VAPID_PUBLIC_KEY=${secret40}`],
    ['a publishable key', `STRIPE_PUBLISHABLE_KEY=${alnum24}`],
    ['an SSH key that is public', `DEPLOY_KEY="ssh-ed25519 ${secret40} tom@example"`],
    ['a certificate', `TLS_KEY="-----BEGIN CERTIFICATE-----\\n${secret40}"`],
    ['a value that dotenvx encrypted', `API_SECRET="encrypted:B${secret40}"`],
    [
      'a value that SOPS encrypted',
      `API_SECRET=ENC[AES256_GCM,data:${alnum24},iv:${alnum24},type:str]`,
    ],
    ['a vault', `DOTENV_VAULT_PRODUCTION=${secret40}`],
    ['a client id', `CLIENT_ID=${hex32}`],
    ['a commit', `COMMIT=${hex32}`],
    ['the key of a map in a page', `NEXT_PUBLIC_GOOGLE_MAPS_API_KEY=${alnum24}`],
    ["Firebase's key in a page", `VITE_FIREBASE_API_KEY=${alnum24}`],
    ['a site key', `VITE_RECAPTCHA_SITE_KEY=${alnum24}`],
    ["Sentry's address", `SENTRY_DSN=https://${hex32}@o1.ingest.sentry.io/1`],
    ['a hook without a secret in its query', 'WEBHOOK=https://example.com/hook?key=page'],
  ])('%s', (_, line) => {
    expect(verdict(line)).toBe('-')
  })
})

describe('in a template', () => {
  test.each([
    ['placeholder', 'DB_PASSWORD=bluebird'],
    ['placeholder', 'JWT_SECRET=some-long-phrase'],
    ['placeholder', 'API_KEY=acme-api-key-1'],
    ['placeholder', `DATABASE_URL=postgres://app:${bird}@localhost/app`],
    ['placeholder', 'API_KEY=your-api-key-here'],
    ['-', 'API_KEY='],
    ['medium', `API_KEY=${hex32}`],
    ['medium', `JWT_SECRET=${alnum24}`],
    ['medium', 'DB_PASSWORD=Tr0ub4dor&3'],
    ['high', `DATABASE_URL=postgres://app:${mixed}@db.example/app`],
    ['critical', `VITE_API_SECRET=${alnum24}`],
  ])('%s: %s', (severity, line) => {
    expect(verdict(line, 'template')).toBe(severity)
  })
})

test.each([
  ['KEY_PASSWORD="a b c d"', 'a b c d'],
  [`DATABASE_URL=postgres://app:${mixed}@db.example/app`, mixed],
  [`DATABASE_URL = "postgres://app:${mixed}@db.example/app" # words`, mixed],
  [`DATABASE_URL=" postgres://app:${mixed}@db.example/app"`, mixed],
  [`X="Server=db;Password=${mixed};"`, mixed],
])('locates the secret in %s', (line, secret) => {
  const judged = judge(line)
  expect(judged?.secret.text).toBe(secret)
  expect(line.slice(judged?.secret.start, judged?.secret.end)).toBe(secret)
})

test('locates the whole value where escapes hide the exact place', () => {
  const line = `DATABASE_URL="postgres://app:${mixed}\\$1@db.example/app"`
  expect(judge(line)?.secret).toEqual({ text: `${mixed}$1`, start: 14, end: line.length - 1 })
})

test.each([
  'DB_PASSWORD=bluebird',
  '# DB_PASSWORD=bluebird',
  'bluebird_PASSWORD=bluebird',
  `DATABASE_URL=postgres://app:${bird}@db.example/app`,
  'PASSWORD=changeme',
])('gives evidence for %s without the secret', (line) => {
  const judged = judge(line)
  expect(judged?.evidence).toMatch(/^a (secret|password) .*, in the entry/)
  expect(`${judged?.evidence ?? ''} ${judged?.flaw?.reason ?? ''}`).not.toContain(
    judged?.secret.text,
  )
})

test('says that an entry is commented out', () => {
  expect(judge('# DB_PASSWORD=bluebird')?.evidence).toContain('commented out')
})

test('finds random values under the name of a secret, in any alphabet', () => {
  const next = seeded(9)
  const missed: string[] = []
  for (let round = 0; round < rounds(5000); round++) {
    for (const [key, value] of [
      ['API_TOKEN', randomText(next, hex, 32)],
      ['API_KEY', randomText(next, base62, 20)],
      ['AWS_SECRET_ACCESS_KEY', randomText(next, base64, 40)],
      ['VITE_SECRET', randomText(next, base62, 32)],
    ] as const) {
      const found = verdict(`${key}=${value}`, 'template')
      if (found !== 'medium' && found !== 'critical') missed.push(`${key}=${value}`)
    }
  }
  expect(missed).toEqual([])
})

test.each([
  'a',
  'A1',
  'a:',
  'a/',
  ';password=',
  '?key=',
  'http://',
  'a:b@',
  '${',
  '1.',
  'a.',
  'a ',
  '-----BEGIN ',
])('takes linear time for 50,000 times %j', (part) => {
  expect(() => verdict(`API_SECRET=x${part.repeat(50_000)}`)).not.toThrow()
  expect(() => verdict(`URL=http://${part.repeat(50_000)}`)).not.toThrow()
})
