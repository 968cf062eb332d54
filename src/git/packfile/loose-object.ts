import { join } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import type { ObjectKind } from '../../model/model.ts'
import { isReadFailure } from './pack-surprise.ts'
import { type Kernel, PADDING } from './walk/kernel.ts'

/** The file of a loose object: `3b/18e5…` in a folder of objects. */
export interface LooseFile {
  readonly id: string
  readonly folder: string
}

export interface LooseObject {
  readonly kind: ObjectKind
  readonly content: Buffer
}

const KINDS = ['blob', 'tree', 'commit', 'tag'] as const

/** Bytes of the longest header of a loose object, and some more. */
export const MAX_HEADER_BYTES = 32

/**
 * Reads a loose object through a kernel, which starts faster than node:zlib. Returns undefined when
 * the file cannot be read, is damaged, or has more than `maxBytes` of content. Twin: `readLoose`.
 */
export function readLooseWith(
  { firstFree, reserve, memory, inflate }: Kernel,
  file: LooseFile,
  maxBytes: number,
): LooseObject | undefined {
  const compressed = readLooseFile(file)
  if (compressed === undefined) return undefined
  const source = { from: firstFree, to: firstFree + compressed.length }
  const from = source.to + PADDING
  const into = { from, to: from + maxBytes + MAX_HEADER_BYTES }
  if (!reserve(into.to)) return undefined
  memory().set(compressed, source.from)
  const length = inflate(source, into)
  if (length < 0) return undefined
  return parseLooseObject(Buffer.from(memory().subarray(from, from + length)))
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

/** Parses `blob 123\0` and 123 bytes of content; undefined for anything else. */
export function parseLooseObject(bytes: Buffer): LooseObject | undefined {
  const nul = bytes.indexOf(0)
  const header = bytes.toString('latin1', 0, Math.min(nul, MAX_HEADER_BYTES))
  const [, word, size] = /^([a-z]+) (0|[1-9]\d*)$/.exec(header) ?? []
  const kind = KINDS.find((candidate) => candidate === word)
  const content = bytes.subarray(nul + 1)
  return kind === undefined || content.length !== Number(size) ? undefined : { kind, content }
}
