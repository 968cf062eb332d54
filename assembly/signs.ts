// Is there a reason to read what is around a keyword in another way? Twin: src/detect/signs.ts,
// which says what each of these is.

/** As src/detect/view-margin.ts has them. */
const SHORTEST_RUN: usize = 24
const LONGEST_RUN: usize = 256
const LONGEST_SEAM: usize = 80
const SHORTEST_CUT: usize = 60
const LONGEST_CUT: usize = 77

/**
 * 1 for base64, 2 for what may stand between two literals, 4 for quotes, 8 for all that a sign
 * begins with.
 */
const KINDS = memory.data(256, 16)
const BASE64: u8 = 1
const SEAM: u8 = 2
const QUOTE: u8 = 4
const SIGN: u8 = 8

/** Where the bytes begin and end around which is looked: nothing stands outside. */
let first: usize = 0
let last: usize = 0
/** From where up to where there were no signs. */
let begun: usize = 0
let done: usize = 0

/** Other bytes are looked at. */
export function beginSigns(from: usize, to: usize): void {
  if (load<u8>(KINDS + 65) == 0) {
    for (let byte: i32 = 0; byte < 256; byte += 1) store<u8>(KINDS + byte, kindOf(byte))
  }
  first = from
  last = to
  begun = done = 0
}

function kindOf(byte: i32): u8 {
  const isBase64 = (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || (byte >= 47 && byte <= 57) || byte == 43
  const isSeam = byte == 32 || byte == 9 || byte == 13 || byte == 10 || byte == 43 || byte == 46 || byte == 38 || byte == 92 || byte == 60 || byte == 62 || byte == 124 || byte == 95
  const isQuote = byte == 34 || byte == 39 || byte == 96
  const isSign = isQuote || byte == 37 || byte == 38 || byte == 61 || byte == 62 || byte == 92 || byte == 124
  return (isBase64 ? BASE64 : 0) | (isSeam ? SEAM : 0) | (isQuote ? QUOTE : 0) | (isSign ? SIGN : 0)
}

/** Are there any so far around a place? Around others there were none, as far as was looked. */
export function hasSignsAround(place: usize, reach: usize): bool {
  let from = place - first > reach ? place - reach : first
  const to = min(last, place + reach)
  if (begun != 0 && from >= begun && from <= done) {
    // A run that was cut there was taken for one that ends there.
    from = max(from, done - LONGEST_RUN)
    done = max(done, to)
  } else {
    begun = from
    done = to
  }
  return hasSigns(from, to)
}

function hasSigns(from: usize, to: usize): bool {
  let start = from
  for (let at = from; at < to; at += 1) {
    const kind = load<u8>(KINDS + <usize>load<u8>(at))
    if ((kind & BASE64) != 0) continue
    const run = at - start
    if (run >= SHORTEST_RUN && run <= LONGEST_RUN && spellsText(start)) return true
    start = at + 1
    if ((kind & SIGN) != 0 && isSign(at, kind)) return true
  }
  return to - start >= SHORTEST_RUN && spellsText(start)
}

function isSign(at: usize, kind: u8): bool {
  if ((kind & QUOTE) != 0) return isSeam(at)
  const next = byteAt(at + 1)
  const second = byteAt(at + 2)
  switch (byteAt(at)) {
    case 92:
      if (next == 117) return second == 48 && byteAt(at + 3) == 48 && isAscii(byteAt(at + 4), byteAt(at + 5))
      return next == 47 || (next == 120 && isAscii(second, byteAt(at + 3))) || (isOfKind(at - 1, BASE64) && isLineEnd(next, second))
    case 37:
      return isAscii(next, second)
    case 38:
      return next == 35 || isEntity(at)
    case 61:
      return (next == 51 && second == 68) || (isLineEnd(next, second) && isCutLine(at))
    case 62:
    case 124:
      return isFold(at)
    default:
      return false
  }
}

function isEntity(ampersand: usize): bool {
  let at = ampersand + 1
  while (at - ampersand <= 7 && isLetter(byteAt(at))) at += 1
  return byteAt(at) == 59 && at - ampersand >= 3
}

function isFold(bar: usize): bool {
  if (byteAt(bar - 1) != 32 || byteAt(bar - 2) != 58) return false
  let at = bar + 1
  if (byteAt(at) == 45 || byteAt(at) == 43) at += 1
  if (!isLineEnd(byteAt(at), byteAt(at + 1))) return false
  while (byteAt(at) == 32 || byteAt(at) == 9 || byteAt(at) == 10 || byteAt(at) == 13) at += 1
  const start = at
  while (isOfKind(at, BASE64)) at += 1
  while (byteAt(at) == 61) at += 1
  return at > start && (at >= last || isLineEnd(byteAt(at), byteAt(at + 1)))
}

function isCutLine(end: usize): bool {
  const most = min(LONGEST_CUT, end - first)
  let length: usize = 1
  while (length <= most && load<u8>(end - length) != 10) length += 1
  // Without a line end before it, all that stands there is one line.
  length = length <= most ? length : most + (end - first > LONGEST_CUT ? 1 : 0)
  return length >= SHORTEST_CUT && length < LONGEST_CUT && byteAt(end - 1) != 61
}

function isSeam(quote: usize): bool {
  let before = quote - 1
  while (byteAt(before) == 92) before -= 1
  if (!isOfKind(before, BASE64)) return false
  for (let at = quote + 1; at < quote + LONGEST_SEAM; at += 1) {
    if (isOfKind(at, QUOTE)) return isOfKind(at + 1, BASE64)
    if (!isOfKind(at, SEAM) && byteAt(at - 1) != 92 && !(byteAt(at) == 45 && byteAt(at - 1) == 10)) return false
  }
  return false
}

function byteAt(at: usize): u32 {
  return at >= first && at < last ? <u32>load<u8>(at) : 0
}

function isOfKind(at: usize, kind: u8): bool {
  return (load<u8>(KINDS + <usize>byteAt(at)) & kind) != 0
}

function isLineEnd(byte: u32, next: u32): bool {
  return byte == 10 || (byte == 13 && next == 10)
}

function isAscii(high: u32, low: u32): bool {
  return high >= 50 && high <= 55 && ((low >= 48 && low <= 57) || (low >= 65 && low <= 70) || (low >= 97 && low <= 102))
}

function isLetter(byte: u32): bool {
  return (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
}

/** Do the first eight characters of base64 stand for six of readable text? */
function spellsText(start: usize): bool {
  for (let group: usize = 0; group < 8; group += 4) {
    let bits: u32 = 0
    for (let at: usize = 0; at < 4; at += 1) bits = (bits << 6) | sextetOf(byteAt(start + group + at))
    if (!isReadable(bits >>> 16) || !isReadable((bits >>> 8) & 255) || !isReadable(bits & 255)) return false
  }
  return true
}

function sextetOf(byte: u32): u32 {
  if (byte >= 97) return byte - 71
  if (byte >= 65) return byte - 65
  if (byte >= 48) return byte + 4
  return byte == 43 ? 62 : 63
}

function isReadable(byte: u32): bool {
  return (byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13)
}
