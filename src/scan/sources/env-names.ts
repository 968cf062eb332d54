import { fileTypeOf, nameSubstrings } from '../env-files/file-names.ts'
import { repoPath } from '../../git/commands/path.ts'
import type { NamedBlob } from '../../git/objects/object-filter.ts'
import { fileEntryAround } from '../../git/objects/tree.ts'
import type { RepoPath } from '../../model/model.ts'

/** No file system has longer names. */
const MAX_BYTES = 255

/**
 * Gathers which blobs trees name as env files, or other files that are read entry by entry. Of
 * several names of a blob the same counts, whatever the order.
 */
export class EnvNames {
  /** Each name has one of these. */
  static readonly marks = nameSubstrings
  readonly #idBytes: number
  readonly #isWanted: (id: string) => boolean
  readonly #known = new Map<string, RepoPath>()
  #named: NamedBlob[] = []

  /** With `isWanted` names of other blobs are of no interest. */
  constructor(idBytes: number, isWanted: (id: string) => boolean = () => true) {
    this.#idBytes = idBytes
    this.#isWanted = isWanted
  }

  /** Looks at the entries of a tree: at all, or around places where a mark may stand. */
  note(tree: Uint8Array, places?: Iterable<number>): void {
    const bytes = Buffer.from(tree.buffer, tree.byteOffset, tree.byteLength)
    for (const at of places ?? placesOfMarks(bytes))
      if (isMarked(bytes, at)) this.#noteAround(bytes, at)
  }

  #noteAround(tree: Buffer, at: number): void {
    const entry = fileEntryAround(tree, at, this.#idBytes)
    if (entry === undefined || entry.name.length > MAX_BYTES) return
    const name = repoPath(entry.name)
    if (fileTypeOf(name.text) !== undefined) this.add({ object: entry.id, name })
  }

  /** What was learned elsewhere. */
  add(named: NamedBlob): void {
    if (!this.#isWanted(named.object)) return
    const known = this.#known.get(named.object)
    if (known !== undefined && !isBetter(named.name, known)) return
    this.#known.set(named.object, named.name)
    this.#named.push(named)
  }

  /** The one name that counts of each blob. */
  names(): ReadonlyMap<string, RepoPath> {
    return this.#known
  }

  /** What was noted since the last call. */
  take(): readonly NamedBlob[] {
    const named = this.#named
    if (named.length > 0) this.#named = []
    return named
  }
}

function* placesOfMarks(tree: Buffer): Generator<number> {
  for (const mark of nameSubstrings)
    for (let at = tree.indexOf(mark); at >= 0; at = tree.indexOf(mark, at + mark.length)) yield at
}

function isMarked(tree: Buffer, at: number): boolean {
  return nameSubstrings.some((mark) => tree.toString('latin1', at, at + mark.length) === mark)
}

/** A file that is used says more than one that shows what to fill in. */
function isBetter(one: RepoPath, other: RepoPath): boolean {
  const template = [one, other].map((name) => fileTypeOf(name.text)?.family === 'template')
  return template[0] === template[1] ? one.text < other.text : template[1] === true
}
