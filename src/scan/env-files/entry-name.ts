/** What a name says about its value. */
export interface EntryName {
  /**
   * `password`: a person may have chosen it, so any value counts. `token`: a machine made it, so a
   * plain word is a setting.
   * `vague`: only a value that looks random counts. `private-key` and `vault-key`: what opens an
   * encrypted `.env`.
   */
  readonly kind: 'password' | 'token' | 'vague' | 'private-key' | 'vault-key' | 'none'
  /** A framework copies values with this prefix into what every visitor downloads. */
  readonly publicPrefix: string | undefined
  /** Made to be seen, for all that it is called a key: `FIREBASE_API_KEY`, `RECAPTCHA_SITE_KEY`. */
  readonly meantForClients: boolean
}

const publicPrefix =
  /^(?:NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY|VUE_APP|NG_APP|STORYBOOK|PLASMO_PUBLIC|PUBLIC)_(?=.)/

/**
 * Last words of names that speak about a secret without being one: `TOKEN_EXPIRY`,
 * `PASSWORD_MIN_LENGTH`, `SESSION_DRIVER`.
 */
const aboutSecrets = new Set(
  (
    'ID IDS KEYID NAME NAMES URL URLS URI HOST HOSTS HOSTNAME PORT PATH PATHS FILE FILES FILENAME DIR DIRECTORY FOLDER LOCATION TTL EXPIRY EXPIRES EXPIRE EXPIRATION ' +
    'EXP LIFETIME AGE MAX MIN LENGTH LEN SIZE BITS COUNT LIMIT ROUNDS COST ITERATIONS ENABLED ENABLE DISABLED DISABLE REQUIRED REQUIRE OPTIONAL VALID ALGORITHM ALG ' +
    'ALGO CIPHER CURVE TYPE TYPES DRIVER MODE FORMAT HEADER PREFIX SUFFIX FIELD PARAM PARAMETER ISSUER ISS AUDIENCE AUD SCOPE SCOPES DOMAIN DOMAINS REGION ZONE ' +
    'ENDPOINT VERSION INTERVAL TIMEOUT DURATION WINDOW SECURE SAMESITE HTTPONLY CONNECTION STORE STORAGE CACHE POLICY REGEX REGEXP PATTERN EMAIL USER USERNAME ' +
    'PROVIDER METHOD METHODS STRATEGY BACKEND ROTATION DAYS HOURS MINUTES MINS SECONDS SECS MS SEC HOUR DAY IN AT ALIAS ENCODING CLAIM ARN FINGERPRINT THUMBPRINT KID REF ' +
    'TABLE COLUMN HINT LABEL TITLE DESCRIPTION LEVEL ROLE ROLES GROUP GROUPS STATUS STATE ATTEMPTS RETRIES RATE QUOTA BUCKET QUEUE TOPIC CLASS MODULE ' +
    'GUARD GUARDS MIDDLEWARE ORIGIN ORIGINS FLOW CALLBACK REDIRECT SERVICE SERVER PROXY DB DATABASE ACCOUNT TENANT REALM HASHER VALIDATION CONFIRMATION'
  ).split(' '),
)

const notSecret =
  /(?:^|_)(?:PUBLIC_?KEYS?|PUB_?KEY|PUBLISHABLE(?:_KEY)?|ANON_KEY|SITE_?KEY|PRIMARY_?KEY|FOREIGN_?KEY|PARTITION_KEY|SORT_KEY|CACHE_KEY|KEYBOARD|AUTHORS?|MONKEY|CSRF_HEADER|HASH)(?:_|$)/
const forClients =
  /(?:^|_)(?:FIREBASE|MAPS?|MAPBOX|PLACES|ALGOLIA|SEARCH|RECAPTCHA|TURNSTILE|HCAPTCHA|POSTHOG|MEASUREMENT|ANALYTICS|SEGMENT|AMPLITUDE|MIXPANEL|PUSHER_APP|SENTRY_DSN)(?:_|$)/

const password =
  /(?:PASSWORD|PASSWD|PASSPHRASE|PASSWORT|SECRETS?|CREDENTIALS?|MASTERPASS|(?:^|_)(?:DB|PG|MYSQL|ROOT|ADMIN|SMTP|MAIL|EMAIL|FTP|REDIS)?(?:PASS|PWD|PSW))(?:_(?:\d{1,4}|OLD|NEW|DEV|TEST|STAGING|STAGE|PROD|PRODUCTION|LIVE|LOCAL|CI|VALUE|KEY|BASE|ACCESS_KEY|STRING|PRIMARY|SECONDARY|ROOT|ADMIN))*$/
const token =
  /(?:TOKENS?|API_?KEYS?|(?:^|_)(?:ACCESS|PRIVATE|SECRET|ENCRYPTION|ENCRYPT|SIGNING|SIGNATURE|MASTER|SERVICE|ACCOUNT|STORAGE|SHARED|DEPLOY|SSH|APP|AUTH|ADMIN|ROLE|CLIENT|LICENSE|MAC|HMAC|CIPHER|CRYPTO|FERNET|JWT|SESSION|COOKIE|WEBHOOK|WRITE|VAPID_PRIVATE|SUBSCRIPTION|INTEGRATION|INGEST|ROUTING)_?KEY)(?:_(?:\d{1,4}|OLD|NEW|DEV|TEST|STAGING|STAGE|PROD|PRODUCTION|LIVE|LOCAL|CI|VALUE|PRIMARY|SECONDARY|BASE64|B64))*$/
const vague =
  /(?:^|_)(?:KEY|AUTH|AUTHORIZATION|SALT|PEPPER|JWT|JWK|COOKIE|SESSION|SIGNING|DSN|PAT|BEARER|LICENSE|CERT_KEY|PKEY|PEM|HMAC|SEED|MNEMONIC|PIN|OTP|TOTP)(?:_(?:\d{1,4}|DEV|TEST|STAGING|PROD|PRODUCTION|LIVE|VALUE|BASE64|B64))*$/

/**
 * What `key` says about its value, in whatever case it is written: `dbPassword`, `db.password` and
 * `DB_PASSWORD` are one name.
 */
export function entryNameOf(key: string): EntryName {
  const upper = key
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/[.-]/g, '_')
    .toUpperCase()
  const prefix = publicPrefix.exec(upper)?.[0]
  const name =
    prefix === undefined || upper.startsWith('PUBLIC_KEY') ? upper : upper.slice(prefix.length)
  return { kind: kindOf(name), publicPrefix: prefix, meantForClients: forClients.test(name) }
}

function kindOf(name: string): EntryName['kind'] {
  if (/^DOTENV_PRIVATE_KEY(?:_|$)/.test(name)) return 'private-key'
  if (name === 'DOTENV_KEY') return 'vault-key'
  if (notSecret.test(name) && !name.endsWith('PRIVATE_KEY')) return 'none'
  if (aboutSecrets.has(name.slice(name.lastIndexOf('_') + 1))) return 'none'
  if (/^DOTENV_VAULT(?:_|$)|^(?:PWD|OLDPWD)$/.test(name)) return 'none'
  if (password.test(name)) return 'password'
  if (token.test(name)) return 'token'
  return vague.test(name) ? 'vague' : 'none'
}
