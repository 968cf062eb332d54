// What versions of trees change, and what commits refer to, noted for whoever asks later who
// brought something in. Nearly nobody does, so it has to cost nearly nothing. What is not noted can
// be read: a tree with entries that git would not write, or not in this order. src/git/noted.ts has
// the form of notes. Twins: `Trees.add` and `Commits.add` in src/attribute.

/** Takes notes, which are written over after that. */
// @ts-ignore: decorator
@external('walk', 'keepNotes')
declare function keepNotes(from: usize, to: usize): void

const ROOM: usize = 1 << 20
const NOTES = memory.data(1048576, 16)
const HEAD: usize = 8
/** The longest name of a folder that is noted. */
const LONGEST_FOLDER: usize = 4096

/** Stand before what a folder is noted by. Before other entries stands how many they are. */
export const CHANGED: u8 = 0
export const GONE: u8 = 254
export const COME: u8 = 255
const MAX_PLAIN: u8 = 253
/** So many first bytes of an object's name are noted of an entry that is no folder. */
const PREFIX: usize = 3

let on: bool = false
/** Where the next note begins, and where what was written of it ends. */
let start: usize = NOTES
let end: usize = NOTES
/**
 * Where it stands of how many entries that are no folders the last that were noted are; 0 if others
 * came after them.
 */
let run: usize = 0

export function setNoting(noting: bool): void {
  on = noting
  start = end = NOTES
}

/** Hands on what was not yet. */
export function flushNotes(): void {
  if (start > NOTES) keepNotes(NOTES, start)
  start = end = NOTES
}

/** Begins a note. Where nothing is to be noted, notes are written nowhere. */
export function open(entry: i32): void {
  if (!on) return
  if (start + HEAD > NOTES + ROOM) flushNotes()
  store<i32>(start, entry)
  end = start + HEAD
  run = 0
}

export function close(): void {
  if (!on) return
  store<u32>(start, <u32>(end - start - HEAD), 4)
  start = end = (end + 3) & ~3
}

/** Is there room for so many bytes, if need be when what was noted before is handed on? */
function hasRoom(bytes: usize): bool {
  if (end + bytes + 4 <= NOTES + ROOM) return true
  if (start == NOTES || end - start + bytes + 4 > ROOM) return false
  const length = end - start
  keepNotes(NOTES, start)
  memory.copy(NOTES, start, length)
  if (run != 0) run -= start - NOTES
  start = NOTES
  end = NOTES + length
  return true
}

/** Notes the number of an object's name, if it has one. */
export function noteLink(number: i32): bool {
  if (!on) return true
  if (number < 0 || !hasRoom(4)) return false
  store<i32>(end, number)
  end += 4
  return true
}

/** Notes an entry that is no folder by the first bytes of its object's name. */
export function notePlain(id: usize): bool {
  if (!on) return true
  if (!hasRoom(2 + PREFIX)) return false
  if (run == 0 || load<u8>(run) == MAX_PLAIN) {
    run = end
    store<u8>(run, 0)
    end += 1
  }
  store<u8>(run, load<u8>(run) + 1)
  store<u32>(end, load<u32>(id))
  end += PREFIX
  return true
}

/** Notes a folder by its name and the number of its object's, if that has one. */
export function noteFolder(sign: u8, name: usize, nul: usize, number: i32): bool {
  if (!on) return true
  const length = nul - name
  if (number < 0 || length > LONGEST_FOLDER || !hasRoom(7 + length)) return false
  run = 0
  store<u8>(end, sign)
  store<u16>(end, <u16>length, 1)
  store<i32>(end, number, 3)
  memory.copy(end + 7, name, length)
  end += 7 + length
  return true
}
