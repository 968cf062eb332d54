/** Archives made byte by byte: those that no honest program writes. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  readonly name: string | Buffer
  readonly data: Buffer
  readonly stored?: boolean
  /** Bits of the general purpose flag: 1 says that it is encrypted. */
  readonly flags?: number
  readonly method?: number
  /** What the headers say of its size. */
  readonly declared?: number
  /** Where the directory says it is, instead of where it is. */
  readonly at?: number
  /** The directory names it and nothing else has it, or the other way around. */
  readonly only?: 'listed' | 'stored'
}

export interface ZipOptions {
  /** What the end says of the directory's place, and of how many entries it has. */
  readonly directoryAt?: number
  readonly count?: number
}

/** A zip: for each entry a local header and its data, then the directory, then its end. */
export function zipOf(
  entries: readonly ZipEntry[],
  { directoryAt, count }: ZipOptions = {},
): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const {
    name,
    data,
    stored = false,
    flags = 0,
    method = stored ? 0 : 8,
    declared = data.length,
    at: claimed,
    only,
  } of entries) {
    const [bytes, packed] = [Buffer.from(name), stored ? data : deflateRawSync(data)]
    const fields = Buffer.alloc(26)
    for (const [offset, value] of [
      [0, 20],
      [2, flags],
      [4, method],
      [22, bytes.length],
    ] as const)
      fields.writeUInt16LE(value, offset)
    for (const [offset, value] of [
      [10, crc32(data)],
      [14, packed.length],
      [18, declared],
    ] as const)
      fields.writeUInt32LE(value, offset)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(claimed ?? at, 10)
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), fields, bytes, packed])
    if (only !== 'listed') files.push(file)
    if (only !== 'stored')
      directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), fields, tail, bytes]))
    if (only !== 'listed') at += file.length
  }
  const end = Buffer.alloc(18)
  for (const offset of [4, 6]) end.writeUInt16LE(count ?? directory.length, offset)
  end.writeUInt32LE(Buffer.concat(directory).length, 8)
  end.writeUInt32LE(directoryAt ?? at, 12)
  return Buffer.concat([...files, ...directory, Buffer.from('PK\x05\x06'), end])
}

export interface TarEntry {
  readonly name: string
  readonly data: Buffer
  /** What the header says of its size, instead of what it is. */
  readonly declared?: number
  readonly type?: string
}

/** A tar: a block of header for each entry, its data filled up to blocks, two empty blocks. */
export function tarOf(entries: readonly TarEntry[], { end = 2 } = {}): Buffer {
  const blocks = entries.flatMap(({ name, data, declared = data.length, type = '0' }) => {
    const header = Buffer.alloc(512)
    header.write(name, 0, 100, 'latin1')
    header.write('0000644\0', 100)
    header.write(`${declared.toString(8).padStart(11, '0')}\0`, 124)
    header.write('00000000000\0', 136)
    header.write(`        ${type}`, 148)
    header.write('ustar\x0000', 257)
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    )
    return [header, data, Buffer.alloc(-data.length & 511)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(512 * end)])
}
