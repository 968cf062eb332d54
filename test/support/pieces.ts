/** The same bytes in other pieces: what a pipe does to them. */

/** All the bytes at once, each byte by itself, and three times in pieces drawn at random. */
export function waysToCut(
  bytes: Uint8Array,
  random: () => number,
): readonly (readonly [how: string, pieces: readonly Buffer[]])[] {
  return [
    ['whole', [Buffer.from(bytes)]],
    ['byte by byte', cut(bytes, () => 1)],
    ['in pairs', cut(bytes, () => 2)],
    ['in small pieces', cut(bytes, () => 1 + Math.floor(random() * 30))],
    ['in large pieces', cut(bytes, () => 1 + Math.floor(random() * 400))],
  ]
}

/** Pieces as long as `length` says, in memory of their own that is scribbled over by nobody. */
export function cut(bytes: Uint8Array, length: () => number): readonly Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + length())
    pieces.push(Buffer.from(bytes.subarray(at, end)))
    at = end
  }
  return pieces
}

/** Gives them one after the other, as a pipe would. */
export async function* streamOf<T>(pieces: Iterable<T>): AsyncGenerator<T> {
  for (const piece of pieces) yield piece
}

/** `count` bytes, the same for the same numbers. */
export function randomBytes(count: number, random: () => number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => Math.floor(random() * 256)))
}

/** Everything an iterable gives. */
export async function gathered<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
