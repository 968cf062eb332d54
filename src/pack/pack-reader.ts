import { setImmediate } from 'node:timers/promises'
import type { GitObject, ObjectBatch, ObjectReader, Selection, SiftedBatch } from '../git/objects.ts'
import { Interest, type Sieve, type Sifted } from '../git/sieve.ts'
import { windowsIn } from '../git/windows.ts'
import type { ObjectKind, Skip } from '../model.ts'
import { Crew, type Program } from './crew.ts'
import { EntryType } from './entries.ts'
import type { Kernel } from './kernel.ts'
import { kernelOf } from './kernels.ts'
import { Lane, portionsOf, type Shared } from './lane.ts'
import { LinkCheck } from './links.ts'
import { type LooseFile, readLoose } from './loose.ts'
import { markEntries, planStore, type StorePlan } from './plan.ts'
import { Sifting } from './sifted.ts'
import { LARGEST_BYTES } from './walk.ts'

export interface PackReaderOptions {
  /** Folder of the repository's objects. */
  readonly objects: string
  readonly idBytes: number
  readonly kernel: 'auto' | 'pack' | 'zlib'
  /** Threads to read with; more than one only where there is much to read. */
  readonly threads: number
  /** What other threads run. */
  readonly program: Program | undefined
  /** Reads what is not as expected. */
  readonly git: ObjectReader
  /** Larger blobs are skipped (bounded). */
  readonly maxBlobBytes: number
}

/** A thread takes longer to start than it takes to read packs of this size. */
const BYTES_PER_THREAD = 16 << 20

/** Loose objects given in one batch. */
const BATCH_FILES = 256

/**
 * Reads packs and loose objects itself, and with a sieve looks only at what each version changes. What surprises it is left
 * to git: single objects, or where the plan fails all of them.
 */
export class PackReader implements ObjectReader {
  readonly followsLinks = true
  readonly #options: PackReaderOptions
  readonly #idle: Kernel[] = []
  #store: StorePlan | undefined
  #leftToGit: string | undefined
  #unread = 0

  constructor(options: PackReaderOptions) {
    this.#options = options
  }

