import { knownFile, nameMarks } from '../dotenv/file-names.ts'
import { repoPath } from '../git/path.ts'
import type { Named } from '../git/sieve.ts'
import { fileEntryAround } from '../git/tree.ts'
import type { RepoPath } from '../model.ts'

/** No file system has longer names. */
const LONGEST_BYTES = 255

/** Stands where a reader left out a part of a tree (GAP in pack/kernel.ts); no name of a file has it. */
const GAP = Buffer.of(0xff, 0xff, 0xff, 0xff)

/** Gathers which blobs trees name as env files, or other files that are read entry by entry. Of several names of a blob the same counts, whatever the order. */
export class EnvNames {
  readonly #idBytes: number
  readonly #known = new Map<string, RepoPath>()
  #named: Named[] = []

  constructor(idBytes: number) {
    this.#idBytes = idBytes
  }

  /** Looks at the entries of a tree, or of parts of it. */
  note(tree: Uint8Array): void {
    const bytes = Buffer.from(tree.buffer, tree.byteOffset, tree.byteLength)
    for (const mark of nameMarks) {
      for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) {
        const entry = fileEntryAround(bytes, at, this.#idBytes)
        if (entry === undefined || entry.name.length > LONGEST_BYTES || entry.name.includes(GAP)) continue
        const name = repoPath(entry.name)
        if (knownFile(name.text) !== undefined) this.add({ object: entry.id, name })
      }
    }
  }

  /** What was learned elsewhere. */
  add(named: Named): void {
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
  take(): readonly Named[] {
    const named = this.#named
    if (named.length > 0) this.#named = []
    return named
  }
}

/** A file that is used says more than one that shows what to fill in. */
function isBetter(one: RepoPath, other: RepoPath): boolean {
  const template = [one, other].map((name) => knownFile(name.text)?.family === 'template')
  return template[0] === template[1] ? one.text < other.text : template[1] === true
}
