/** Shapes of archives, honest and hostile. */
import { spawnSync } from 'node:child_process'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { tarOf, zipOf } from '../../test/support/archives.ts'
import type { Random } from '../random.ts'

interface ArchiveCase {
  readonly how: string
  readonly bytes: Buffer
  /** The text inside must be found: it is within all limits. */
  readonly reachable?: boolean
}

/** Returns an archive that may hold the text. */
type Shape = (random: Random, text: Buffer) => ArchiveCase

interface Format {
  readonly name: string
  readonly wrap: (bytes: Buffer) => Buffer
}

function by(name: string, ...command: readonly string[]): Format {
  const [program = '', ...args] = command
  return {
    name,
    wrap: (input) => {
      const options = { input, maxBuffer: 2 ** 30, timeout: 60_000 }
      const { status, stdout } = spawnSync(program, args, options)
      // Without the program the bytes stay as they are, which is a case of its own.
      return status === 0 ? stdout : input
    },
  }
}

const streams: readonly Format[] = [
  { name: 'gz', wrap: (bytes) => gzipSync(bytes) },
  by('bz2', 'bzip2', '-c'),
  by('xz', 'xz', '-0', '-c'),
  by('zst', 'zstd', '-qc'),
]

const formats: readonly Format[] = [
  ...streams,
  { name: 'zip', wrap: (bytes) => zipOf([{ name: 'inner', data: bytes }]) },
  { name: 'tar', wrap: (bytes) => tarOf([{ name: 'inner', data: bytes }]) },
]

const honest: Shape = (random, text) => {
  const layers = Array.from({ length: 1 + random.below(3) }, () => random.pick(formats))
  return {
    how: `${layers.map(({ name }) => name).join(' in ')}, with a secret`,
    bytes: layers.reduce((bytes, { wrap }) => wrap(bytes), text),
    // Node 20 has no zstd.
    reachable: layers.every(({ name }) => name !== 'zst'),
  }
}

const nested: Shape = (random, text) => {
  const { name, wrap } = random.pick(formats)
  const depth = 20 + random.below(100)
  let bytes = text
  for (let level = 0; level < depth; level += 1) bytes = wrap(bytes)
  return { how: `${depth} nested ${name}`, bytes }
}

const concatenated: Shape = (random, text) => {
  const { name, wrap } = random.pick(streams)
  const count = random.pick([2, 100, 5000, 50_000])
  const one = wrap(random.chance(0.5) ? Buffer.alloc(0) : text)
  const bytes = Buffer.concat(Array.from({ length: count }, () => one))
  return { how: `${count} ${name} streams in a row`, bytes }
}

const bomb: Shape = (random) => {
  const { name, wrap } = random.pick(formats)
  const megabytes = random.pick([10, 100, 400])
  const once = wrap(Buffer.alloc(megabytes << 20))
  const twice = random.chance(0.5) || once.length > 32 << 20
  const bytes = twice ? gzipSync(once) : once
  return { how: `${megabytes} MiB of zeros in ${name}${twice ? ' in gz' : ''}`, bytes }
}

const overlappingZip: Shape = (random) => {
  const data = Buffer.alloc(1 << 20)
  const entries = Array.from(
    { length: 1000 },
    (_, n) => ({ name: `${n}`, data, at: 0, only: 'listed' }) as const,
  )
  const options = random.chance(0.3) ? { count: 65_535 } : {}
  return {
    how: 'a zip whose members overlap',
    bytes: zipOf([{ name: 'all', data }, ...entries], options),
  }
}

const lyingZip: Shape = (random, text) => {
  const declared = random.pick([0, 1, 2 ** 31 - 1, 2 ** 32 - 1])
  const flags = random.pick([0, 1, 8])
  const method = random.pick([0, 8, 9, 14, 99])
  return {
    how: `a zip that declares ${declared} bytes, method ${method}, flags ${flags}`,
    bytes: zipOf([{ name: 'a.ini', data: text, declared, flags, method }]),
  }
}

const lyingTar: Shape = (random, text) => {
  const type = random.pick(['L', 'x', 'g', 'K', 'S', '0', '2', '5'])
  const entries = [
    { name: 'x', data: text, declared: 0o77777777777, type },
    { name: 'y', data: text },
  ]
  return { how: `a tar whose ${type} header declares 8 GiB`, bytes: tarOf(entries) }
}

const damaged: Shape = (random, text) => {
  const { name, wrap } = random.pick(formats)
  const bytes = Buffer.from(wrap(Buffer.concat(Array.from({ length: 50 }, () => text))))
  for (let n = 0; n < 1 + random.below(5); n += 1)
    bytes[random.below(bytes.length)] = random.below(256)
  const cut = random.chance(0.4) ? random.below(bytes.length) : bytes.length
  return { how: `damaged ${name}, its first ${cut} bytes`, bytes: bytes.subarray(0, cut) }
}

/** First bytes of formats that are opened, and of some that are not. */
const heads = [
  'PK\x03\x04',
  '\x1f\x8b\x08',
  'BZh9',
  '\xfd7zXZ\0',
  '\x28\xb5\x2f\xfd',
  'SQLite format 3\0',
  '\xa7\r\r\n',
  '7z\xbc\xaf\x27\x1c',
  'Rar!\x1a\x07',
]

const noise: Shape = (random) => {
  const head = Buffer.from(random.pick(heads), 'latin1')
  return {
    how: `noise after ${JSON.stringify(head.toString('latin1'))}`,
    bytes: Buffer.concat([head, random.bytes(20_000)]),
  }
}

const rawDeflate: Shape = (_random, text) => ({
  how: 'a raw deflate stream',
  bytes: deflateRawSync(text),
})

export const archiveShapes: readonly Shape[] = [
  honest,
  nested,
  concatenated,
  bomb,
  overlappingZip,
  lyingZip,
  lyingTar,
  damaged,
  noise,
  rawDeflate,
]
