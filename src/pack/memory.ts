import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Named } from '../git/sieve.ts'
import type { ObjectKind } from '../model.ts'
import { readIfThere } from './store.ts'

/** What a reading of packs learned. Packs never change, so the next reading need not do it again. */
export interface Memory {
  /** Checksums of the packs. */
  readonly packs: readonly string[]
  readonly passed: Readonly<Record<ObjectKind, number>>
  readonly bytes: number
  /** Names of the objects in which something was found. */
  readonly found: readonly string[]
  readonly names: readonly Named[]
  /** Is all there that they refer to, and what of that was in no pack. */
  readonly linked: boolean
  readonly outside: readonly string[]
}

export interface MemoryPlace {
  /** Folder of the repository, in which `oakum/` is made. */
  readonly folder: string
  /** What the answer hangs on besides the packs: rules, and how they are applied. */
  readonly digest: string
  /** File of the user's own that holds the key, made when it is not there. */
  readonly keyFile: string
}

/** Changes whenever the form of what is kept does, or what a reader makes of packs. */
const GENERATION = 1

/** Sets of rules that are remembered at the same time. */
const MOST_FILES = 8

/**
 * Keeps what was learned in the repository, signed with a key of the user's: a repository that comes with such a file of its
 * own could else call itself clean. It holds names of objects and of env files, counts, and nothing of any content.
 */
export class MemoryFile {
  readonly #place: MemoryPlace
  readonly #path: string

  constructor(place: MemoryPlace) {
    this.#place = place
    this.#path = join(place.folder, 'oakum', `history-${place.digest}.json`)
  }

  /** What was kept; undefined when there is nothing, or nothing to be trusted. */
  read(): Memory | undefined {
    try {
      // A link could lead anywhere, and reading from a pipe would wait for ever.
      if (!lstatSync(dirname(this.#path)).isDirectory() || !lstatSync(this.#path).isFile()) return undefined
      const text = readFileSync(this.#path, 'utf8')
      const cut = text.indexOf('\n')
      const sign = Buffer.from(text.slice(0, cut), 'hex')
      const body = text.slice(cut + 1)
      const own = this.#sign(body)
      return own !== undefined && sign.length === own.length && timingSafeEqual(sign, own) ? revive(body) : undefined
    } catch {
      return undefined
    }
  }

  /** Keeps what there is to keep, if that can be done without following links; a scan is none the worse without. */
  write(memory: Memory | undefined): void {
    if (memory === undefined) return
    const folder = dirname(this.#path)
    try {
      mkdirSync(folder, { mode: 0o700, recursive: true })
      if (!lstatSync(folder).isDirectory()) return
      const body = JSON.stringify(memory, (_, value: unknown) => (value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value))
      const sign = this.#sign(body)
      if (sign === undefined) return
      const draft = `${this.#path}.${randomBytes(6).toString('hex')}`
      try {
        writeFileSync(draft, `${sign.toString('hex')}\n${body}`, { flag: 'wx', mode: 0o600 })
        renameSync(draft, this.#path)
      } finally {
        rmSync(draft, { force: true })
      }
      forgetOldest(folder)
    } catch {
      // A folder that cannot be written to is no reason to fail: the next scan reads everything again.
    }
  }

  #sign(body: string): Buffer | undefined {
    const key = readIfThere(this.#place.keyFile) ?? makeKey(this.#place.keyFile)
    return key.length < 32 ? undefined : createHmac('sha256', key).update(`${GENERATION} ${this.#place.digest}\n${body}`).digest()
  }
}

function makeKey(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, randomBytes(32), { flag: 'wx', mode: 0o600 })
  renameSync(draft, path)
  return readFileSync(path)
}

function forgetOldest(folder: string): void {
  const files = readdirSync(folder).filter((name) => name.startsWith('history-')).map((name) => join(folder, name))
  const newest = files.toSorted((a, b) => lstatSync(b).mtimeMs - lstatSync(a).mtimeMs)
  for (const path of newest.slice(MOST_FILES)) rmSync(path, { force: true })
}

/** It was signed, so it has the form in which it was written. */
function revive(body: string): Memory {
  const memory: Memory = JSON.parse(body, (_, value: unknown) => (isBase64(value) ? Uint8Array.from(Buffer.from(value.base64, 'base64')) : value))
  return memory
}

function isBase64(value: unknown): value is { readonly base64: string } {
  return typeof value === 'object' && value !== null && 'base64' in value && typeof value.base64 === 'string'
}
