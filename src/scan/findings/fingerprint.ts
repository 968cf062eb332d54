/** Computes fingerprints: stable names of secrets that do not help to guess them. */
import { crypto } from '../../model/lazy-crypto.ts'
import type { Role, Rule } from '../../model/rule.ts'
import { canonicalValue } from './canonical-value.ts'

/**
 * Key of the hash. It is public and only keeps these digests apart from other hashes of the same
 * value.
 */
const FORMAT = 'oakum fingerprint 1'

/**
 * About 11 ms and 4 MiB for each guess (docs/adr/0003-fingerprint.md). A change changes every
 * fingerprint of a person-made value.
 */
const SCRYPT_COST = { N: 4096, r: 8, p: 1 }

/** Fingerprints by digest, as versions of a file hold the same few values. */
const MAX_CACHED = 4096
const cached = new Map<string, string>()

/**
 * Returns the stable name of a value under a rule family: `oak1-` and 32 hex digits. It depends on
 * nothing else: no path, line, commit, time or machine. Machine-made values are hashed with a keyed
 * hash; values that a person may have chosen with a slow one, so that the fingerprint does not help
 * to guess them.
 */
export function fingerprint(family: string, text: string, madeBy: Rule['madeBy']): string {
  const { known, digest, scryptInput } = prepare(family, text, madeBy)
  return known ?? keep(digest, crypto().scryptSync(...scryptInput))
}

/**
 * Returns the same fingerprint, or a promise of it where the slow hash must be computed: that runs
 * in Node's thread pool, so that timers and signals are served and several run at a time.
 */
export function requestFingerprint(
  family: string,
  text: string,
  madeBy: Rule['madeBy'],
): string | Promise<string> {
  const { known, digest, scryptInput } = prepare(family, text, madeBy)
  if (known !== undefined) return known
  return new Promise((resolve, reject) => {
    crypto().scrypt(...scryptInput, (error, key) => {
      if (error === null) resolve(keep(digest, key))
      else reject(error)
    })
  })
}

interface PreparedValue {
  /** The fingerprint, where it takes no slow hash. */
  readonly known: string | undefined
  readonly digest: string
  readonly scryptInput: readonly [
    value: Buffer,
    salt: string,
    bytes: number,
    cost: typeof SCRYPT_COST,
  ]
}

function prepare(family: string, text: string, madeBy: Rule['madeBy']): PreparedValue {
  const value = bytesOf(canonicalValue(text, madeBy))
  const digest = crypto()
    .createHmac('sha256', FORMAT)
    .update(`${family}\0${madeBy}\0`)
    .update(value)
    .digest('hex')
  return {
    known: madeBy === 'machine' ? `oak1-${digest.slice(0, 32)}` : cached.get(digest),
    digest,
    scryptInput: [value, `${FORMAT} ${family}`, 16, SCRYPT_COST],
  }
}

function keep(digest: string, key: Buffer): string {
  const slow = `oak1-${key.toString('hex')}`
  if (cached.size >= MAX_CACHED) cached.delete(cached.keys().next().value ?? '')
  cached.set(digest, slow)
  return slow
}

/**
 * Returns the bytes of a value: one per character for text from a blob, UTF-8 for text from
 * elsewhere.
 */
function bytesOf(value: string): Buffer {
  return Buffer.from(value, /[^\u0000-\u00ff]/.test(value) ? 'utf8' : 'latin1')
}

/**
 * Returns the part whose value names the credential: the secret, else the token, else the id.
 * Allowing a lone id therefore never allows the pair, and a secret keeps its fingerprint when its
 * id turns up later.
 */
export function primaryPartOf<Part extends { readonly role: Role }>(
  parts: readonly [Part, ...Part[]],
): Part {
  return (
    parts.find((part) => part.role === 'secret') ??
    parts.find((part) => part.role === 'token') ??
    parts[0]
  )
}
