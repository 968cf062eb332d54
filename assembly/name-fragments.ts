// A search for name fragments, the three-byte strings that every file name of interest contains
// (`ObjectFilter.nameFragments`), sixteen bytes at a time.

/**
 * Six tables: for each of the three bytes of a fragment one by the byte's lower half and one by its
 * upper half. An entry has a bit for each of eight groups of fragments, set when the group has a
 * fragment with that half. Three bytes whose six halves share a group may be a fragment.
 */
const GROUPS = memory.data(6 * 16, 16)
/** The fragments themselves, 32 bits each. */
const MAX_FRAGMENTS = 64
const FRAGMENTS = memory.data(4 * MAX_FRAGMENTS, 16)
let count: u32 = 0

/** Adds a fragment, given as a number with its first byte lowest. */
export function addNameFragment(bytes: u32): void {
  for (let at: u32 = 0; at < count; at += 1) if (load<u32>(FRAGMENTS + 4 * at) == bytes) return
  if (count == MAX_FRAGMENTS) unreachable()
  for (let byte: u32 = 0; byte < 3; byte += 1) {
    const value = (bytes >>> (8 * byte)) & 255
    addToGroup(GROUPS + 32 * byte + (value & 15))
    addToGroup(GROUPS + 32 * byte + 16 + (value >>> 4))
  }
  store<u32>(FRAGMENTS + 4 * count, bytes)
  count += 1
}

function addToGroup(half: usize): void {
  store<u8>(half, load<u8>(half) | <u8>(<u32>1 << (count & 7)))
}

/**
 * Returns at which of the next sixteen places of a name a fragment begins: bit 0 for the first
 * place, and so on. The name ends before `id`.
 */
// @ts-ignore: decorator
@inline
export function fragmentsAt(place: usize, id: usize): u32 {
  const firstTwo = v128.and(groupsOf(place, 0), groupsOf(place, 1))
  const shared = v128.and(firstTwo, groupsOf(place, 2))
  let candidates = <u32>i8x16.bitmask(i8x16.ne(shared, i8x16.splat(0)))
  const left = id - 2 - place
  if (left < 16) candidates &= (1 << <u32>left) - 1
  return candidates == 0 ? 0 : confirmed(place, candidates)
}

/** Returns those of the candidate places at which a fragment really begins. */
function confirmed(from: usize, candidates: u32): u32 {
  let bits: u32 = 0
  for (; candidates != 0; candidates &= candidates - 1) {
    const bytes = load<u32>(from + ctz(candidates)) & 0xffffff
    for (let at: u32 = 0; at < count; at += 1)
      if (load<u32>(FRAGMENTS + 4 * at) == bytes) bits |= candidates & (0 - candidates)
  }
  return bits
}

/** Returns for sixteen bytes the groups that have a fragment with that byte at index `byte`. */
// @ts-ignore: decorator
@inline
function groupsOf(place: usize, byte: usize): v128 {
  const bytes = v128.load(place + byte)
  const table = GROUPS + 32 * byte
  const byLower = i8x16.swizzle(v128.load(table), v128.and(bytes, i8x16.splat(15)))
  return v128.and(byLower, i8x16.swizzle(v128.load(table + 16), i8x16.shr_u(bytes, 4)))
}
