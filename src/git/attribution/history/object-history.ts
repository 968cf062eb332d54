import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { TreeDiffLog } from '../../objects/tree-diff-log.ts'
import type { GitObject, ObjectBatch } from '../../objects/objects.ts'
import type { Repository } from '../../commands/repository.ts'
import type { ObjectKind, Skip } from '../../../model/model.ts'
import { type TreeDiff, treeDiff } from '../tree-diff.ts'
import { ByteStrings, grown } from '../index/byte-strings.ts'
import type { Lookup } from '../commit-details.ts'
import { Commits } from './commits.ts'
import { type Event, MAX_EVENTS, type Sought } from '../introductions.ts'
import { FolderReachability } from '../folder-reachability.ts'
import { addLoggedCommits } from '../cache/logged-commits.ts'
import { TreeDiffApplier } from '../cache/apply-tree-diffs.ts'
import { ABSENT, Trees } from './trees.ts'

/** Who wants to know more of what is missing has enough with these. */
const NAMED_SKIPS = 20

const COMMITS_AT_ONCE = 1024

/**
 * What each commit's tree holds; commits whose tree is not there; and, parents before children,
 * those that hold something else than each of their parents.
 */
interface Steps {
  readonly contents: Int32Array
  readonly without: Int32Array
  readonly changing: Int32Array
}

/** All that a store's trees and commits say, read in one pass in any order. */
export class ObjectHistory {
  readonly commits: Commits
  readonly #trees: Trees
  readonly #wanted: ByteStrings
  readonly #lookup: Lookup
  #leads: FolderReachability | undefined
  #steps: Steps | undefined
  /** For each commit the number of its tree. */
  #treeOf = new Int32Array(1 << 8)

  /**
   * Reads every tree and commit of the store, or takes what was noted of them; where nothing is
   * wanted, only commits.
   */
  static async read(
    repository: Repository,
    lookup: Lookup,
    wanted: Sought,
  ): Promise<ObjectHistory> {
    const history = new ObjectHistory(
      repository.idLength / 2,
      commitsWithoutParents(repository),
      lookup,
      wanted,
    )
    const { treeDiffLog: noted } = lookup.reader
    const kinds: readonly ObjectKind[] = wanted.ids.size > 0 ? ['commit', 'tree'] : ['commit']
    await history.#take(lookup.reader.readAll(lookup.signal, kinds, noted))
    if (noted !== undefined) await history.#replay(noted, kinds)
    return history
  }

  private constructor(
    idBytes: number,
    cut: ReadonlySet<string>,
    lookup: Lookup,
    { ids, folders }: Sought,
  ) {
    this.#wanted = new ByteStrings({ areHashes: true })
    for (const id of ids) this.#wanted.numberOf(Buffer.from(id, 'hex'), 0, id.length / 2)
    this.#trees = new Trees(idBytes, this.#wanted, folders, lookup.reader.treeDiffLog?.ids)
    this.commits = new Commits(idBytes, cut)
    this.#lookup = lookup
  }

