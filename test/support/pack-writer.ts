/** Packs written by hand, entry by entry, as git would read them. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'

/** Bytes to insert, or a part of the base. */
export type Op = Uint8Array | readonly [offset: number, size: number]

/**
 * An object, a blob if nothing is said, that stands whole in a pack, or as what it changes in one
 * before it.
 */
export interface Packed {
  readonly content: Buffer
  readonly kind?: keyof typeof TYPES
  readonly delta?: { readonly base: number; readonly ops: readonly Op[]; readonly byName: boolean }
  /** The bytes of the delta, instead of its instructions. */
  readonly raw?: Buffer
}

const TYPES = { commit: 1, tree: 2, blob: 3, tag: 4 } as const

export type Hash = 'sha1' | 'sha256'

export function nameOf(content: Buffer, kind = 'blob', hash: Hash = 'sha1'): string {
  return createHash(hash).update(`${kind} ${content.length}\0`).update(content).digest('hex')
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left])
    bytes.push((left % 128) | 0x80)
  }
}

/** Inserts hold at most 127 bytes, copies at most 0xffffff: longer ones become several. */
export function encodeDelta(baseSize: number, resultSize: number, ops: readonly Op[]): Buffer {
  return Buffer.concat([
    varint(baseSize),
    varint(resultSize),
    ...ops.flatMap((op) => (op instanceof Uint8Array ? inserts(op) : copies(op))),
  ])
}

function inserts(bytes: Uint8Array): readonly Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; at += 127) {
    const part = bytes.subarray(at, at + 127)
    parts.push(Buffer.concat([Buffer.of(part.length), part]))
  }
  return parts
}

function copies([offset, size]: readonly [number, number]): readonly Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0; at < size; at += 0xffff)
    parts.push(copy(offset + at, Math.min(0xffff, size - at)))
  return parts
}

function copy(offset: number, size: number): Buffer {
  const bytes = [offset, offset >>> 8, offset >>> 16, offset >>> 24, size, size >>> 8].map(
    (byte) => byte & 0xff,
  )
  return Buffer.from([
    bytes.reduce((bits, byte, at) => (byte === 0 ? bits : bits | (1 << at)), 0x80),
    ...bytes.filter((byte) => byte !== 0),
  ])
}

/**
 * Writes `pack-….pack` and its index into `<objects>/pack`; gives their path without the ending.
 */
export function writePack(objects: string, packed: readonly Packed[], hash: Hash = 'sha1'): string {
  const starts: number[] = []
  const parts: Buffer[] = [Buffer.concat([Buffer.from('PACK'), word(2), word(packed.length)])]
  let at = 12
  for (const object of packed) {
    starts.push(at)
    const entry = entryOf(object, { packed, starts, hash })
    parts.push(entry)
    at += entry.length
  }
  const body = Buffer.concat(parts)
  const checksum = digest(hash, body)
  const path = join(objects, 'pack', `pack-${checksum.toString('hex')}`)
  mkdirSync(join(objects, 'pack'), { recursive: true })
  writeFileSync(`${path}.pack`, Buffer.concat([body, checksum]))
  writeFileSync(`${path}.idx`, indexOf({ packed, starts, hash }, parts.slice(1), checksum))
  return path
}

interface Writing {
  readonly packed: readonly Packed[]
  readonly starts: readonly number[]
  readonly hash: Hash
}

function entryOf(
  { content, kind = 'blob', delta, raw }: Packed,
  { packed, starts, hash }: Writing,
): Buffer {
  const base = delta && packed[delta.base]
  if (delta === undefined || base === undefined)
    return Buffer.concat([header(TYPES[kind], content.length), deflateSync(content)])
  const bytes = raw ?? encodeDelta(base.content.length, content.length, delta.ops)
  const start = starts.at(-1) ?? 0
  const reference = delta.byName
    ? Buffer.from(nameOf(base.content, base.kind, hash), 'hex')
    : distance(start - (starts[delta.base] ?? 0))
  return Buffer.concat([header(delta.byName ? 7 : 6, bytes.length), reference, deflateSync(bytes)])
}

function header(type: number, size: number): Buffer {
  const first = (type << 4) | (size & 15)
  return size < 16
    ? Buffer.of(first)
    : Buffer.concat([Buffer.of(first | 0x80), varint(Math.floor(size / 16))])
}

function distance(value: number): Buffer {
  const bytes = [value & 0x7f]
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) {
    left -= 1
    bytes.unshift((left & 0x7f) | 0x80)
  }
  return Buffer.from(bytes)
}

/** Version 2. */
function indexOf(
  { packed, starts, hash }: Writing,
  entries: readonly Buffer[],
  checksum: Buffer,
): Buffer {
  const rows = packed.map(({ content, kind }, at) => ({
    id: Buffer.from(nameOf(content, kind, hash), 'hex'),
    start: starts[at] ?? 0,
    crc: crc32(entries[at] ?? ''),
  }))
  rows.sort((a, b) => a.id.compare(b.id))
  const fanout = Array.from({ length: 256 }, (_, first) =>
    word(rows.filter(({ id }) => (id[0] ?? 0) <= first).length),
  )
  const body = Buffer.concat([
    Buffer.from('ff744f6300000002', 'hex'),
    ...fanout,
    ...rows.map(({ id }) => id),
    ...rows.map(({ crc }) => word(crc)),
    ...rows.map(({ start }) => word(start)),
    checksum,
  ])
  return Buffer.concat([body, digest(hash, body)])
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function digest(hash: Hash, bytes: Buffer): Buffer {
  return createHash(hash).update(bytes).digest()
}
