// Whether anything could be seen around keywords: nearly always not, and then nobody needs to be
// asked. Twin: what `Scout` in src/detect/scout.ts says of the same bytes, as far as it sees
// nothing.
import { places } from './prefilter'
import { beginSigns, hasSignsAround } from './signs'

/**
 * Of a keyword: its length, its reach, how many needs it has or ASK, up to 8 of these by number,
 * how far from it signs matter, its bytes and what makes them lower case.
 */
const KEYWORDS = memory.data(131072, 16)
const MAX_KEYWORDS: u32 = 1024
const KEYWORD_SIZE: usize = 128
const LONGEST: usize = 48
const MAX_NEEDS_EACH: u32 = 8
const ASK: u32 = 0xffffffff
const NEED = 12
const TEXT: usize = 32
const FOLD: usize = 80
let keywords: u32 = 0

/**
 * Four bytes, and whose they are: 1 + the number of a keyword << 8 | where in it they stand.
 * Nothing but zeros ends a search.
 */
const OWNERS = memory.data(131072, 16)
const MAX_OWNERS: u32 = 1 << 14
let owners: u32 = 0

/**
 * Of what a pattern needs: how many characters, how far from the keyword, is anything before them;
 * in which round it was looked for, from where up to where; and of each byte what it can be.
 */
const NEEDS = memory.data(73728, 16)
const MAX_NEEDS: u32 = 256
const NEED_SIZE: usize = 288
const CHARS: usize = 32
const RUN: u8 = 1
const BEFORE: u8 = 2
const GLUE: u8 = 4
const AMONG: u8 = 8
let needs: u32 = 0

let round: u32 = 0
let isFull: bool = false

/** Where bytes are put for the calls below. */
const HANDED = memory.data(512, 16)

export function handed(): usize {
  return HANDED
}

/** Other keywords come. */
export function forgetKeywords(): void {
  memory.fill(OWNERS, 0, <usize>MAX_OWNERS << 3)
  keywords = owners = needs = 0
  isFull = false
}

/**
 * A keyword in lower case, with what makes bytes lower case 256 bytes behind it. Until it has
 * needs, whoever knows is asked where it stands.
 */
export function addKeyword(length: u32, reach: i32): void {
  if (keywords == MAX_KEYWORDS) isFull = true
  if (isFull) return
  const keyword = KEYWORDS + <usize>keywords * KEYWORD_SIZE
  store<u32>(keyword, min(length, <u32>LONGEST))
  store<i32>(keyword, reach, 4)
  store<u32>(keyword, ASK, 8)
  memory.copy(keyword + TEXT, HANDED, LONGEST)
  memory.copy(keyword + FOLD, HANDED + 256, LONGEST)
  keywords += 1
}

/** Four bytes by which a keyword is found. */
export function addOwner(gram: u32, keyword: u32, at: u32): void {
  if (owners == MAX_OWNERS / 2) isFull = true
  if (isFull) return
  let owner = ownerOf(gram)
  while (load<u32>(owner, 4) != 0) owner = nextOwner(owner)
  store<u32>(owner, gram)
  store<u32>(owner, 1 + ((keyword << 8) | at), 4)
  owners += 1
}

/**
 * A keyword may be passed by where none of its needs, as many as follow now, is met, and no signs
 * are so near.
 */
export function beginNeeds(keyword: u32, signs: u32): void {
  if (keyword >= keywords) return
  store<u32>(KEYWORDS + <usize>keyword * KEYWORD_SIZE, 0, 8)
  store<u32>(KEYWORDS + <usize>keyword * KEYWORD_SIZE, signs, 28)
}

/** One of these, with bits for each byte. */
export function addNeed(keyword: u32, length: u32, window: u32, isBehind: bool): void {
  if (keyword >= keywords) return
  const at = KEYWORDS + <usize>keyword * KEYWORD_SIZE
  const count = load<u32>(at, 8)
  if (count == ASK) return
  if (count == MAX_NEEDS_EACH || needs == MAX_NEEDS) {
    store<u32>(at, ASK, 8)
    return
  }
  store<u16>(at + NEED + 2 * <usize>count, <u16>needs)
  store<u32>(at, count + 1, 8)
  const need = NEEDS + <usize>needs * NEED_SIZE
  store<u32>(need, length)
  store<u32>(need, window, 4)
  store<u32>(need, <u32>isBehind, 8)
  store<u32>(need, 0, 12)
  memory.copy(need + CHARS, HANDED, 256)
  needs += 1
}

