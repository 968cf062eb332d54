/** Tells from the name of an entry whether its value is a secret: `DB_PASSWORD`, `TOKEN_EXPIRY`. */
import { wordSet } from '../../model/word-set.ts'

/** The meaning of an entry's name. */
export interface EntryName {
  /**
   * `password`: a person may have chosen the value, so any value counts. `token`: a machine made
   * the value, so a plain word is a setting. `vague`: only a value that looks random counts.
   * `unknown`: a name that says nothing; `none`: one that says that the value is no secret.
   * `private-key` and `vault-key`: the value decrypts a `.env` file.
   */
  readonly kind: 'password' | 'token' | 'vague' | 'private-key' | 'vault-key' | 'unknown' | 'none'
  /**
   * The prefix with which a framework copies the value into the pages that every visitor downloads.
   */
  readonly publicPrefix: string | undefined
  /** True for keys that are made to be public: `FIREBASE_API_KEY`, `RECAPTCHA_SITE_KEY`. */
  readonly isForClients: boolean
}

const publicPrefix = new RegExp(
  [
    String.raw`^(?:NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY|VUE_APP|NG_APP`,
    String.raw`|STORYBOOK|PLASMO_PUBLIC|PUBLIC)_(?=.)`,
  ].join(''),
)

/**
 * Last words of names that describe a secret without being one: `TOKEN_EXPIRY`,
 * `PASSWORD_MIN_LENGTH`, `SESSION_DRIVER`.
 */
const aboutSecrets = wordSet(`
  ID IDS KEYID NAME NAMES URL URLS URI HOST HOSTS HOSTNAME PORT PATH PATHS FILE FILES FILENAME
  DIR DIRECTORY FOLDER LOCATION TTL EXPIRY EXPIRES EXPIRE EXPIRATION EXP LIFETIME AGE MAX MIN
  LENGTH LEN SIZE BITS COUNT LIMIT ROUNDS COST ITERATIONS ENABLED ENABLE DISABLED DISABLE
  REQUIRED REQUIRE OPTIONAL VALID ALGORITHM ALG ALGO CIPHER CURVE TYPE TYPES DRIVER MODE FORMAT
  HEADER PREFIX SUFFIX FIELD PARAM PARAMETER ISSUER ISS AUDIENCE AUD SCOPE SCOPES DOMAIN DOMAINS
  REGION ZONE ENDPOINT VERSION INTERVAL TIMEOUT DURATION WINDOW SECURE SAMESITE HTTPONLY
  CONNECTION STORE STORAGE CACHE POLICY REGEX REGEXP PATTERN EMAIL USER USERNAME PROVIDER METHOD
  METHODS STRATEGY BACKEND ROTATION DAYS HOURS MINUTES MINS SECONDS SECS MS SEC HOUR DAY IN AT
  ALIAS ENCODING CLAIM ARN FINGERPRINT THUMBPRINT KID REF TABLE COLUMN HINT LABEL TITLE
  DESCRIPTION LEVEL ROLE ROLES GROUP GROUPS STATUS STATE ATTEMPTS RETRIES RATE QUOTA BUCKET
  QUEUE TOPIC CLASS MODULE GUARD GUARDS MIDDLEWARE ORIGIN ORIGINS FLOW CALLBACK REDIRECT SERVICE
  SERVER PROXY DB DATABASE ACCOUNT TENANT REALM HASHER VALIDATION CONFIRMATION
`)

const notSecretName = new RegExp(
  [
    String.raw`(?:^|_)(?:PUBLIC_?KEYS?|PUB_?KEY|PUBLISHABLE(?:_KEY)?|ANON_KEY|SITE_?KEY`,
    String.raw`|PRIMARY_?KEY|FOREIGN_?KEY|PARTITION_KEY|SORT_KEY|CACHE_KEY|KEYBOARD|AUTHORS?`,
    String.raw`|MONKEY|CSRF_HEADER|HASH(?:ED)?|ENCRYPTED|CHECKSUM|DIGEST|CSRF|XSRF`,
    String.raw`|AUTHENTICITY|VERIFICATION_TOKEN|CSRFMIDDLEWARETOKEN|NEXT_TOKEN|PAGE_TOKEN`,
    String.raw`|CONTINUATION_?TOKEN|CANCEL_?TOKEN|CONTEXT_?MENU|SUBSCRIBE_KEY|TEMPLATE)(?:_|$)`,
  ].join(''),
)
const clientName = new RegExp(
  [
    String.raw`(?:^|_)(?:FIREBASE|MAPS?|MAPBOX|PLACES|ALGOLIA|SEARCH|RECAPTCHA|TURNSTILE`,
    String.raw`|HCAPTCHA|POSTHOG|MEASUREMENT|ANALYTICS|SEGMENT|AMPLITUDE|MIXPANEL|PUSHER_APP`,
    String.raw`|SENTRY_DSN|PUBNUB_SUBSCRIBE|BUGSNAG|ROLLBAR_CLIENT|LOGROCKET|HOTJAR|PADDLE_CLIENT`,
    String.raw`|PUSHER_KEY)(?:_|$)`,
  ].join(''),
)

