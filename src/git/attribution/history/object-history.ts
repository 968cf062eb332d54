/** Finds the commits that introduced or removed wanted objects, by reading trees and commits. */
import { join, resolve } from 'node:path'
import { readRegularFile } from '../../../model/regular-file.ts'
import { ScanError } from '../../../model/errors.ts'
import type { ObjectKind, Skip } from '../../../model/model.ts'
import { Turns } from '../../../model/turns.ts'
import type { Repository } from '../../commands/repository.ts'
import type { GitObject, ObjectBatch } from '../../objects/objects.ts'
import { isSystemError } from '../../objects/read-if-exists.ts'
import type { TreeDiffLog } from '../../objects/tree-diff-log.ts'
import { TreeDiffApplier } from '../cache/apply-tree-diffs.ts'
import { addLoggedCommits } from '../cache/logged-commits.ts'
import type { Lookup } from '../commit-details.ts'
import { FolderReachability } from '../folder-reachability.ts'
import { type Event, FURTHER_PATHS, MAX_EVENTS, type WantedIds } from '../introductions.ts'
import { ByteStrings, grown } from '../index/byte-strings.ts'
import { treeDiff } from '../tree-diff.ts'
import { PlaceLimit } from '../place-limit.ts'
import { Commits } from './commits.ts'
import { removedFromAll } from './removed-from-all.ts'
import { ABSENT, Trees } from './trees.ts'

/** Further missing objects are counted in one skip. */
const MAX_NAMED_SKIPS = 20

/** The content of each commit's tree, and the commits to compare. */
interface CommitContents {
  /** By commit: a set of entries, or ABSENT. */
  readonly contents: Int32Array
  /** Commits whose tree is not in the store. */
  readonly withoutTree: Int32Array
  /** Commits whose content differs from that of each parent, parents before children. */
  readonly changing: Int32Array
}

/** The trees and commits of a store, read in one pass and in any order. */
export class ObjectHistory {
  readonly commits: Commits
  readonly #trees: Trees
  readonly #wanted: ByteStrings
  readonly #lookup: Lookup
  #cachedReachability: FolderReachability | undefined
  #cachedContents: CommitContents | undefined
  /** For each commit the number of its tree's id. */
  #treeOf = new Int32Array(1 << 8)

  /**
   * Reads every tree and commit of the store, or takes them from the reader's log. When no object
   * is wanted, only commits are read.
   */
  static async read(
    repository: Repository,
    lookup: Lookup,
    wanted: WantedIds,
  ): Promise<ObjectHistory> {
    const shallow = shallowCommits(repository)
    const history = new ObjectHistory(repository.idLength / 2, shallow, lookup, wanted)
    const { treeDiffLog } = lookup.reader
    const kinds: readonly ObjectKind[] = wanted.ids.size > 0 ? ['commit', 'tree'] : ['commit']
    await history.#addAll(lookup.reader.readAll(lookup.signal, kinds, treeDiffLog))
    if (treeDiffLog !== undefined) await history.#applyLog(treeDiffLog, kinds)
    return history
  }

  private constructor(
    idBytes: number,
    shallow: ReadonlySet<string>,
    lookup: Lookup,
    { ids, folders }: WantedIds,
  ) {
    this.#wanted = new ByteStrings({ areHashes: true })
    for (const id of ids) this.#wanted.numberOf(Buffer.from(id, 'hex'), 0, id.length / 2)
    this.#trees = new Trees(idBytes, this.#wanted, folders, lookup.reader.treeDiffLog?.ids)
    this.commits = new Commits(idBytes, shallow)
    this.#lookup = lookup
  }

