/** Tests of an entry's value: settings, paths, encrypted and public values, and random ones. */
import { wordSet } from '../../model/word-set.ts'

const settingWords = wordSet(`
  true false yes no on off null none nil undefined enabled disabled enable disable auto default
  always never optional required strict lax basic bearer digest file files cookie cookies
  database redis memcached array memory session jwt token local remote debug info warn error
  production development
`)

/** Forms of values that are never a secret, whatever their name. */
const plainForms: readonly RegExp[] = [
  /^[+-]?\d{1,30}(?:[.,_]\d{1,30})*$/,
  new RegExp(
    [
      String.raw`^\d+(?:\.\d+)?\s?(?:ms|s|m|h|d|w|y|sec|secs|seconds?|min|mins|minutes?|hrs?`,
      String.raw`|hours?|days?|weeks?|months?|years?|[kmgt]i?b?|bytes?|px|%)$`,
    ].join(''),
    'i',
  ),
  /^v?\d+(?:\.\d+){1,3}(?:-[a-z]+\.?\d*)?$/i,
  /^P(?:\d+[YMWD]){0,4}(?:T(?:\d+[HMS]){1,3})?$/,
  /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?$/,
  /^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*\.[a-z]{2,24}$/,
  new RegExp(
    [
      String.raw`^(?:localhost|(?:\d{1,3}\.){3}\d{1,3}|(?:[a-z\d-]{1,63}\.){1,6}(?:com|net|org`,
      String.raw`|io|dev|app|local|internal|test|example|cloud|co|eu|de|uk))(?::\d{1,5})?/?$`,
    ].join(''),
    'i',
  ),
  /^arn:[\w-]+:/,
  new RegExp(
    [
      String.raw`^(?:HS|RS|ES|PS)(?:256|384|512)$|^EdDSA$|^(?:ChaCha20(?:-Poly1305)?|bcrypt`,
      String.raw`|argon2(?:id|[id])|scrypt|pbkdf2)$`,
    ].join(''),
    'i',
  ),
  new RegExp(
    [
      String.raw`^(?:AES|SHA|RSA|ECDSA|ED|MD|HMAC)[-_]?\d{0,5}(?:[-_/](?:\d{1,5}|CBC|GCM|CTR`,
      String.raw`|ECB|CCM|CFB\d?|OFB|XTS|SIV|OAEP|PSS|PKCS\w{1,10}|NoPadding|SHA\d{0,3}|HMAC`,
      String.raw`|RSA|AES)){0,4}$`,
    ].join(''),
    'i',
  ),
]

const encryptedForms: readonly RegExp[] = [
  /^(?:gpg:)?encrypted:/,
  /^ENC[[(:]/,
  /^\$ANSIBLE_VAULT;/,
  /^!vault\b/,
  /^-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----/,
  /^secure:/,
  /^(?:\{cipher\}|vault:v\d+:)/,
]

const publicForms: readonly RegExp[] = [
  /^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S{1,40}|sk-ssh-\S{1,60}) /,
  /^-----BEGIN (?:(?:RSA|EC|DSA|PGP) )?(?:PUBLIC KEY|CERTIFICATE)/,
  /^age1[a-z0-9]{20,80}$/,
  // Hashes of passwords, alone or behind the name of the user: crypt(5), LDAP.
  /^(?:[\w.-]{1,64}:)?\$(?:[1567y]|gy|apr1|2[abxy]?|argon2\w{0,2}|scrypt|pbkdf2[\w-]{0,12})\$/,
  /^(?:[\w.-]{1,64}:)?\{(?:S?SHA\d{0,3}|S?MD5|CRYPT)\}/i,
  /^pk_(?:live|test)_/,
  /^pk\.eyJ/,
]

/**
 * Keys that are made for the page they ship in: Google's browser key, Stripe's publishable key,
 * Mapbox's public token, PostHog's project key.
 */
const clientForms =
  /^(?:AIza|pk[_.-]|phc_|G-|UA-|GTM-|NRJS-|sb_publishable_|appl_|goog_|public-token-|pub[0-9a-f]{32}$|da2-|mob-|6L[\w-]{38}$)/

/** True for an age identity, the key that decrypts files of age and SOPS. */
export function isAgeIdentity(value: string): boolean {
  return /^AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{20,200}$/.test(value)
}

/**
 * True for a value that is no secret under any name: a setting, a path, an encrypted or public
 * value.
 */
export function isPlainValue(value: string): boolean {
  return (
    settingWords.has(value.toLowerCase()) ||
    isPath(value) ||
    [...plainForms, ...encryptedForms, ...publicForms].some((form) => form.test(value))
  )
}

/** True for a value that its issuer makes to be shown in a page, though some serve servers too. */
export function isClientValue(value: string): boolean {
  return clientForms.test(value)
}

/**
 * True for `-----BEGIN … PRIVATE KEY-----`, with line feeds or with `
 * `.
 */
export function isPrivateKey(value: string): boolean {
  return /^-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/.test(value)
}

/**
 * True for a value that looks drawn at random: at least sixteen characters that are not words, or
 * eight characters of at least three kinds. Distinct characters are counted: forty random hex
 * digits have about fifteen.
 */
export function looksRandom(value: string): boolean {
  if (/\s/.test(value) || value.length < 8) return false
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(value)).length
  const distinct = new Set(value).size
  if (value.length >= 16) return distinct >= 8 && !isWordy(value)
  return kinds >= 3 && distinct >= 6 && !isWordy(value)
}

/**
 * True for a value made of words, each with a short number at most: `my-bluebird-7`,
 * `someLongPhrase`, `DB_PRODUCTION`. Random letters split at their capitals into many short pieces,
 * or into pieces that cannot be pronounced.
 */
export function isWordy(value: string): boolean {
  const parts = value.split(/[\s\-_.,:;/!?+]+/).filter((part) => part !== '')
  const words = parts.flatMap((part) => part.replaceAll(/([a-z])([A-Z])/g, '$1 $2').split(' '))
  if (!words.every((word) => /^(?:[A-Z]?[a-z]{1,14}|[A-Z]{1,14}|\d)\d{0,4}$/.test(word)))
    return false
  const shortest = words.length > parts.length ? 4.5 : 3
  return value.length >= shortest * words.length && !/[bcdfghj-np-tvwxz]{5}/i.test(value)
}

/**
 * True for a file path. Paths have words between their slashes; random base64 may begin with a
 * slash, but mixes kinds of characters between two slashes.
 */
function isPath(value: string): boolean {
  if (/^(?:~|\.{1,2})[\\/]|^[A-Za-z]:\\/.test(value)) return true
  if (!/^[\w/\\. @-]{1,400}$/.test(value) || !/[\\/]/.test(value))
    return new RegExp(
      [
        String.raw`^[\w-]{1,100}\.(?:pem|key|json|crt|cer|p12|pfx|jks|txt|ya?ml|toml|ini|conf|env`,
        String.raw`|sqlite3?|db)$`,
      ].join(''),
    ).test(value)
  return (
    value
      .split(/[\\/]/)
      .every(
        (segment) =>
          segment.length <= 40 &&
          !(/[a-z]/.test(segment) && /[A-Z]/.test(segment) && /\d/.test(segment)),
      ) &&
    (new RegExp(
      [
        String.raw`^/(?:etc|usr|var|home|opt|tmp|app|run|root|mnt|data|srv|secrets|Users|private`,
        String.raw`|config|dev|proc|bin|workspace)/`,
      ].join(''),
    ).test(value) ||
      isWordy(value) ||
      /\.[a-z]{2,5}$/.test(value))
  )
}
