/**
 * Cache files in a repository's `oakum/` folder, signed with a key of the user's. Without the
 * signature a hostile repository could bring a cache that calls it clean. A cache may hold ids of
 * objects, names of files and of people, and counts, but never content of objects.
 */
import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import { crypto } from '../../model/lazy-crypto.ts'
import { isSystemError, readIfExists } from './read-if-exists.ts'
import { type Guard, isNumber, objectOf } from './shape.ts'

export interface CacheLocation {
  /** The repository's folder, in which `oakum/` is created. */
  readonly folder: string
  /** The user's file with the signing key, created when it does not exist. */
  readonly keyFile: string
}

/**
 * The number of the cache format. Increase it whenever the meaning of a cached value changes, or
 * how a reader interprets objects. It is part of the signature, so files of other formats are
 * ignored.
 */
const FORMAT = 8

/** The most files of one subject: scans with different rules each have a file of their own. */
const MAX_FILES = 8

/** The length of a key for HMAC-SHA-256, and of its signatures. */
const KEY_BYTES = 32

/** Larger files are ignored: a million commits take about 40 MB. */
const MAX_FILE_BYTES = 1 << 30

/** A signed cache file for one subject, such as `history`. */
export class SignedCacheFile<Content> {
  readonly #keyFile: string
  readonly #subject: string
  readonly #isContent: Guard<Content>
  readonly #name: string
  readonly #path: string

  /** `digest` identifies what the content depends on besides the repository, such as the rules. */
  constructor(
    { folder, keyFile }: CacheLocation,
    subject: string,
    isContent: Guard<Content>,
    digest = '',
  ) {
    this.#keyFile = keyFile
    this.#subject = subject
    this.#isContent = isContent
    this.#name = `${subject}${digest && `-${digest}`}.json`
    this.#path = join(folder, 'oakum', this.#name)
  }

  /**
   * Reads the content. Returns undefined when the file does not exist, is not signed with the
   * user's key, or was written in another format.
   */
  read(): Content | undefined {
    const body = unlessFileFails(() => this.#readSigned())
    const content = body && decode(body)
    return this.#isContent(content) ? content : undefined
  }

  /** Writes the content without following links. A file that cannot be written is left out. */
  write(content: Content): void {
    unlessFileFails(() => {
      const folder = dirname(this.#path)
      mkdirSync(folder, { mode: 0o700, recursive: true })
      if (!lstatSync(folder).isDirectory()) return
      const body = encode(content)
      const signature = this.#sign(body)
      if (signature === undefined) return
      const draft = `${this.#path}.${crypto().randomBytes(6).toString('hex')}`
      try {
        const file = Buffer.concat([Buffer.from(`${signature.toString('hex')}\n`), body])
        writeFileSync(draft, file, { flag: 'wx', mode: 0o600 })
        renameSync(draft, this.#path)
      } finally {
        rmSync(draft, { force: true })
      }
      this.#removeOldest()
    })
  }

  /** Returns the body behind the signature, when the signature is valid. */
  #readSigned(): Buffer | undefined {
    // A link could lead anywhere, and reading from a pipe would block for ever.
    if (!lstatSync(dirname(this.#path)).isDirectory()) return undefined
    const status = lstatSync(this.#path)
    if (!status.isFile() || status.size > MAX_FILE_BYTES) return undefined
    const file = readRegularFile(this.#path)
    const lineEnd = file.indexOf('\n')
    if (lineEnd !== 2 * KEY_BYTES) return undefined
    const signature = Buffer.from(file.toString('latin1', 0, lineEnd), 'hex')
    const body = file.subarray(lineEnd + 1)
    const expected = this.#sign(body)
    const isValid =
      expected !== undefined &&
      signature.length === expected.length &&
      crypto().timingSafeEqual(signature, expected)
    return isValid ? body : undefined
  }

  #sign(body: Buffer): Buffer | undefined {
    const key = readIfExists(this.#keyFile) ?? createKey(this.#keyFile)
    if (key.length < KEY_BYTES) return undefined
    const hmac = crypto().createHmac('sha256', key)
    return hmac.update(`${FORMAT} ${this.#name}\n`).update(body).digest()
  }

  #removeOldest(): void {
    const folder = dirname(this.#path)
    const files = readdirSync(folder)
      .filter((name) => name.startsWith(`${this.#subject}-`))
      .map((name) => join(folder, name))
    const newest = files.toSorted((a, b) => lstatSync(b).mtimeMs - lstatSync(a).mtimeMs)
    for (const path of newest.slice(MAX_FILES)) rmSync(path, { force: true })
  }
}

/** Returns undefined when a file operation fails: without a cache a scan only takes longer. */
function unlessFileFails<Result>(action: () => Result): Result | undefined {
  try {
    return action()
  } catch (error) {
    if (isSystemError(error)) return undefined
    throw error
  }
}

function createKey(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${crypto().randomBytes(6).toString('hex')}`
  writeFileSync(draft, crypto().randomBytes(KEY_BYTES), { flag: 'wx', mode: 0o600 })
  renameSync(draft, path)
  return readRegularFile(path)
}

/** Stands for bytes in the JSON: their position in the data that follows it. */
interface BytesReference {
  readonly from: number
  readonly bytes: number
}

const isBytesReference = objectOf<BytesReference>({ from: isNumber, bytes: isNumber })

/**
 * Encodes content as one line of JSON, followed by the bytes in the content as they are:
 * `{"loose":[],"ids":{"from":0,"bytes":40}}\n…`.
 */
function encode(content: unknown): Buffer {
  const parts: Uint8Array[] = []
  let end = 0
  const text = JSON.stringify(content, (_, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value
    parts.push(value)
    end += value.length
    return { from: end - value.length, bytes: value.length } satisfies BytesReference
  })
  return Buffer.concat([Buffer.from(`${text}\n`), ...parts])
}

/** Decodes the result of `encode`. Returns undefined for a body of another encoding. */
function decode(body: Buffer): unknown {
  const lineEnd = body.indexOf('\n') + 1
  try {
    return JSON.parse(body.toString('utf8', 0, lineEnd), (_, value: unknown) =>
      isBytesReference(value)
        ? new Uint8Array(body.buffer, body.byteOffset + lineEnd + value.from, value.bytes)
        : value,
    )
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}
