// A search for grams, the rarest four bytes of each keyword. Every occurrence of a keyword has its
// gram as a candidate; JavaScript compares the rest of the keyword. Twin: `slowPrefilter` in
// src/scan/detect/prefilter.ts.

import { mayStandBeside, PLAIN } from './beside'

/**
 * A byte for each hash of three bytes: FIRST when a gram may begin with these bytes, SECOND when
 * one may end with them.
 */
const TRIPLES = memory.data(65536, 64)
const FIRST: u32 = 2
const SECOND: u32 = 1
/** Odd factors of the hash of three bytes: of the first two as one number, and of the third. */
const FIRST_TWO_FACTOR: u16 = 0x9e37
const THIRD_FACTOR: u16 = 0x79b1
const HASHES = memory.data(16, 16)
/**
 * Codes of four bits by a hash of four bytes: those of `beside.ts` when a gram may have them, else
 * 0. Rejects most of those that pass the table of triples by chance or with another fourth byte.
 */
const GRAM_CODES = memory.data(262144, 64)
/** The most offsets that one search returns. */
const MAX_OFFSETS = 32768
const OFFSETS = memory.data(4 * MAX_OFFSETS, 64)
/** Bytes that one vector step examines, and bytes between two checks for room. */
const BLOCK_BYTES = 16
const CHUNK_BYTES = 8192
/** For each block of a chunk with a possible gram, 32 bits as `markBlocks` describes. */
const BLOCK_MARKS = memory.data(2048 + 4, 64)

/** Adds grams of one code to search for, `count` of 32 bits each. */
export function addGrams(grams: usize, count: i32, code: u32): void {
  for (let at = grams; at < grams + (<usize>count << 2); at += 4) {
    const gram = load<u32>(at)
    setBits(TRIPLES + tripleHash(gram), FIRST)
    setBits(TRIPLES + tripleHash(gram >>> 8), SECOND)
    addCode(gramHash(gram), code)
  }
}

/** Sets the code of a hash. When grams of several codes share it, all of them are candidates. */
function addCode(hash: u32, code: u32): void {
  const existing = codeOf(hash)
  const merged = existing == 0 || existing == code ? code : PLAIN
  const at = GRAM_CODES + (hash >>> 1)
  const shift = (hash & 1) << 2
  store<u8>(at, <u8>((<u32>load<u8>(at) & ~(<u32>15 << shift)) | (merged << shift)))
}

function setBits(at: usize, bits: u32): void {
  store<u8>(at, <u8>(load<u8>(at) | bits))
}

/** Returns where `findCandidates` writes offsets, 32 bits each. */
export function candidateOffsets(): usize {
  return OFFSETS
}

/**
 * Finds four bytes that may be a gram, and writes their offsets from `from` to
 * `candidateOffsets()`, ascending. Returns their number; `resumeAt()` then tells where to continue
 * when there were too many. Up to 20 bytes behind `to` are read, and belong to no candidate.
 */
export function findCandidates(from: usize, to: usize): i32 {
  if (isReusable && from == reusableFrom && to == reusableTo) return reusableCount
  isReusable = false
  let count = 0
  let chunk = from
  for (; chunk < to && count <= MAX_OFFSETS - CHUNK_BYTES; chunk += CHUNK_BYTES) {
    const end = markBlocks(chunk, min(chunk + CHUNK_BYTES, to))
    for (let at = BLOCK_MARKS; at < end; at += 4) {
      const mark = load<u32>(at)
      const block = chunk + (mark >>> 16)
      for (let starts = mark & 0xffff; starts != 0; starts &= starts - 1) {
        const gram = block + ctz(starts)
        const code = codeOf(gramHash(load<u32>(gram)))
        if (code == 0 || gram + 4 > to) continue
        if (code != PLAIN && !mayStandBeside(code, gram, to)) continue
        store<u32>(OFFSETS + (<usize>count << 2), <u32>(gram - from))
        count += 1
      }
    }
  }
  searchedTo = chunk
  return count
}

/**
 * Writes a mark for each block in which a gram may begin: in the lower 16 bits the possible starts,
 * bit 0 for the first byte of the block, and above them the offset of the block. Returns where the
 * marks end. Examines three bytes at every second place, which are the first or the last of any
 * gram. Does not branch on what it reads, since nearly all of it is no gram. The eight hashes of a
 * block are computed at once and read back from memory, which is faster than extracting each from
 * the vector.
 */
function markBlocks(from: usize, to: usize): usize {
  let end = BLOCK_MARKS
  const firstTwoFactor = i16x8.splat(FIRST_TWO_FACTOR)
  const thirdFactor = i16x8.splat(THIRD_FACTOR)
  const lowByte = i16x8.splat(255)
  for (let block = from; block < to; block += BLOCK_BYTES) {
    const firstTwo = i16x8.mul(v128.load(block, 1), firstTwoFactor)
    const third = i16x8.mul(v128.and(v128.load(block, 3), lowByte), thirdFactor)
    v128.store(HASHES, i16x8.add(firstTwo, third))
    const low = tripleAt(0) | (tripleAt(1) << 2) | (tripleAt(2) << 4) | (tripleAt(3) << 6)
    const high = tripleAt(4) | (tripleAt(5) << 2) | (tripleAt(6) << 4) | (tripleAt(7) << 6)
    const starts = low | (high << 8)
    store<u32>(end, (<u32>(block - from) << 16) | starts)
    end += <usize>(starts != 0) << 2
  }
  return end
}

let isReusable: bool = false
let reusableFrom: usize = 0
let reusableTo: usize = 0
let reusableCount: i32 = 0

/** Lets the next search of the same bytes return the offsets that the last one found. */
export function keepCandidates(from: usize, to: usize, count: i32): void {
  reusableFrom = from
  reusableTo = to
  reusableCount = count
  isReusable = true
}

/** Ends the effect of `keepCandidates`: the bytes may change from now on. */
export function discardCandidates(): void {
  isReusable = false
}

let searchedTo: usize = 0

/** Returns where the last search stopped: at or behind its end, or before it for lack of room. */
export function resumeAt(): usize {
  return searchedTo
}

/** Returns the hash of the three lower bytes, which `markBlocks` computes for eight at once. */
function tripleHash(bytes: u32): u32 {
  return ((bytes & 0xffff) * FIRST_TWO_FACTOR + ((bytes >>> 16) & 255) * THIRD_FACTOR) & 0xffff
}

/** Returns the entry of TRIPLES for one of the eight hashes. */
// @ts-ignore: decorator
@inline
function tripleAt(hash: usize): u32 {
  return load<u8>(<usize>load<u16>(HASHES + 2 * hash), TRIPLES)
}

// @ts-ignore: decorator
@inline
function codeOf(hash: u32): u32 {
  return (<u32>load<u8>(GRAM_CODES + (hash >>> 1)) >>> ((hash & 1) << 2)) & 15
}

// @ts-ignore: decorator
@inline
function gramHash(gram: u32): u32 {
  return (gram * 0x85ebca6b) >>> 13
}
