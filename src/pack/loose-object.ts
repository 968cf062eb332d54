import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import type { ObjectKind } from '../model.ts'

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
const HEADER_BYTES = 32

/**
 * Inflates a loose object: `blob 123\0` and the content. Undefined when it is gone, damaged or larger than `most`: git
 * knows better what to say of it.
 */
export function readLoose({ id, folder }: LooseFile, most: number): LooseObject | undefined {
  try {
    const bytes = inflateSync(readFileSync(join(folder, id.slice(0, 2), id.slice(2))), { maxOutputLength: most + HEADER_BYTES })
    const nul = bytes.indexOf(0)
    const [, word, size] = /^([a-z]+) (0|[1-9]\d*)$/.exec(bytes.toString('latin1', 0, Math.min(nul, HEADER_BYTES))) ?? []
    const kind = KINDS.find((one) => one === word)
    const content = bytes.subarray(nul + 1)
    return kind === undefined || content.length !== Number(size) ? undefined : { kind, content }
  } catch {
    return undefined
  }
}
