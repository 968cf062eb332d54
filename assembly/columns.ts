// What a plan has of each entry, a column for each property: src/pack/entries.ts and
// src/pack/families.ts say what they mean. They lie in memory that belongs to the plan and is
// shared between threads, so nothing here has memory of its own.

/** 64-bit numbers. */
export let offsets: usize = 0
export let ends: usize = 0
export let sizes: usize = 0
export let weights: usize = 0
/** 32-bit numbers. */
export let bases: usize = 0
export let names: usize = 0
export let firsts: usize = 0
export let firstChildren: usize = 0
export let nextSiblings: usize = 0
export let roots: usize = 0
/** Bytes. */
export let headers: usize = 0
export let types: usize = 0
export let repeats: usize = 0

export const WHOLE: i32 = -1
export const BASELESS: i32 = -2

/** Codes of git's pack format. */
export const NONE: u32 = 0
export const OFFSET_DELTA: u32 = 6
export const NAME_DELTA: u32 = 7

export function setEntries(offsetsAt: usize, endsAt: usize, sizesAt: usize, basesAt: usize, namesAt: usize, firstsAt: usize, headersAt: usize, typesAt: usize, repeatsAt: usize): void {
  offsets = offsetsAt
  ends = endsAt
  sizes = sizesAt
  bases = basesAt
  names = namesAt
  firsts = firstsAt
  headers = headersAt
  types = typesAt
  repeats = repeatsAt
}

export function setFamilies(rootsAt: usize, firstChildrenAt: usize, nextSiblingsAt: usize, weightsAt: usize): void {
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