  /**
   * Returns the commits that introduced wanted objects, and their paths: an object is introduced
   * where a commit's tree differs from the tree of each parent, so content that only a merge
   * introduced is found too. A parent that is not in the store is ignored. Commits need not be
   * reachable. Parents come before children. There are at most `maxEvents`, and `PlaceLimit` bounds
   * those of one object: an event with FURTHER_PATHS at the end stands for the others.
   */
  async introductions(maxEvents = MAX_EVENTS): Promise<readonly Event[]> {
    if (this.#wanted.count === 0) return []
    const reachability = this.#reachability()
    const ids = this.#wantedIds()
    const events: Event[] = []
    const { changing, contents, withoutTree } = this.#commitContents()
    const limit = new PlaceLimit()
    const turns = new Turns()
    for (let at = 0; at < changing.length; at += 1) {
      await turns.next()
      if (this.#lookup.signal.aborted) return events
      const commit = changing[at] ?? 0
      const id = this.commits.idOf(commit)
      limit.startCommit(id)
      const content = contents[commit] ?? ABSENT
      if (!reachability.has(content)) continue
      const parents = this.#parentContents(commit, contents).filter((parent) => parent !== ABSENT)
      for (const diff of treeDiff(this.#trees, reachability, { content, parents }, limit)) {
        if (diff === undefined) {
          await turns.next()
          if (this.#lookup.signal.aborted) return events
          continue
        }
        if (events.length === maxEvents) {
          const detail =
            `secrets were introduced at more than ${maxEvents} places; ` +
            'only the first of them are attributed'
          this.#lookup.onSkip({ outcome: 'bounded', reason: 'too-large', detail })
          return events
        }
        events.push({ object: ids[diff.wanted] ?? '', commit: id, path: diff.path })
      }
    }
    for (const [wanted, commit] of limit.refused)
      events.push({ object: ids[wanted] ?? '', commit, path: FURTHER_PATHS })
    this.#skipMissingTrees(withoutTree, reachability)
    return events
  }

  /**
   * Returns the commits that removed wanted objects: all parents have the object at a path, and the
   * commit has not. A change of the mode is a removal and an introduction. Parents come before
   * children. Returns nothing when there are more than `maxEvents`, since only the last removals
   * matter.
   */
  async removals(maxEvents = MAX_EVENTS): Promise<readonly Event[]> {
    if (this.#wanted.count === 0) return []
    const reachability = this.#reachability()
    const ids = this.#wantedIds()
    const events: Event[] = []
    const { changing, contents } = this.#commitContents()
    const limit = new PlaceLimit()
    const turns = new Turns()
    for (let at = 0; at < changing.length; at += 1) {
      await turns.next()
      if (this.#lookup.signal.aborted) return []
      const commit = changing[at] ?? 0
      const id = this.commits.idOf(commit)
      limit.startCommit(id)
      const parents = this.#parentContents(commit, contents)
      if (
        parents.length === 0 ||
        !parents.every((parent) => parent !== ABSENT && reachability.has(parent))
      )
        continue
      const maxDiffs = maxEvents - events.length
      const removed = await removedFromAll(parents, contents[commit] ?? ABSENT, {
        trees: this.#trees,
        reachability,
        maxDiffs,
        turns,
        signal: this.#lookup.signal,
      })
      if (removed === undefined) {
        const detail =
          `secrets were removed from more than ${maxEvents} places; ` +
          'the commits that removed them are not shown'
        this.#lookup.onSkip({ outcome: 'bounded', reason: 'too-large', detail })
        return []
      }
      for (const { wanted, path } of removed) {
        if (limit.add(wanted)) events.push({ object: ids[wanted] ?? '', commit: id, path })
      }
    }
    return events
  }

  #parentContents(commit: number, contents: Int32Array): readonly number[] {
    return this.commits.parentsOf(commit).map((parent) => contents[parent] ?? ABSENT)
  }

  #reachability(): FolderReachability {
    this.#cachedReachability ??= new FolderReachability(this.#trees)
    return this.#cachedReachability
  }

  #commitContents(): CommitContents {
    this.#cachedContents ??= this.#findContents()
    return this.#cachedContents
  }

  #findContents(): CommitContents {
    const order = this.commits.inOrder()
    const contents = new Int32Array(this.commits.limit).fill(ABSENT)
    for (let index = 0; index < order.length; index += 1) {
      const commit = order[index] ?? 0
      contents[commit] = this.#trees.contentOf(this.#treeOf[commit] ?? ABSENT)
    }
    return {
      contents,
      withoutTree: order.filter((commit) => contents[commit] === ABSENT),
      changing: order.filter(
        (commit) =>
          contents[commit] !== ABSENT && !this.commits.hasParentWithSame(commit, contents),
      ),
    }
  }

  #wantedIds(): readonly string[] {
    return Array.from({ length: this.#wanted.count }, (_, wanted) =>
      this.#wanted.bytesOf(wanted).toString('hex'),
    )
  }

  /** Adds the commits of the log, and its trees, of which some have to be read. */
  async #applyLog(log: TreeDiffLog, kinds: readonly ObjectKind[]): Promise<void> {
    const { reader, signal } = this.#lookup
    addLoggedCommits(log, this.commits, (commit, tree) => this.#setTree(commit, tree))
    if (!kinds.includes('tree')) return
    const applier = new TreeDiffApplier(log, this.#trees)
    await this.#addAll(reader.readObjects(applier.unclearTrees(), signal))
    applier.apply()
  }

  async #addAll(batches: AsyncIterable<ObjectBatch>): Promise<void> {
    for await (const batch of batches) {
      for (const object of batch) {
        if ('outcome' in object) this.#lookup.onSkip(object)
        else this.#add(object)
      }
    }
  }

  #add(object: GitObject): void {
    const { id, kind, start } = object
    const isValid =
      kind === 'tree'
        ? this.#trees.add(object)
        : kind !== 'commit' || start > 0 || this.#addCommit(object)
    if (!isValid)
      this.#lookup.onSkip({
        outcome: 'failed',
        reason: 'corrupt',
        object: id,
        detail: `this ${kind} is malformed, so secrets in it could not all be attributed`,
      })
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

  #skipMissingTrees(withoutTree: Int32Array, { absent }: FolderReachability): void {
    this.#skipMissing(
      Array.from(withoutTree, (commit) => this.commits.idOf(commit)),
      'the tree of this commit is missing, so secrets introduced by it could not be attributed',
    )
    this.#skipMissing(
      [...absent].map((tree) => this.#trees.ids.bytesOf(tree).toString('hex')),
      'this tree is missing, so secrets in it could not be attributed',
    )
  }

  #skipMissing(ids: readonly string[], detail: string): void {
    const skip = { outcome: 'failed', reason: 'missing' } satisfies Partial<Skip>
    for (const object of ids.slice(0, MAX_NAMED_SKIPS))
      this.#lookup.onSkip({ ...skip, object, detail })
    const count = ids.length - MAX_NAMED_SKIPS
    if (count > 0) this.#lookup.onSkip({ ...skip, count, detail: detail.replace('this', 'such a') })
  }
}

/** Returns the commits that a shallow clone lists as having no parents, one a line. */
function shallowCommits({ shallow, env, cwd, commonDir }: Repository): ReadonlySet<string> {
  if (!shallow) return new Set()
  const file = env['GIT_SHALLOW_FILE']
  const path = file === undefined ? join(commonDir, 'shallow') : resolve(cwd, file)
  try {
    return new Set(readRegularFile(path).toString('latin1').split(/\r?\n/))
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new ScanError(`${path} cannot be read: ${error.message}`, { cause: error })
  }
}
