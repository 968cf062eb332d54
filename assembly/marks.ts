// Whether a name may have one of a few marks in it, sixteen bytes at a time.

/**
 * For the first, second and third byte of marks, by the lower half of it and by the upper half:
 * which of eight sets have a mark with that, a bit each. Bytes whose six halves share a set may be
 * a mark.
 */
const SETS = memory.data(6 * 16, 16)
/** The marks themselves, 32 bits each. */
const MOST = 64
const MARKS = memory.data(4 * MOST, 16)
let marks: u32 = 0

/** Three bytes that a mark begins with, to be looked for in names from now on. */
export function learnMark(bytes: u32): void {
  for (let mark: u32 = 0; mark < marks; mark += 1) if (load<u32>(MARKS + 4 * mark) == bytes) return
  if (marks == MOST) unreachable()
  for (let byte: u32 = 0; byte < 3; byte += 1) {
    const value = (bytes >>> (8 * byte)) & 255
    addTo(SETS + 32 * byte + (value & 15))
    addTo(SETS + 32 * byte + 16 + (value >>> 4))
  }
  store<u32>(MARKS + 4 * marks, bytes)
  marks += 1
}

function addTo(half: usize): void {
  store<u8>(half, load<u8>(half) | <u8>(<u32>1 << (marks & 7)))
}

/**
 * At which of the next sixteen places of a name, which ends before `id`, a mark begins: bit 0 for
 * the first, and so on.
 */
// @ts-ignore: decorator
@inline
export function marksAt(place: usize, id: usize): u32 {
  let some = <u32>i8x16.bitmask(i8x16.ne(v128.and(v128.and(setsOf(place, 0), setsOf(place, 1)), setsOf(place, 2)), i8x16.splat(0)))
  const left = id - 2 - place
  if (left < 16) some &= (1 << <u32>left) - 1
  return some == 0 ? 0 : withMarks(place, some)
}

/** Those of some places at which a mark begins indeed. */
function withMarks(from: usize, some: u32): u32 {
  let all: u32 = 0
  for (; some != 0; some &= some - 1) {
    const bytes = load<u32>(from + ctz(some)) & 0xffffff
    for (let mark: u32 = 0; mark < marks; mark += 1) if (load<u32>(MARKS + 4 * mark) == bytes) all |= some & (0 - some)
  }
  return all
}

/** Of sixteen bytes: which sets have a mark with each of them as its byte of this number. */
// @ts-ignore: decorator
@inline
function setsOf(place: usize, byte: usize): v128 {
  const bytes = v128.load(place + byte)
  const lower = i8x16.swizzle(v128.load(SETS + 32 * byte), v128.and(bytes, i8x16.splat(15)))
  return v128.and(lower, i8x16.swizzle(v128.load(SETS + 32 * byte + 16), i8x16.shr_u(bytes, 4)))
}