/**
 * How far the keywords reach that stand at the places of the last search; -1 where something could
 * be seen around one of them.
 */
export function reachOf(from: usize, to: usize, count: i32): i32 {
  if (isFull) return -1
  round += 1
  beginSigns(from, to)
  let reach = 0
  const found = places()
  for (let index: usize = 0; index < <usize>count; index += 1) {
    const place = from + load<u32>(found + (index << 2))
    const gram = load<u32>(place)
    for (let owner = ownerOf(gram); load<u32>(owner, 4) != 0; owner = nextOwner(owner)) {
      if (load<u32>(owner) != gram) continue
      const whose = load<u32>(owner, 4) - 1
      const keyword = KEYWORDS + <usize>(whose >>> 8) * KEYWORD_SIZE
      const start = place - (whose & 255)
      if (start < from || !stands(keyword, start, to)) continue
      reach = max(reach, load<i32>(keyword, 4))
      const its = load<u32>(keyword, 8)
      if (its == ASK) return -1
      for (let need: u32 = 0; need < its; need += 1) if (isMet(NEEDS + <usize>load<u16>(keyword + NEED + 2 * <usize>need) * NEED_SIZE, start, from, to)) return -1
      const signs = <usize>load<u32>(keyword, 28)
      if (signs > 0 && hasSignsAround(start, signs)) return -1
    }
  }
  return reach
}

function stands(keyword: usize, start: usize, to: usize): bool {
  const length = <usize>load<u32>(keyword)
  if (start + length > to) return false
  for (let at: usize = 0; at < length; at += 1) if ((load<u8>(start + at) | load<u8>(keyword + at, FOLD)) != load<u8>(keyword + at, TEXT)) return false
  return true
}

/**
 * Is it, around a keyword at `start`? Around others it was not, as far as was looked in this round.
 */
function isMet(need: usize, start: usize, from: usize, to: usize): bool {
  const length = <usize>load<u32>(need)
  const window = <usize>load<u32>(need, 4)
  let begin = start - from > window ? start - window : from
  const end = min(to, start + window)
  const begun = <usize>load<u32>(need, 16)
  const done = <usize>load<u32>(need, 20)
  if (load<u32>(need, 12) == round && begin >= begun && begin <= done) {
    begin = max(begin, done - length)
    store<u32>(need, <u32>max(end, done), 20)
  } else {
    store<u32>(need, round, 12)
    store<u32>(need, <u32>begin, 16)
    store<u32>(need, <u32>end, 20)
  }
  return isThere(need, begin, end, from)
}

/** `isThere` of src/detect/necessity.ts. */
function isThere(need: usize, from: usize, to: usize, first: usize): bool {
  const length = <usize>load<u32>(need)
  for (let at = from + length - 1; at < to; at += length) {
    if (!can(need, at, RUN)) continue
    let start = at
    while (start > from && can(need, start - 1, RUN)) start -= 1
    while (at < to && can(need, at, RUN)) at += 1
    if (at - start < length) continue
    let end = at
    while (end > start && !can(need, end - 1, AMONG)) end -= 1
    if (end == start) continue
    if (load<u32>(need, 8) == 0) return true
    for (let place = start; place < min(at - length, end - 1); place += 1) if (can(need, place, BEFORE)) return true
    let place = start
    while (place > first && !can(need, place - 1, BEFORE) && can(need, place - 1, GLUE)) place -= 1
    if (place > first && can(need, place - 1, BEFORE)) return true
  }
  return false
}

// @ts-ignore: decorator
@inline
function can(need: usize, at: usize, what: u8): bool {
  return (load<u8>(need + <usize>load<u8>(at), CHARS) & what) != 0
}

// @ts-ignore: decorator
@inline
function ownerOf(gram: u32): usize {
  return OWNERS + (<usize>((gram * 0x85ebca6b) >>> 18) << 3)
}

// @ts-ignore: decorator
@inline
function nextOwner(owner: usize): usize {
  return owner + 8 == OWNERS + (<usize>MAX_OWNERS << 3) ? OWNERS : owner + 8
}
