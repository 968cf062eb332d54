import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ObjectKind } from '../../model/model.ts'
import { isReadFailure } from './pack-surprise.ts'
import { type Kernel, PADDING } from './walk/kernel.ts'

/** A loose object: `objects/3b/18e5…`. */
export interface LooseFile {
  readonly id: string
  readonly folder: string
}

export interface LooseObject {
  readonly kind: ObjectKind
  readonly content: Buffer
}

const KINDS = ['blob', 'tree', 'commit', 'tag'] as const
/** As long as a header gets. */
export const HEADER_BYTES = 32

/**
 * Reads a loose object through a kernel that is at hand, which takes less to begin with than
 * node:zlib. Twin: `readLoose`.
 */
export function readLooseWith(
  { first, reserve, memory, inflate }: Kernel,
  file: LooseFile,
  most: number,
): LooseObject | undefined {
  const packed = readCompressed(file)
  if (packed === undefined) return undefined
  const from = first + packed.length + PADDING
  if (!reserve(from + most + HEADER_BYTES)) return undefined
  memory().set(packed, first)
  const length = inflate(
    { from: first, to: first + packed.length },
    { from, to: from + most + HEADER_BYTES },
  )
  return length < 0 ? undefined : objectIn(Buffer.from(memory().subarray(from, from + length)))
}

/** Reads the compressed bytes of a loose object; undefined when the file system fails to. */
export function readCompressed({ id, folder }: LooseFile): Buffer | undefined {
  const path = join(folder, id.slice(0, 2), id.slice(2))
  try {
    return readFileSync(path)
  } catch (error) {
    if (!isReadFailure(error)) throw error
    return undefined
  }
}

/** What `blob 123\0` and content are; undefined where that is not so. */
export function objectIn(bytes: Buffer): LooseObject | undefined {
  const nul = bytes.indexOf(0)
  const [, word, size] =
    /^([a-z]+) (0|[1-9]\d*)$/.exec(bytes.toString('latin1', 0, Math.min(nul, HEADER_BYTES))) ?? []
  const kind = KINDS.find((one) => one === word)
  const content = bytes.subarray(nul + 1)
  return kind === undefined || content.length !== Number(size) ? undefined : { kind, content }
}
