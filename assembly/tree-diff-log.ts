// The log of what versions of trees change and what commits link to. Attribution reads it later to
// find who introduced a secret. Most scans find none, so logging has to cost next to nothing: an
// object that is not logged, such as a tree that git would not write, can still be read.
// src/git/objects/tree-diff-log.ts defines the format. Twins: `Trees.add` and `Commits.add` in
// src/git/attribution/history.

/** Copies finished log records to JavaScript, before their memory is reused. */
// @ts-ignore: decorator
@external('walk', 'saveTreeDiffs')
declare function saveTreeDiffs(from: usize, to: usize): void

const LOG_BYTES: usize = 1 << 20
const LOG = memory.data(1048576, 16)
/** Bytes before each record: the entry, and the length of what follows. */
const RECORD_HEADER_BYTES: usize = 8
/** The longest folder name that is logged. */
const MAX_FOLDER_NAME: usize = 4096

/** The byte before a folder. Before other entries stands their number, at most MAX_RUN. */
export const CHANGED: u8 = 0
export const REMOVED: u8 = 254
export const ADDED: u8 = 255
const MAX_RUN: u8 = 253
/** The first bytes of its object ID that are logged for an entry that is no folder. */
const PREFIX_BYTES: usize = 3

let isLogging: bool = false
/** The address of the next record, and the end of its part that is written. */
let start: usize = LOG
let end: usize = LOG
/**
 * The address of the byte that counts the last run of entries that are no folders; 0 when the next
 * such entry begins a new run.
 */
let run: usize = 0

/** Turns the log on or off, and empties it. */
export function setTreeDiffLogging(on: bool): void {
  isLogging = on
  start = end = LOG
}

/** Hands all finished records to JavaScript. */
export function flushTreeDiffs(): void {
  if (start > LOG) saveTreeDiffs(LOG, start)
  start = end = LOG
}

/** Begins the record of an entry. All functions below do nothing while the log is off. */
export function openRecord(entry: i32): void {
  if (!isLogging) return
  if (start + RECORD_HEADER_BYTES > LOG + LOG_BYTES) flushTreeDiffs()
  store<i32>(start, entry)
  end = start + RECORD_HEADER_BYTES
  run = 0
}

/** Finishes the record. A record that is not closed is overwritten by the next one. */
export function closeRecord(): void {
  if (!isLogging) return
  store<u32>(start, <u32>(end - start - RECORD_HEADER_BYTES), 4)
  start = end = (end + 3) & ~3
}

/** Ensures room for `bytes` more in the record, if need be by flushing the records before it. */
function ensureRoom(bytes: usize): bool {
  if (end + bytes + 4 <= LOG + LOG_BYTES) return true
  if (start == LOG || end - start + bytes + 4 > LOG_BYTES) return false
  const length = end - start
  saveTreeDiffs(LOG, start)
  memory.copy(LOG, start, length)
  if (run != 0) run -= start - LOG
  start = LOG
  end = LOG + length
  return true
}

/** Logs the number of an object ID. False when it has none or there is no room. */
export function logLink(number: i32): bool {
  if (!isLogging) return true
  if (number < 0 || !ensureRoom(4)) return false
  store<i32>(end, number)
  end += 4
  return true
}

/** Logs an entry that is no folder, by the first bytes of its object ID. */
export function logFile(id: usize): bool {
  if (!isLogging) return true
  if (!ensureRoom(2 + PREFIX_BYTES)) return false
  if (run == 0 || load<u8>(run) == MAX_RUN) {
    run = end
    store<u8>(run, 0)
    end += 1
  }
  store<u8>(run, load<u8>(run) + 1)
  store<u32>(end, load<u32>(id))
  end += PREFIX_BYTES
  return true
}

/**
 * Logs a folder by its change, its name in `[name, nul)` and the number of its object ID. False
 * when it has no number, too long a name, or there is no room.
 */
export function logFolder(change: u8, name: usize, nul: usize, number: i32): bool {
  if (!isLogging) return true
  const length = nul - name
  if (number < 0 || length > MAX_FOLDER_NAME || !ensureRoom(7 + length)) return false
  run = 0
  store<u8>(end, change)
  store<u16>(end, <u16>length, 1)
  store<i32>(end, number, 3)
  memory.copy(end + 7, name, length)
  end += 7 + length
  return true
}
