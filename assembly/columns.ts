// The columns of a plan: one array for each property of pack entries. `Entries` in
// src/git/packfile/plan/entries.ts and `DeltaChains` in src/git/packfile/plan/delta-chains.ts
// define what each column means. All columns lie in the plan's memory, which threads share, so the
// module has no memory of its own.

/** Addresses of columns of 64-bit floating-point numbers. */
export let offsets: usize = 0
export let ends: usize = 0
export let sizes: usize = 0
export let weights: usize = 0
/** Addresses of columns of 32-bit integers. */
export let bases: usize = 0
export let idNumbers: usize = 0
export let firstEntries: usize = 0
export let firstChildren: usize = 0
export let nextSiblings: usize = 0
export let roots: usize = 0
/** Addresses of columns of bytes. */
export let headerBytes: usize = 0
export let types: usize = 0
export let duplicates: usize = 0

/** Value in `bases` of an entry that is no delta. */
export const WHOLE: i32 = -1
/** Value in `bases` of a delta whose base is in no pack. */
export const BASELESS: i32 = -2

/** Type codes of git's pack format. */
export const NONE: u32 = 0
export const OFFSET_DELTA: u32 = 6
export const REF_DELTA: u32 = 7

/** Sets the addresses of the columns that describe entries. */
export function setEntries(
  offsetsAt: usize,
  endsAt: usize,
  sizesAt: usize,
  basesAt: usize,
  idNumbersAt: usize,
  firstEntriesAt: usize,
  headerBytesAt: usize,
  typesAt: usize,
  duplicatesAt: usize,
): void {
  offsets = offsetsAt
  ends = endsAt
  sizes = sizesAt
  bases = basesAt
  idNumbers = idNumbersAt
  firstEntries = firstEntriesAt
  headerBytes = headerBytesAt
  types = typesAt
  duplicates = duplicatesAt
}

/** Sets the addresses of the columns that describe delta chains. */
export function setDeltaChains(
  rootsAt: usize,
  firstChildrenAt: usize,
  nextSiblingsAt: usize,
  weightsAt: usize,
): void {
  roots = rootsAt
  firstChildren = firstChildrenAt
  nextSiblings = nextSiblingsAt
  weights = weightsAt
}

// @ts-ignore: decorator
@inline
export function i32At(column: usize, at: i32): i32 {
  return load<i32>(column + (<usize>at << 2))
}

// @ts-ignore: decorator
@inline
export function setI32(column: usize, at: i32, value: i32): void {
  store<i32>(column + (<usize>at << 2), value)
}

// @ts-ignore: decorator
@inline
export function f64At(column: usize, at: i32): f64 {
  return load<f64>(column + (<usize>at << 3))
}

// @ts-ignore: decorator
@inline
export function setF64(column: usize, at: i32, value: f64): void {
  store<f64>(column + (<usize>at << 3), value)
}
