// Names of objects, and their numbers. Twin: `IdTable` in src/pack/id-table.ts.

/** As there: a name is in one of so many slots. */
const MOST_STEPS = 256

let ids: usize = 0
let slots: usize = 0
let mask: usize = 0
/** The first bits of a name choose its slot: as many as are left when it is shifted by this. */
let shift: u32 = 0
let idBytes: usize = 0

/** Says where names are, and slots, of which there are a power of two. */
export function setIds(idsAt: usize, slotsAt: usize, slotCount: u32, bytesOfIds: usize): void {
  ids = idsAt
  slots = slotsAt
  mask = slotCount - 1
  shift = clz(slotCount) + 1
  idBytes = bytesOfIds
}

/** The number of a name, given as words of four bytes, lowest first; -1 where there is none. Of a name of 20 bytes the last three are not looked at. */
export function find(a: u32, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32, h: u32): i32 {
  let slot = <usize>(bswap(a) >>> shift)
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const number = load<i32>(slots + (slot << 2)) - 1
    if (number < 0) return -1
    const at = ids + <usize>number * idBytes
    if (load<u32>(at) == a && load<u32>(at, 4) == b && load<u32>(at, 8) == c && load<u32>(at, 12) == d && load<u32>(at, 16) == e) {
      if (idBytes == 20 || (load<u32>(at, 20) == f && load<u32>(at, 24) == g && load<u32>(at, 28) == h)) return number
    }
    slot = (slot + 1) & mask
  }
  return -1
}

/** The number of the name that stands somewhere, or -1. Reads 32 bytes. */
export function findAt(at: usize): i32 {
  return find(load<u32>(at), load<u32>(at, 4), load<u32>(at, 8), load<u32>(at, 12), load<u32>(at, 16), load<u32>(at, 20), load<u32>(at, 24), load<u32>(at, 28))
}

/**
 * Adds `more` names that stand behind the `count` that there are: those that are new move up, in their order. Writes the number of each,
 * 32 bits, and gives how many names there are now; -1 where too many are alike.
 */
export function addIds(count: u32, more: u32, numbers: usize): i32 {
  let next = count
  for (let place: u32 = 0; place < more; place += 1) {
    const from = ids + <usize>(count + place) * idBytes
    const slot = slotOf(from)
    if (slot == 0) return -1
    let number = load<i32>(slot) - 1
    if (number < 0) {
      const to = ids + <usize>next * idBytes
      if (to != from) memory.copy(to, from, idBytes)
      number = next
      next += 1
      store<i32>(slot, <i32>next)
    }
    store<i32>(numbers + (<usize>place << 2), number)
  }
  return next
}

/** Where the slot is that a name has, or may have; 0 where others have all of them. */
function slotOf(name: usize): usize {
  const first = load<u32>(name)
  let slot = <usize>(bswap(first) >>> shift)
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const at = slots + (slot << 2)
    const number = load<i32>(at) - 1
    if (number < 0) return at
    const other = ids + <usize>number * idBytes
    if (load<u32>(other) == first && memory.compare(other, name, idBytes) == 0) return at
    slot = (slot + 1) & mask
  }
  return 0
}
