// Blobs that a reader needs as a whole, whatever the rules find in them: archives, compressed files
// and pointers of Git LFS. Twin, which decides exactly: `isReadWhole` in
// src/scan/object-filter.ts.

/**
 * The first two bytes of archives, compressed files, databases, of scripts that may have a zip
 * behind them (`#!`), and of LFS pointers (`ve`).
 */
const SIGNATURES = memory.data<u16>([
  0x4b50, 0x2123, 0x5153, 0x8b1f, 0x5a42, 0x37fd, 0xb528, 0x7a37, 0x6152, 0x6576,
])
const SIGNATURES_COUNT: usize = 10
/** A zstd file may begin with a frame to skip: `P*` to `_*`. */
const SKIPPABLE_FRAME: u16 = 0x2a50
/** Compiled Python has `\r\n` behind two bytes of its version. */
const PYTHON: u16 = 0x0a0d

/** Bytes of the first block of a tar, and where in it the octal checksum stands. */
const TAR_BLOCK_BYTES: usize = 512
const TAR_CHECKSUM: usize = 148

/**
 * True for every blob that is needed as a whole, and for a few that are not. Up to four bytes
 * behind `from` are read.
 */
export function mayNeedWholeBlob(from: usize, to: usize): bool {
  const head = load<u16>(from)
  for (let at = SIGNATURES; at < SIGNATURES + 2 * SIGNATURES_COUNT; at += 2)
    if (load<u16>(at) == head) return true
  if ((head & 0xfff0) == SKIPPABLE_FRAME) return true
  if (load<u16>(from, 2) == PYTHON) return true
  return to - from >= TAR_BLOCK_BYTES && isOctal(from + TAR_CHECKSUM)
}

/**
 * True for `0012345\0` or ` 12345\0 `: octal digits, and nothing else but spaces and NULs. Eight
 * spaces alone are common in source code.
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
