import { repoPath } from '../../git/commands/path.ts'
import type { NamedBlob } from '../../git/objects/object-filter.ts'
import { fileEntryAround } from '../../git/objects/tree.ts'
import type { RepoPath } from '../../model/model.ts'
import { fileTypeOf, nameSubstrings } from '../env-files/file-names.ts'

/** Longest file name of common file systems, in bytes. */
const MAX_NAME_BYTES = 255

/**
 * Collects which blobs the trees of a history name as env files, or as other files that are read
 * entry by entry. When a blob has several such names, the same one is chosen in whatever order the
 * trees are read.
 */
export class EnvNames {
  /** Byte sequences, of which each relevant file name contains at least one. */
  static readonly marks = nameSubstrings
  readonly #idBytes: number
  readonly #isRelevant: (id: string) => boolean
  readonly #names = new Map<string, RepoPath>()
  #newNames: NamedBlob[] = []

  /** Ignores names of blobs for which `isRelevant` is false. */
  constructor(idBytes: number, isRelevant: (id: string) => boolean = () => true) {
    this.#idBytes = idBytes
    this.#isRelevant = isRelevant
  }

  /** Reads the entries of a tree: all of them, or those around the offsets in `places`. */
  note(tree: Uint8Array, places?: Iterable<number>): void {
    const bytes = Buffer.from(tree.buffer, tree.byteOffset, tree.byteLength)
    for (const offset of places ?? markOffsets(bytes))
      if (hasMarkAt(bytes, offset)) this.#noteEntry(bytes, offset)
  }

  #noteEntry(tree: Buffer, offset: number): void {
    const entry = fileEntryAround(tree, offset, this.#idBytes)
    if (entry === undefined || entry.name.length > MAX_NAME_BYTES) return
    const name = repoPath(entry.name)
    if (fileTypeOf(name.text) !== undefined) this.add({ object: entry.id, name })
  }

  /** Adds a name that another thread, or the cache, found in a tree. */
  add(named: NamedBlob): void {
    if (!this.#isRelevant(named.object)) return
    const name = this.#names.get(named.object)
    if (name !== undefined && !isPreferred(named.name, name)) return
    this.#names.set(named.object, named.name)
    this.#newNames.push(named)
  }

  /** Returns the chosen name of each blob, by object id. */
  names(): ReadonlyMap<string, RepoPath> {
    return this.#names
  }

  /** Returns the names added since the last call. */
  take(): readonly NamedBlob[] {
    const names = this.#newNames
    if (names.length > 0) this.#newNames = []
    return names
  }
}

function* markOffsets(tree: Buffer): Generator<number> {
  for (const mark of nameSubstrings)
    for (let at = tree.indexOf(mark); at >= 0; at = tree.indexOf(mark, at + mark.length)) yield at
}

function hasMarkAt(tree: Buffer, offset: number): boolean {
  return nameSubstrings.some(
    (mark) => tree.toString('latin1', offset, offset + mark.length) === mark,
  )
}

/** Prefers the name of a file in use to that of a template, then the first in order of text. */
function isPreferred(candidate: RepoPath, current: RepoPath): boolean {
  const [isTemplate, wasTemplate] = [candidate, current].map(
    (name) => fileTypeOf(name.text)?.family === 'template',
  )
  return isTemplate === wasTemplate ? candidate.text < current.text : wasTemplate === true
}
