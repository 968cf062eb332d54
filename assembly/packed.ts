// Which objects are in packs, by a table of names that is not in this memory.

/** The number of a name, given as words of four bytes, lowest first, of which a name of 20 bytes has five; -1 for what is not known there. */
// @ts-ignore: decorator
@external('walk', 'find')
declare function find(a: u32, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32, h: u32): i32

let packed: u32 = 0

/** Numbers of names below this are those of objects in packs. */
export function setPacked(names: u32): void {
  packed = names
}

/** Is it the name of an object in a pack? Reads 32 bytes. */
export function isPacked(id: usize): bool {
  return <u32>find(load<u32>(id), load<u32>(id, 4), load<u32>(id, 8), load<u32>(id, 12), load<u32>(id, 16), load<u32>(id, 20), load<u32>(id, 24), load<u32>(id, 28)) < packed
}