  /**
   * Where the wanted objects came in, whatever leads to the commit: they differ there from all of
   * its parents, so content that only a merge brought is seen. A parent that is not there is none.
   * Parents come before children, and `most` are given.
   */
  async introductions(most = MAX_EVENTS): Promise<readonly Event[]> {
    if (this.#wanted.count === 0) return []
    const leads = (this.#leads ??= new FolderReachability(this.#trees))
    const ids = this.#idsOfWanted()
    const events: Event[] = []
    const { changing, contents, without } = (this.#steps ??= this.#findSteps())
    for (let at = 0; at < changing.length; at += 1) {
      // A deadline is seen only by those who stop now and then.
      if (at % COMMITS_AT_ONCE === 0) await setImmediate()
      if (this.#lookup.signal.aborted) return events
      const commit = changing[at] ?? 0
      const set = contents[commit] ?? ABSENT
      if (!leads.has(set)) continue
      const others = this.commits.parentsOf(commit).map((parent) => contents[parent] ?? ABSENT)
      for (const { wanted, path } of treeDiff(
        this.#trees,
        leads,
        set,
        others.filter((other) => other !== ABSENT),
      )) {
        if (events.length === most) {
          this.#lookup.onSkip({
            outcome: 'bounded',
            reason: 'too-large',
            detail: `what was found came in at more than ${most} places, and was attributed to so many`,
          })
          return events
        }
        events.push({ object: ids[wanted] ?? '', commit: this.commits.idOf(commit), path })
      }
    }
    const absent = [...leads.absent].map((tree) => this.#trees.ids.bytesOf(tree).toString('hex'))
    this.#tell(
      Array.from(without, (commit) => this.commits.idOf(commit)),
      'the tree of this commit is not there, so what came with it could not be attributed',
    )
    this.#tell(absent, 'this tree is not there, so what came with it could not be attributed')
    return events
  }

  /**
   * Where the wanted objects went: all parents of a commit have them at a path, and it has not.
   * What changes its mode goes and comes. Parents come before children. Nothing at all where that
   * is more than `most`, since the last of them matters.
   */
  async removals(most = MAX_EVENTS): Promise<readonly Event[]> {
    if (this.#wanted.count === 0) return []
    const leads = (this.#leads ??= new FolderReachability(this.#trees))
    const ids = this.#idsOfWanted()
    const events: Event[] = []
    const { changing, contents } = (this.#steps ??= this.#findSteps())
    for (let at = 0; at < changing.length; at += 1) {
      if (at % COMMITS_AT_ONCE === 0) await setImmediate()
      if (this.#lookup.signal.aborted) return []
      const commit = changing[at] ?? 0
      const parents = this.commits.parentsOf(commit).map((parent) => contents[parent] ?? ABSENT)
      if (
        parents.length === 0 ||
        !parents.every((parent) => parent !== ABSENT && leads.has(parent))
      )
        continue
      const gone = this.#inAll(parents, contents[commit] ?? ABSENT, {
        leads,
        most: most - events.length,
      })
      if (gone === undefined) {
        this.#lookup.onSkip({
          outcome: 'bounded',
          reason: 'too-large',
          detail: `what was found went from more than ${most} places, so it is not said which commit took it out`,
        })
        return []
      }
      for (const { wanted, path } of gone)
        events.push({ object: ids[wanted] ?? '', commit: this.commits.idOf(commit), path })
    }
    return events
  }

  /**
   * What each of the parents has and the set of a commit has not; undefined where one of them has
   * more than `most` such.
   */
  #inAll(
    [first = ABSENT, ...others]: readonly number[],
    set: number,
    { leads, most }: { readonly leads: FolderReachability; readonly most: number },
  ): readonly TreeDiff[] | undefined {
    let gone = atMost(most, treeDiff(this.#trees, leads, first, [set]))
    for (const other of others) {
      if (gone === undefined || gone.length === 0) return gone
      const its = atMost(most, treeDiff(this.#trees, leads, other, [set]))
      const too = new Set(its?.map(keyOf))
      gone = its && gone.filter((one) => too.has(keyOf(one)))
    }
    return gone
  }

  #idsOfWanted(): readonly string[] {
    return Array.from({ length: this.#wanted.count }, (_, wanted) =>
      this.#wanted.bytesOf(wanted).toString('hex'),
    )
  }

  #findSteps(): Steps {
    const order = this.commits.inOrder()
    const contents = new Int32Array(this.commits.limit).fill(ABSENT)
    for (let place = 0; place < order.length; place += 1)
      contents[order[place] ?? 0] = this.#trees.contentOf(this.#treeOf[order[place] ?? 0] ?? ABSENT)
    return {
      contents,
      without: order.filter((commit) => contents[commit] === ABSENT),
      changing: order.filter(
        (commit) => contents[commit] !== ABSENT && !this.commits.isAsParent(commit, contents),
      ),
    }
  }

  #add(object: GitObject): void {
    const { id, kind, start } = object
    const whole =
      kind === 'tree'
        ? this.#trees.add(object)
        : kind !== 'commit' || start > 0 || this.#addCommit(object)
    if (!whole)
      this.#lookup.onSkip({
        outcome: 'failed',
        reason: 'corrupt',
        object: id,
        detail: `this ${kind} is malformed, so what came with it could not all be attributed`,
      })
  }

  /**
   * What was noted need not be read; but of a tree that something wanted came to, or went from, not
   * enough was.
   */
  async #replay(noted: TreeDiffLog, kinds: readonly ObjectKind[]): Promise<void> {
    const { reader, signal } = this.#lookup
    addLoggedCommits(noted, this.commits, (commit, tree) => this.#setTree(commit, tree))
    if (!kinds.includes('tree')) return
    const replay = new TreeDiffApplier(noted, this.#trees)
    await this.#take(reader.readObjects(replay.unclear(), signal))
    replay.takeTrees()
  }

  async #take(batches: AsyncIterable<ObjectBatch>): Promise<void> {
    for await (const batch of batches) {
      for (const object of batch) {
        if ('outcome' in object) this.#lookup.onSkip(object)
        else this.#add(object)
      }
    }
  }

  #addCommit({ id, bytes }: GitObject): boolean {
    const added = this.commits.add(id, bytes)
    if (added === undefined) return false
    this.#setTree(added.commit, this.#trees.ids.numberOf(added.tree, 0))
    return true
  }

  #setTree(commit: number, tree: number): void {
    if (commit >= this.#treeOf.length) this.#treeOf = grown(this.#treeOf, commit + 1)
    this.#treeOf[commit] = tree
  }

  #tell(ids: readonly string[], detail: string): void {
    const skip = { outcome: 'failed', reason: 'missing' } satisfies Partial<Skip>
    for (const object of ids.slice(0, NAMED_SKIPS)) this.#lookup.onSkip({ ...skip, object, detail })
    if (ids.length > NAMED_SKIPS)
      this.#lookup.onSkip({
        ...skip,
        count: ids.length - NAMED_SKIPS,
        detail: detail.replace('this', 'such a'),
      })
  }
}

/** Undefined where there are more. */
function atMost<T>(most: number, values: Iterable<T>): T[] | undefined {
  const taken: T[] = []
  for (const value of values) if (taken.push(value) > most) return undefined
  return taken
}

function keyOf({ wanted, path }: TreeDiff): string {
  return `${wanted} ${path.text}`
}

/**
 * A shallow clone lists the commits that have no parents for it, one a line, even where their
 * parents came with something else.
 */
function commitsWithoutParents({ shallow, env, cwd, commonDir }: Repository): ReadonlySet<string> {
  if (!shallow) return new Set()
  const file = env['GIT_SHALLOW_FILE']
  return new Set(
    readFileSync(
      file === undefined ? join(commonDir, 'shallow') : resolve(cwd, file),
      'latin1',
    ).split(/\r?\n/),
  )
}
