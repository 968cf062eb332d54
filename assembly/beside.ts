// Tests of what stands behind a gram of a keyword that is everywhere, such as `token`. They let
// pass all that src/scan/detect/beside.ts lets pass, which decides, and little else.

/** Codes of grams, which src/scan/detect/prefilter.ts hands over. */
export const PLAIN: u32 = 1
export const VALUE: u32 = 2
export const LOGIN: u32 = 3
export const WORD: u32 = 4

/** Limits of src/scan/detect/beside.ts; a gram may stand 16 bytes before its keyword's end. */
const MAX_NAME_REST: usize = 48 + 16
const MAX_TIE: usize = 48
const MAX_RUN: usize = 40
const MIN_RUN: u32 = 8
const MIN_WORD: u32 = 6
/** Shortest run of letters of both cases. */
const MIN_MIXED_RUN: u32 = 12
const MAX_LOGIN: usize = 160

/** Bits of the classes of bytes, and the table of them. */
const LOWER: u8 = 1
const UPPER: u8 = 2
const DIGIT: u8 = 4
const SIGN: u8 = 8
const NEUTRAL: u8 = 16
const NAME: u8 = 32
const KINDS: u8 = LOWER | UPPER | DIGIT | SIGN
const CLASSES = memory.data(256, 16)

fill()

function fill(): void {
  for (let byte: usize = 0x61; byte <= 0x7a; byte += 1) store<u8>(CLASSES + byte, LOWER | NAME)
  for (let byte: usize = 0x41; byte <= 0x5a; byte += 1) store<u8>(CLASSES + byte, UPPER | NAME)
  for (let byte: usize = 0x30; byte <= 0x39; byte += 1) store<u8>(CLASSES + byte, DIGIT | NAME)
  classify(0x5f2e2d, NEUTRAL | NAME) // _ . -
  classify(0x2b2f2a26, NEUTRAL) // + / * &
  classify(0x21402325, SIGN) // ! @ # %
  classify(0x5e243f7e, SIGN) // ^ $ ? ~
}

/** Gives one class to up to four bytes. */
function classify(bytes: u32, bits: u8): void {
  for (; bytes != 0; bytes >>>= 8) store<u8>(CLASSES + (bytes & 255), bits)
}

/** True when what the code asks for may stand behind a gram at `gram`. */
export function mayStandBeside(code: u32, gram: usize, to: usize): bool {
  return code == LOGIN ? hasLogin(gram + 4, to) : hasValue(gram + 3, to, code == WORD)
}

/** Whatever ends with the bytes counts: only the caller's caller knows how they continue. */
function hasValue(from: usize, to: usize, orWord: bool): bool {
  let at = from
  const nameLimit = at + MAX_NAME_REST
  while (at < to && load<u8>(CLASSES + load<u8>(at)) >= NAME) at += 1
  if (at >= to) return true
  if (at > nameLimit) return false
  const tieLimit = at + MAX_TIE
  const limit = tieLimit + MAX_RUN
  let run: u32 = 0
  let kinds: u32 = 0
  for (; at < limit; at += 1) {
    if (at >= to) return true
    const kind: u32 = load<u8>(CLASSES + load<u8>(at)) & ~NAME
    if (kind != 0) {
      run += 1
      kinds |= kind & KINDS
      continue
    }
    if (run != 0 && isValue(at, run, kinds, orWord)) return true
    if (at >= tieLimit) return false
    run = 0
    kinds = 0
  }
  return run >= MIN_RUN && (kinds & (kinds - 1)) != 0
}

/** True when the run that ends before `at` may be a value, and not the name of a function. */
function isValue(at: usize, run: u32, kinds: u32, orWord: bool): bool {
  const next = load<u8>(at)
  if (run >= MIN_RUN && (kinds & (kinds - 1)) != 0 && next != 0x28) {
    if ((kinds & (DIGIT | SIGN)) != 0 || run >= MIN_MIXED_RUN) return true
  }
  return orWord && run >= MIN_WORD && isQuote(next) && isQuote(load<u8>(at - run - 1))
}

function isQuote(byte: u8): bool {
  return byte == 0x22 || byte == 0x27 || byte == 0x60
}

function hasLogin(from: usize, to: usize): bool {
  const limit = from + MAX_LOGIN
  let colon: usize = 0
  for (let at = from; at < limit; at += 1) {
    if (at >= to) return true
    const byte = load<u8>(at)
    // A space or a control character, and " ' ` <.
    if (byte <= 0x20 || byte == 0x22 || byte == 0x27 || byte == 0x60 || byte == 0x3c) return false
    if (byte == 0x3a && colon == 0) colon = at
    if (byte == 0x40 && colon != 0 && at > colon + 3) return true
  }
  return false
}
