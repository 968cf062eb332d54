/**
 * Tests what stands behind a keyword that is everywhere, such as `token`, before anything else runs
 * there. assembly/beside.ts has the same tests for the bytes of whole histories.
 */
import type { Beside, Keyword } from '../../model/rule.ts'

/** Most characters of a name behind a keyword's last byte. */
const MAX_NAME_REST = 48

/** Bytes behind the name in which a value begins, and bytes of the value that are looked at. */
const MAX_TIE = 48
const MAX_RUN = 40

/** Shortest run of characters that may be a value. */
const MIN_RUN = 8
/** The same for a word in quotes, and for letters of both cases. */
const MIN_WORD = 6
const MIN_MIXED_RUN = 12

/** Bytes in which `user:password@` ends. */
const MAX_LOGIN = 160

/** Bits of the classes of bytes. `NEUTRAL` continues a run and says nothing of it. */
const [LOWER, UPPER, DIGIT, SIGN, NEUTRAL] = [1, 2, 4, 8, 16]
const NAME = 32

const classes = new Uint8Array(256)
for (let byte = 0x21; byte < 0x7f; byte += 1) classes[byte] = classOf(String.fromCharCode(byte))

function classOf(char: string): number {
  if (/[a-z]/.test(char)) return LOWER | NAME
  if (/[A-Z]/.test(char)) return UPPER | NAME
  if (/\d/.test(char)) return DIGIT | NAME
  if (/[_.-]/.test(char)) return NEUTRAL | NAME
  if (/[!@#%^$?~]/.test(char)) return SIGN
  return /[/+&*]/.test(char) ? NEUTRAL : 0
}

/** The most bytes from a keyword's first byte on that decide whether the keyword counts. */
export function reachOf({ text, beside }: Keyword): number {
  if (beside === undefined) return text.length
  return text.length + (beside === 'login' ? MAX_LOGIN : MAX_NAME_REST + MAX_TIE + MAX_RUN)
}

/** True when `beside` stands behind a keyword that ends at `end`. */
export function standsBeside(beside: Beside, bytes: Uint8Array, end: number): boolean {
  return beside === 'login' ? hasLogin(bytes, end) : hasValue(bytes, end, beside === 'word')
}

/**
 * True when a run of characters of at least two kinds, one of them a digit or a sign, or a run of
 * mixed case, begins behind the name. With `orWord` a word in quotes is enough.
 */
function hasValue(bytes: Uint8Array, end: number, orWord: boolean): boolean {
  // The last byte of a keyword may be its separator: `pwd=`.
  let at = end - 1
  const nameLimit = at + MAX_NAME_REST
  while (at < bytes.length && (classes[bytes[at] ?? 0] ?? 0) >= NAME) at += 1
  if (at > nameLimit) return false
  const tieLimit = Math.min(bytes.length, at + MAX_TIE)
  const limit = Math.min(bytes.length, tieLimit + MAX_RUN)
  let run = 0
  let kinds = 0
  for (; at < limit; at += 1) {
    const kind = (classes[bytes[at] ?? 0] ?? 0) & ~NAME
    if (kind !== 0) {
      run += 1
      kinds |= kind & ~NEUTRAL
      continue
    }
    if (run >= MIN_RUN && isMixed(run, kinds) && bytes[at] !== PARENTHESIS) return true
    if (orWord && run >= MIN_WORD && isQuote(bytes[at]) && isQuote(bytes[at - run - 1])) return true
    if (at >= tieLimit) return false
    run = 0
    kinds = 0
  }
  return run >= MIN_RUN && (kinds & (kinds - 1)) !== 0
}

/** True for characters of two kinds, one of them a digit or a sign unless the run is long. */
function isMixed(run: number, kinds: number): boolean {
  const hasTwoKinds = (kinds & (kinds - 1)) !== 0
  return hasTwoKinds && ((kinds & (DIGIT | SIGN)) !== 0 || run >= MIN_MIXED_RUN)
}

function isQuote(byte: number | undefined): boolean {
  return byte === QUOTE || byte === APOSTROPHE || byte === BACKTICK
}

const [COLON, AT, SPACE, QUOTE, APOSTROPHE, BACKTICK, LESS] = [58, 64, 32, 34, 39, 96, 60]
const PARENTHESIS = 40

/** True when a colon and then an at sign follow, with nothing between that ends an address. */
function hasLogin(bytes: Uint8Array, end: number): boolean {
  const limit = Math.min(bytes.length, end + MAX_LOGIN)
  let colon = 0
  for (let at = end; at < limit; at += 1) {
    const byte = bytes[at] ?? 0
    if (
      byte <= SPACE ||
      byte === QUOTE ||
      byte === APOSTROPHE ||
      byte === BACKTICK ||
      byte === LESS
    )
      return false
    if (byte === COLON && colon === 0) colon = at
    if (byte === AT && colon !== 0 && at > colon + 3) return true
  }
  return false
}
