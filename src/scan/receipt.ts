/** Builds the receipt of a scan: what was read, and what was skipped and why. */
import type { ObjectKind, Skip } from '../model/model.ts'
import { isCountOnly, type Receipt, type ScanEvent } from '../model/outcome.ts'

const KINDS = ['blob', 'tree', 'commit', 'tag'] as const satisfies readonly ObjectKind[]

/** Skips listed for each outcome and reason, the first by name; one more counts all others. */
const MAX_LISTED_SKIPS = 1000

/** Fields of a receipt that do not come from events. */
export type ReceiptHead = Pick<
  Receipt,
  'target' | 'range' | 'reader' | 'rules' | 'config' | 'git' | 'durationMs' | 'shard'
>

/** Skips of one outcome and reason. */
interface SkipGroup {
  skips: Skip[]
  /** Skips that are only counted. */
  more: number
}

/** Adds up the events of a scan, in bounded memory. */
export class ReceiptBuilder {
  readonly #objects: Record<ObjectKind, number> = { blob: 0, tree: 0, commit: 0, tag: 0 }
  readonly #groups = new Map<string, SkipGroup>()
  #bytes = 0
  #hasFailed = false

  /** Counts objects, bytes and skips; ignores events of other types. */
  record(event: ScanEvent): void {
    if (event.type === 'scanned') {
      this.#bytes += event.bytes
      for (const kind of KINDS) this.#objects[kind] += event.objects[kind]
    } else if (event.type === 'skipped') {
      this.#addSkip(event.skip)
    }
  }

  /** Returns the receipt of all events so far; it is complete when no skip was a failure. */
  build(head: ReceiptHead): Receipt {
    const { commit, tree, tag, blob } = this.#objects
    return {
      complete: !this.#hasFailed,
      target: head.target,
      range: head.range,
      reader: head.reader,
      commits: commit,
      trees: tree,
      tags: tag,
      blobs: blob,
      bytes: this.#bytes,
      skipped: [...this.#groups]
        .toSorted(([a], [b]) => compareText(b, a))
        .flatMap(([, group]) => listedSkips(shortened(group))),
      rules: head.rules,
      config: head.config,
      git: head.git,
      durationMs: head.durationMs,
      ...(head.shard && { shard: head.shard }),
    }
  }

  #addSkip(skip: Skip): void {
    if (skip.outcome === 'failed') this.#hasFailed = true
    const key = `${skip.outcome} ${skip.reason}`
    const group = this.#groups.get(key) ?? { skips: [], more: 0 }
    if (isCountOnly(skip)) group.more += skip.count ?? 1
    else group.skips.push(skip)
    // Sorting only when twice as many are held keeps the cost of each skip low.
    this.#groups.set(key, group.skips.length < 2 * MAX_LISTED_SKIPS ? group : shortened(group))
  }
}

/**
 * Keeps the first skips by name and counts the rest. The result does not depend on the order in
 * which skips arrive, so two scans of one repository report the same.
 */
function shortened({ skips, more }: SkipGroup): SkipGroup {
  const sorted = skips
    .map((skip) => [sortKey(skip), skip] as const)
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([, skip]) => skip)
  return {
    skips: sorted.slice(0, MAX_LISTED_SKIPS),
    more: sorted.slice(MAX_LISTED_SKIPS).reduce((sum, skip) => sum + (skip.count ?? 1), more),
  }
}

function sortKey({ object, path, member, detail }: Skip): string {
  return [path?.text ?? '', object ?? '', member ?? '', detail ?? ''].join('\0')
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function listedSkips({ skips, more }: SkipGroup): readonly Skip[] {
  const [first] = skips
  if (first === undefined || more === 0) return [...skips]
  const { outcome, reason } = first
  return [...skips, { outcome, reason, detail: `and ${more} more`, count: more }]
}