  /** What read: with how many objects were left to git, if any. */
  get name(): string {
    const { git } = this.#options
    if (this.#leftToGit !== undefined) return `${git.name} (${this.#leftToGit})`
    const own = `pack-${this.#idle[0]?.name ?? 'none'}`
    return this.#unread === 0 ? own : `${own}, ${this.#unread} objects through ${git.name}`
  }

  async *all(signal: AbortSignal, { kinds, sieve }: Selection = {}): AsyncGenerator<SiftedBatch> {
    const store = this.#open()
    if (store === undefined) {
      yield* this.#options.git.all(signal, kinds && { kinds })
      return
    }
    const { entries } = store
    const types: readonly number[] | undefined = kinds && [EntryType.none, ...kinds.map((kind) => EntryType[kind])]
    const marks = markEntries(entries, (entry) => entries.repeats[entry] === 0 && (types?.includes(entries.types[entry] ?? 0) ?? true))
    yield* this.#read(store, { marks, loose: [...store.loose.values()], kinds, sieve }, signal)
  }

  async *some(ids: readonly string[], signal: AbortSignal): AsyncGenerator<ObjectBatch> {
    const store = this.#open()
    const asked = new Set<number>()
    const loose: LooseFile[] = []
    const unknown: string[] = []
    for (const id of ids) {
      const name = store?.names.find(Buffer.from(id, 'hex'), 0) ?? -1
      const file = store?.loose.get(name)
      if (file !== undefined) loose.push(file)
      else if (name >= 0) asked.add(store?.entries.firsts[name] ?? -1)
      else unknown.push(id)
    }
    if (store !== undefined && unknown.length < ids.length) {
      const marks = markEntries(store.entries, (entry) => asked.has(entry))
      for await (const batch of this.#read(store, { marks, loose }, signal)) yield objectsIn(batch)
    }
    if (unknown.length > 0) yield* this.#options.git.some(unknown, signal)
  }

  has(ids: readonly string[]): boolean {
    const store = this.#open()
    return store !== undefined && ids.every((id) => store.names.find(Buffer.from(id, 'hex'), 0) >= 0)
  }

  #open(): StorePlan | undefined {
    if (this.#leftToGit !== undefined) return undefined
    try {
      this.#store ??= planStore(this.#options.objects, this.#options.idBytes)
    } catch (error) {
      this.#leftToGit = error instanceof Error ? error.message : String(error)
    }
    return this.#store
  }

  async *#read(store: StorePlan, { marks, loose, kinds, sieve }: Wanted, signal: AbortSignal): AsyncGenerator<SiftedBatch> {
    const kernel = this.#idle.pop() ?? kernelOf(this.#options.kernel)()
    const plan = { entries: store.entries, families: store.families, names: store.names, marks }
    const shared: Shared = {
      plan,
      files: store.packs.map((pack) => pack.file),
      portions: portionsOf(plan),
      taken: new Int32Array(new SharedArrayBuffer(4)),
      maxBlobBytes: this.#options.maxBlobBytes,
    }
    const sifting = sieve && new Sifting(sieve, new LinkCheck(store.names))
    const unread: string[] = rootless(store, marks)
    const crew = sifting && this.#crew(store, shared)
    try {
      const lane = new Lane(shared, kernel, sifting)
      for (let portion = lane.next(); portion !== undefined && !signal.aborted; portion = lane.next()) {
        yield portion
        unread.push(...lane.takeUnread())
        await setImmediate()
        if (crew !== undefined) yield* crew.taken(unread)
      }
      while (await crew?.more(signal)) if (crew !== undefined) yield* crew.taken(unread)
    } finally {
      this.#idle.push(kernel)
      await crew?.dismiss()
    }
    for (let at = 0; at < loose.length && !signal.aborted; at += BATCH_FILES) {
      yield this.#readLoose(loose.slice(at, at + BATCH_FILES), { kinds, sifting, unread })
      await setImmediate()
    }
    this.#unread += unread.length
    if (unread.length === 0 || signal.aborted) return
    if (sifting !== undefined) yield [{ ...sifting.take(), linked: false }]
    for await (const batch of this.#options.git.some(unread, signal)) yield objectsIn(batch, kinds)
  }

  #crew(store: StorePlan, shared: Shared): Crew | undefined {
    const { threads, program, kernel } = this.#options
    const bytes = store.packs.reduce((sum, pack) => sum + pack.bytes, 0)
    const hands = Math.min(threads, Math.ceil(bytes / BYTES_PER_THREAD), shared.portions.length - 1)
    return hands < 2 || program === undefined ? undefined : new Crew(hands - 1, program, { shared, kernel })
  }

  *#readLoose(files: readonly LooseFile[], { kinds, sifting, unread }: Loosely): Generator<GitObject | Skip | Sifted> {
    const { maxBlobBytes } = this.#options
    for (const file of files) {
      const object = readLoose(file, LARGEST_BYTES)
      if (object === undefined) {
        unread.push(file.id)
        continue
      }
      const { kind, content } = object
      if (kinds?.includes(kind) === false) continue
      const size = content.length
      if (kind === 'blob' && size > maxBlobBytes) yield { outcome: 'bounded', reason: 'too-large', object: file.id, detail: `${size} bytes` }
      else if (sifting !== undefined && sifting.look(content, kind, true) !== Interest.found) sifting.pass(kind, size)
      else for (const window of windowsIn(content)) yield { id: file.id, kind, size, ...window }
    }
    if (sifting !== undefined) yield sifting.take()
  }
}

function* objectsIn(batch: SiftedBatch, kinds?: readonly ObjectKind[]): Generator<GitObject | Skip> {
  for (const object of batch) if ('outcome' in object || ('kind' in object && kinds?.includes(object.kind) !== false)) yield object
}

interface Wanted {
  readonly marks: Uint8Array
  readonly loose: readonly LooseFile[]
  readonly kinds?: readonly ObjectKind[] | undefined
  readonly sieve?: Sieve | undefined
}

interface Loosely {
  readonly kinds: readonly ObjectKind[] | undefined
  readonly sifting: Sifting | undefined
  readonly unread: string[]
}

/** Entries that lead to no whole one: a base is in no pack, or bases go in a circle. */
function rootless({ entries, names }: StorePlan, marks: Uint8Array): string[] {
  const unread: string[] = []
  entries.types.forEach((type, entry) => {
    if (type === EntryType.none && marks[entry] === 1) unread.push(names.nameOf(entries.names[entry] ?? 0))
  })
  return unread
}
