// Which blobs may be of a kind that shows only to who takes all of them. Twin, which knows which
// are: `isOfKind` in src/sieve.ts.

/**
 * The first two bytes of archives, compressed files, databases, and of scripts that may have a zip
 * behind them; and of pointers, `ve`.
 */
const BEGINNINGS = memory.data<u16>([0x4b50, 0x2123, 0x5153, 0x8b1f, 0x5a42, 0x37fd, 0xb528, 0x7a37, 0x6152, 0x6576])
const BEGINNINGS_COUNT: usize = 10
/** What compiled Python has behind its version: `\r\n`. */
const PYTHON: u16 = 0x0a0d

/** The first block of a tar, and where in that the sum of it stands, in octal. */
const BLOCK: usize = 512
const SUM: usize = 148

/** Says so of some that are not, and of all that are. Reads up to four bytes behind `from`. */
export function mayBeOfKind(from: usize, to: usize): bool {
  const head = load<u16>(from)
  for (let at = BEGINNINGS; at < BEGINNINGS + 2 * BEGINNINGS_COUNT; at += 2) if (load<u16>(at) == head) return true
  return load<u16>(from, 2) == PYTHON || (to - from >= BLOCK && isOctal(from + SUM))
}

/**
 * `0012345\0` or ` 12345\0 `: octal digits, and nothing else but spaces and NULs. Code has eight
 * spaces there as often as not.
 */
function isOctal(at: usize): bool {
  let digits = 0
  for (let next = at; next < at + 8; next += 1) {
    const byte = <u32>load<u8>(next)
    if (byte - 0x30 < 8) digits += 1
    else if (byte != 0x20 && byte != 0) return false
  }
  return digits > 0
}
