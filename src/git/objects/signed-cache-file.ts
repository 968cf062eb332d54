import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { crypto } from '../../model/lazy-crypto.ts'
import { readIfExists } from './read-if-exists.ts'

export interface CacheLocation {
  /** Folder of the repository, in which `oakum/` is made. */
  readonly folder: string
  /** File of the user's own that holds the key, made when it is not there. */
  readonly keyFile: string
}

/** Changes whenever the form of what is kept does, or what a reader makes of objects. */
const GENERATION = 6

/** Files of one subject that are kept at the same time: a scan of other rules has its own. */
const MAX_FILES = 8

/**
 * Keeps in the repository what need not be found out again, signed with a key of the user's: a
 * repository that comes with such a file of its own could else call itself clean. What is kept may
 * be names of objects, of files and of people, and counts, and nothing of any content.
 */
export class SignedCacheFile<Content> {
  readonly #keyFile: string
  readonly #subject: string
  readonly #name: string
  readonly #path: string

  /** What is kept under a subject hangs on `digest` besides what it says itself. */
  constructor({ folder, keyFile }: CacheLocation, subject: string, digest = '') {
    this.#keyFile = keyFile
    this.#subject = subject
    this.#name = `${subject}${digest && `-${digest}`}.json`
    this.#path = join(folder, 'oakum', this.#name)
  }

  /** What was kept; undefined when there is nothing, or nothing to be trusted. */
  read(): Content | undefined {
    try {
      // A link could lead anywhere, and reading from a pipe would wait for ever.
      if (!lstatSync(dirname(this.#path)).isDirectory() || !lstatSync(this.#path).isFile())
        return undefined
      const file = readFileSync(this.#path)
      const cut = file.indexOf('\n')
      const sign = Buffer.from(file.toString('latin1', 0, cut), 'hex')
      const body = file.subarray(cut + 1)
      const own = this.#sign(body)
      return own !== undefined && sign.length === own.length && crypto().timingSafeEqual(sign, own)
        ? revive<Content>(body)
        : undefined
    } catch {
      return undefined
    }
  }

  /** Keeps it, if that can be done without following links; a scan is none the worse without. */
  write(content: Content): void {
    const folder = dirname(this.#path)
    try {
      mkdirSync(folder, { mode: 0o700, recursive: true })
      if (!lstatSync(folder).isDirectory()) return
      const body = bodyOf(content)
      const sign = this.#sign(body)
      if (sign === undefined) return
      const draft = `${this.#path}.${crypto().randomBytes(6).toString('hex')}`
      try {
        writeFileSync(draft, Buffer.concat([Buffer.from(`${sign.toString('hex')}\n`), body]), {
          flag: 'wx',
          mode: 0o600,
        })
        renameSync(draft, this.#path)
      } finally {
        rmSync(draft, { force: true })
      }
      this.#forgetOldest()
    } catch {
      // A folder that cannot be written to is no reason to fail: the next scan reads everything
      // again.
    }
  }

  #sign(body: Buffer): Buffer | undefined {
    const key = readIfExists(this.#keyFile) ?? makeKey(this.#keyFile)
    return key.length < 32
      ? undefined
      : crypto()
          .createHmac('sha256', key)
          .update(`${GENERATION} ${this.#name}\n`)
          .update(body)
          .digest()
  }

  #forgetOldest(): void {
    const folder = dirname(this.#path)
    const files = readdirSync(folder)
      .filter((name) => name.startsWith(`${this.#subject}-`))
      .map((name) => join(folder, name))
    const newest = files.toSorted((a, b) => lstatSync(b).mtimeMs - lstatSync(a).mtimeMs)
    for (const path of newest.slice(MAX_FILES)) rmSync(path, { force: true })
  }
}

function makeKey(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${crypto().randomBytes(6).toString('hex')}`
  writeFileSync(draft, crypto().randomBytes(32), { flag: 'wx', mode: 0o600 })
  renameSync(draft, path)
  return readFileSync(path)
}

/** What stands for bytes in JSON: where they are in what follows it. */
interface Elsewhere {
  readonly from: number
  readonly bytes: number
}

/**
 * JSON in one line, and behind it the bytes it has, as they are:
 * `{"loose":[],"names":{"from":0,"bytes":40}}\n…`.
 */
function bodyOf(content: unknown): Buffer {
  const parts: Uint8Array[] = []
  let end = 0
  const text = JSON.stringify(content, (_, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value
    parts.push(value)
    end += value.length
    return { from: end - value.length, bytes: value.length } satisfies Elsewhere
  })
  return Buffer.concat([Buffer.from(`${text}\n`), ...parts])
}

/** It was signed, so it has the form in which it was written. */
function revive<Content>(body: Buffer): Content {
  const cut = body.indexOf('\n') + 1
  const start = body.byteOffset + cut
  const content: Content = JSON.parse(body.toString('utf8', 0, cut), (_, value: unknown) =>
    isElsewhere(value) ? new Uint8Array(body.buffer, start + value.from, value.bytes) : value,
  )
  return content
}

function isElsewhere(value: unknown): value is Elsewhere {
  return (
    typeof value === 'object' &&
    value !== null &&
    'bytes' in value &&
    typeof value.bytes === 'number' &&
    'from' in value &&
    typeof value.from === 'number'
  )
}