/** Words of names whose value no page needs. */
const serverName = /(?:^|_)(?:ADMIN|SECRET|PRIVATE|SERVER|PASSWORD|MASTER)(?:_|$)/

const passwordName = new RegExp(
  [
    String.raw`(?:PASSWORD|PASSWD|PASSPHRASE|PASSWORT|SECRETS?|CREDENTIALS?|MASTERPASS|(?:^`,
    String.raw`|_)(?:DB|PG|MYSQL|ROOT|ADMIN|SMTP|MAIL|EMAIL|FTP|REDIS)?(?:PASS|PWD|PSW))(?:_`,
    String.raw`(?:\d{1,4}|OLD|NEW|DEV|TEST|STAGING|STAGE|PROD|PRODUCTION|LIVE|LOCAL|CI|VALUE`,
    String.raw`|KEY|BASE|ACCESS_KEY|STRING|PRIMARY|SECONDARY|ROOT|ADMIN))*$`,
  ].join(''),
)
const tokenName = new RegExp(
  [
    String.raw`(?:TOKENS?|API_?KEYS?|(?:^|_)(?:ACCESS|PRIVATE|SECRET|ENCRYPTION|ENCRYPT`,
    String.raw`|SIGNING|SIGNATURE|MASTER|SERVICE|ACCOUNT|STORAGE|SHARED|DEPLOY|SSH|APP|AUTH`,
    String.raw`|ADMIN|ROLE|CLIENT|LICENSE|MAC|HMAC|CIPHER|CRYPTO|FERNET|JWT|SESSION|COOKIE`,
    String.raw`|WEBHOOK|WRITE|VAPID_PRIVATE|SUBSCRIPTION|INTEGRATION|INGEST|ROUTING)_?KEY)`,
    String.raw`(?:_(?:\d{1,4}|OLD|NEW|DEV|TEST|STAGING|STAGE|PROD|PRODUCTION|LIVE|LOCAL|CI`,
    String.raw`|VALUE|PRIMARY|SECONDARY|BASE64|B64))*$`,
  ].join(''),
)
const vagueName = new RegExp(
  [
    String.raw`(?:^|_)(?:KEY|AUTH|AUTHORIZATION|SALT|PEPPER|JWT|JWK|COOKIE|SESSION|SIGNING`,
    String.raw`|DSN|PAT|BEARER|LICENSE|CERT_KEY|PKEY|PEM|HMAC|SEED|MNEMONIC|PIN|OTP|TOTP)(?:_`,
    String.raw`(?:\d{1,4}|DEV|TEST|STAGING|PROD|PRODUCTION|LIVE|VALUE|BASE64|B64))*$`,
  ].join(''),
)

const NO_SECRET: EntryName = { kind: 'none', publicPrefix: undefined, isForClients: false }

/** Meanings of names, as the versions of a file have the same few names. */
const meanings = new Map<string, EntryName>()
const MAX_MEANINGS = 4096

/**
 * Returns the meaning of a name in any case style: `dbPassword`, `db.password` and `DB_PASSWORD`
 * are the same name.
 */
export function entryNameOf(key: string): EntryName {
  const known = meanings.get(key)
  if (known !== undefined) return known
  // A shell keeps its folder in PWD; `Pwd=` is a password in a connection string.
  const meaning = /^(?:PWD|OLDPWD)$/.test(key) ? NO_SECRET : meaningOf(key)
  if (meanings.size >= MAX_MEANINGS) meanings.clear()
  meanings.set(key, meaning)
  return meaning
}

function meaningOf(key: string): EntryName {
  const upper = key
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/[.-]/g, '_')
    .toUpperCase()
  const prefix = publicPrefix.exec(upper)?.[0]
  const name =
    prefix === undefined || upper.startsWith('PUBLIC_KEY') ? upper : upper.slice(prefix.length)
  return {
    kind: kindOf(name),
    publicPrefix: prefix,
    isForClients: clientName.test(name) && !serverName.test(name),
  }
}

function kindOf(name: string): EntryName['kind'] {
  if (/^DOTENV_PRIVATE_KEY(?:_|$)/.test(name)) return 'private-key'
  if (name === 'DOTENV_KEY') return 'vault-key'
  if (notSecretName.test(name) && !name.endsWith('PRIVATE_KEY')) return 'none'
  if (aboutSecrets.has(name.slice(name.lastIndexOf('_') + 1))) return 'none'
  if (/^DOTENV_VAULT(?:_|$)/.test(name)) return 'none'
  if (passwordName.test(name)) return 'password'
  if (tokenName.test(name)) return 'token'
  return vagueName.test(name) ? 'vague' : 'unknown'
}
