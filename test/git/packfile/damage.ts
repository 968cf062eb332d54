/** Ways to damage the files of a store by one byte. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'

/** Changes bits of the byte at a position. */
export function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] ?? 0) ^ 0x11
  chmodSync(path, 0o644)
  writeFileSync(path, bytes)
}

/** Bytes of the counts at the beginning of an index, and of what stands before them. */
const INDEX_HEAD_BYTES = 8 + 4 * 256

const objectCountOf = (index: Buffer): number => index.readUInt32BE(INDEX_HEAD_BYTES - 4)

/** Where to flip a byte: a name, the ending of the file, and the position in its bytes. */
export const packDamage: readonly (readonly [
  name: string,
  ending: '.pack' | '.idx',
  positionIn: (bytes: Buffer) => number,
])[] = [
  ['the header of a pack', '.pack', () => 9],
  ['the header of an entry', '.pack', () => 12],
  ['the first entry', '.pack', () => 40],
  ['the middle of a pack', '.pack', (bytes) => bytes.length >> 1],
  ['the last entry', '.pack', (bytes) => bytes.length - 25],
  ['the checksum of a pack', '.pack', (bytes) => bytes.length - 5],
  ['the header of an index', '.idx', () => 2],
  ['the counts of an index', '.idx', () => 8 + 4 * 100 + 3],
  ['an ID', '.idx', () => INDEX_HEAD_BYTES + 25],
  ['a CRC-32', '.idx', (bytes) => INDEX_HEAD_BYTES + 20 * objectCountOf(bytes) + 5],
  ['an offset', '.idx', (bytes) => INDEX_HEAD_BYTES + 24 * objectCountOf(bytes) + 3],
  ['the checksum of an index', '.idx', (bytes) => bytes.length - 3],
]
