import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { GitObject } from '../git/objects.ts'
import type { Repository } from '../git/repository.ts'
import type { ObjectKind, Skip } from '../model.ts'
import { brought } from './brought.ts'
import { ByteStrings } from './byte-strings.ts'
import type { Lookup } from './commit-details.ts'
import { Commits } from './commits.ts'
import type { Event } from './introductions.ts'
import { Leads } from './leads.ts'
import type { Wanted } from './sightings.ts'
import { ABSENT, Trees } from './trees.ts'

/** Who wants to know more of what is missing has enough with these. */
const NAMED_SKIPS = 20

/** Folders within folders can have more paths than anybody could list: a commit is looked at until it has brought so many. */
const MOST_PATHS = 100_000

/** All that a store's trees and commits say, read in one pass in any order. */
export class ObjectHistory {
  readonly commits: Commits
  readonly #trees: Trees
  readonly #wanted: ByteStrings
  readonly #lookup: Lookup

  /** Reads every tree and commit of the store; where nothing is wanted, only commits. */
  static async read(repository: Repository, lookup: Lookup, wanted: Pick<Wanted, 'ids' | 'folders'>): Promise<ObjectHistory> {
    const history = new ObjectHistory(repository.idLength / 2, await commitsWithoutParents(repository), lookup, wanted)
    const kinds: readonly ObjectKind[] = wanted.ids.size > 0 ? ['commit', 'tree'] : ['commit']
    for await (const batch of lookup.reader.all(lookup.signal, kinds)) {
      for (const object of batch) {
        if ('outcome' in object) lookup.onSkip(object)
        else history.#add(object)
      }
    }
    return history
  }

  private constructor(idBytes: number, cut: ReadonlySet<string>, lookup: Lookup, { ids, folders }: Pick<Wanted, 'ids' | 'folders'>) {
    this.#wanted = new ByteStrings()
    for (const id of ids) this.#wanted.numberOf(Buffer.from(id, 'hex'), 0, id.length / 2)
    this.#trees = new Trees(idBytes, this.#wanted, folders)
    this.commits = new Commits(idBytes, cut)
    this.#lookup = lookup
  }

  /**
   * Where the wanted objects came in, whatever leads to the commit: they differ there from all of its parents, so content that
   * only a merge brought is seen. A parent that is not there is none.
   */
  *introductions(): Generator<Event> {
    if (this.#wanted.count === 0) return
    const leads = new Leads(this.#trees)
    const without: string[] = []
    for (const commit of this.commits.inOrder()) {
      if (this.#lookup.signal.aborted) return
      const set = this.#contentOf(commit)
      if (set === ABSENT) without.push(this.commits.idOf(commit))
      else if (leads.has(set)) yield* this.#eventsOf(commit, set, leads)
    }
    const absent = [...leads.absent].map((tree) => this.#trees.ids.bytesOf(tree).toString('hex'))
    this.#tell(without, 'the tree of this commit is not there, so what came with it could not be attributed')
    this.#tell(absent, 'this tree is not there, so what came with it could not be attributed')
  }

  *#eventsOf(commit: number, set: number, leads: Leads): Generator<Event> {
    const id = this.commits.idOf(commit)
    const others = this.commits.parentsOf(commit).map((parent) => this.#contentOf(parent))
    let paths = 0
    for (const { wanted, path } of brought(this.#trees, leads, set, others.filter((other) => other !== ABSENT))) {
      if (paths === MOST_PATHS) {
        this.#lookup.onSkip({ outcome: 'bounded', reason: 'too-large', object: id, detail: `more than ${MOST_PATHS} paths of this commit hold what was found` })
        return
      }
      paths += 1
      yield { object: this.#wanted.bytesOf(wanted).toString('hex'), commit: id, path }
    }
  }

  #contentOf(commit: number): number {
    return this.#trees.contentOf(this.commits.treeOf(commit))
  }

  #add(object: GitObject): void {
    const { id, kind, start, bytes } = object
    const whole = kind === 'tree' ? this.#trees.add(object) : kind !== 'commit' || start > 0 || this.commits.add(id, bytes, this.#trees.ids)
    if (!whole) this.#lookup.onSkip({ outcome: 'failed', reason: 'corrupt', object: id, detail: `this ${kind} is malformed, so what came with it could not all be attributed` })
  }

  #tell(ids: readonly string[], detail: string): void {
    const skip = { outcome: 'failed', reason: 'missing' } satisfies Partial<Skip>
    for (const object of ids.slice(0, NAMED_SKIPS)) this.#lookup.onSkip({ ...skip, object, detail })
    if (ids.length > NAMED_SKIPS) this.#lookup.onSkip({ ...skip, count: ids.length - NAMED_SKIPS, detail: detail.replace('this', 'such a') })
  }
}

/** A shallow clone lists the commits that have no parents for it, one a line, even where their parents came with something else. */
async function commitsWithoutParents({ shallow, env, cwd, commonDir }: Repository): Promise<ReadonlySet<string>> {
  if (!shallow) return new Set()
  const file = env['GIT_SHALLOW_FILE']
  return new Set((await readFile(file === undefined ? join(commonDir, 'shallow') : resolve(cwd, file), 'latin1')).split(/\r?\n/))
}
