import { join } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import type { ObjectKind } from '../../model/model.ts'
import { hasId, WRONG_ID } from '../objects/object-id.ts'
import { isReadFailure } from './pack-surprise.ts'
import { type Kernel, KernelError, PADDING } from './walk/kernel.ts'

/** The file of a loose object: `3b/18e5…` in a folder of objects. */
export interface LooseFile {
  readonly id: string
  readonly folder: string
}

export interface LooseObject {
  readonly kind: ObjectKind
  readonly content: Buffer
}

/** The file of a loose object does not hold the object that its name says. */
export interface DamagedLooseObject {
  readonly damage: string
  /** The object as far as it can be read: a damaged object may hold a secret too. */
  readonly object?: LooseObject
}

/** Undefined when the file cannot be read, or has too much content for the caller. */
export type LooseReading = LooseObject | DamagedLooseObject | undefined

const KINDS = ['blob', 'tree', 'commit', 'tag'] as const

/** Bytes of the longest header of a loose object, and some more. */
export const MAX_HEADER_BYTES = 32

/**
 * Reads a loose object of up to `maxBytes` through a kernel, which starts faster than node:zlib.
 * Twin: `readLoose`.
 */
export function readLooseWith(
  { firstFree, reserve, memory, inflate, consumed }: Kernel,
  file: LooseFile,
  maxBytes: number,
): LooseReading {
  const compressed = readLooseFile(file)
  if (compressed === undefined) return undefined
  const source = { from: firstFree, to: firstFree + compressed.length }
  const from = source.to + PADDING
  const into = { from, to: from + maxBytes + MAX_HEADER_BYTES }
  if (!reserve(into.to)) return undefined
  memory().set(compressed, source.from)
  const length = inflate(source, into)
  if (length === KernelError.tooLong) return undefined
  if (length < 0) return BROKEN_STREAM
  const bytes = Buffer.from(memory().subarray(from, from + length))
  return parseLooseObject(file.id, bytes, compressed.length - consumed())
}

/** Reads the compressed bytes of a loose object; undefined when the file system fails to. */
export function readLooseFile({ id, folder }: LooseFile): Buffer | undefined {
  const path = join(folder, id.slice(0, 2), id.slice(2))
  try {
    return readRegularFile(path)
  } catch (error) {
    if (!isReadFailure(error)) throw error
    return undefined
  }
}

/** The file is no whole zlib stream, or its checksum is wrong. */
export const BROKEN_STREAM: DamagedLooseObject = { damage: 'its zlib stream is damaged' }

/**
 * Parses `blob 123\0` and 123 bytes of content, which hash to the id. `bytesBehind` is the number of
 * bytes that the file has behind its zlib stream.
 */
export function parseLooseObject(
  id: string,
  bytes: Buffer,
  bytesBehind: number,
): LooseObject | DamagedLooseObject {
  const nul = bytes.indexOf(0)
  const header = bytes.toString('latin1', 0, Math.min(nul, MAX_HEADER_BYTES))
  const [, word, size] = /^([a-z]+) (0|[1-9]\d*)$/.exec(header) ?? []
  const kind = KINDS.find((candidate) => candidate === word)
  if (kind === undefined) return { damage: 'its header is damaged' }
  const object = { kind, content: bytes.subarray(nul + 1) }
  if (object.content.length !== Number(size))
    return { damage: 'its header does not fit its content', object }
  if (bytesBehind > 0) return { damage: 'its file goes on behind its zlib stream', object }
  return hasId(id, kind, object.content) ? object : { damage: WRONG_ID, object }
}
