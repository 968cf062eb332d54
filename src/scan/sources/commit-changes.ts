/** Lists the changes of commits, with bounded work for a commit that changes very many paths. */
import { parseRawDiff, RAW_DIFF_ARGS, type RawChange } from '../../git/commands/diff-raw.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { type GitProcess, gitFailed, startGit } from '../../git/commands/run.ts'
import { compareCommit } from '../../git/objects/compare-trees.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Skip } from '../../model/model.ts'

/**
 * The most paths of one commit that git lists. A few objects can have 10^10 paths, which git would
 * collect in its memory before it prints the first.
 */
const MAX_PATHS_OF_COMMIT = 100_000

/** Git prints nothing for so long while it compares a commit with too many paths. */
const MIN_SILENCE_MS = 500

/** The repository, the reader of its objects, and the signal that ends the work. */
interface ChangesContext {
  readonly repository: Repository
  readonly reader: ObjectReader
  readonly signal: AbortSignal
}

/**
 * Yields the changes of commits as git lists them, with renames. A commit that changes more than
 * `MAX_PATHS_OF_COMMIT` paths is compared without git: each pair of its folders once, so each new
 * version of a file is listed, and a skip says that not all of its paths are.
 */
export async function* commitChanges(
  commits: readonly string[],
  context: ChangesContext,
): AsyncGenerator<RawChange | Skip> {
  let pending = commits
  const checked = new Set<string>()
  for (let silenceMs = MIN_SILENCE_MS; pending.length > 0 && !context.signal.aborted; ) {
    const git = new BoundedDiff(pending, checked, context)
    yield* git.changes(silenceMs)
    if (git.large !== undefined) yield* changesOfLarge(git.large, context)
    else if (!git.isInterrupted) return
    // A git that is only slow gets more time each time.
    else silenceMs *= 2
    pending = git.remaining()
  }
}

async function* changesOfLarge(
  commit: string,
  context: ChangesContext,
): AsyncGenerator<RawChange | Skip> {
  const { changes, skips } = await compare(commit, context)
  yield* changes
  yield* skips
  const detail =
    `this commit changes more than ${MAX_PATHS_OF_COMMIT} paths; ` +
    'each version of a file was scanned, at one of its paths'
  yield { outcome: 'bounded', reason: 'too-large', object: commit, detail }
}

function compare(commit: string, { repository, reader, signal }: ChangesContext) {
  return compareCommit(commit, { reader, signal, idBytes: repository.idLength / 2 })
}

/** One run of `git diff-tree`, which ends early at a commit with too many paths. */
class BoundedDiff {
  /** The commit at which git was stopped. */
  large: string | undefined
  /** True when git was stopped because it printed nothing, and not all commits were checked. */
  isInterrupted = false
  readonly #commits: readonly string[]
  /** Commits that are known not to be large. */
  readonly #checked: Set<string>
  readonly #context: ChangesContext
  readonly #indexes: ReadonlyMap<string, number>
  /** Index of the commit whose changes arrive; those before it are complete. */
  #current = 0
  /** Number of changes that git printed. */
  #printed = 0
  #checking: Promise<void> | undefined

  constructor(commits: readonly string[], checked: Set<string>, context: ChangesContext) {
    this.#commits = commits
    this.#checked = checked
    this.#context = context
    this.#indexes = new Map(commits.map((commit, index) => [commit, index]))
  }

  /** Yields the changes of each commit once all of them have arrived. */
  async *changes(silenceMs: number): AsyncGenerator<RawChange | Skip> {
    const { repository, signal } = this.#context
    const input = [this.#commits.map((id) => `${id}\n`).join('')]
    const git = startGit({ ...repository, args: [...RAW_DIFF_ARGS, '-M'], input, signal })
    const timer = this.#watch(git, silenceMs)
    let held: RawChange[] = []
    for await (const change of parseRawDiff(git.stdout)) {
      this.#printed += 1
      if (change.commit !== held[0]?.commit) {
        yield* held
        held = []
        this.#current = this.#indexes.get(change.commit) ?? this.#current
      }
      held.push(change)
      if (held.length <= MAX_PATHS_OF_COMMIT) continue
      this.large ??= change.commit
      git.stop()
      break
    }
    clearInterval(timer)
    const failure = await git.failure
    if (this.isInterrupted) await this.#checking
    if (this.isInterrupted || this.large !== undefined) return
    yield* held
    if (failure !== undefined) yield gitFailed(failure)
  }

  /** Returns the commits that are not listed yet, without the large one. */
  remaining(): readonly string[] {
    return this.#commits.slice(this.#current).filter((commit) => commit !== this.large)
  }

  /**
   * Looks for a large commit when git prints nothing. A git that is silent for longer is stopped:
   * it may be filling its memory.
   */
  #watch({ stop }: GitProcess, silenceMs: number): NodeJS.Timeout {
    let printedBefore = 0
    const onTimer = (): void => {
      const isSilent = this.#printed === printedBefore
      printedBefore = this.#printed
      if (!isSilent) return
      if (this.#checking === undefined) {
        // An object that cannot be read is a skip, so nothing is thrown here but a bug.
        this.#checking = this.#findLarge().finally(() => {
          if (this.large === undefined) this.#checking = undefined
          else stop()
        })
      } else {
        this.isInterrupted = true
        stop()
      }
    }
    return setInterval(onTimer, silenceMs).unref()
  }

  /** Checks commits until one is large, or git prints something. */
  async #findLarge(): Promise<void> {
    const printed = this.#printed
    for (const commit of this.#commits.slice(this.#current)) {
      if (this.#printed > printed || this.large !== undefined) return
      if (this.#checked.has(commit)) continue
      const { paths } = await compare(commit, this.#context)
      if (paths > MAX_PATHS_OF_COMMIT) this.large ??= commit
      else this.#checked.add(commit)
      if (this.isInterrupted) return
    }
  }
}
