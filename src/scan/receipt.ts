/** What a scan covered, added up from what it says while it runs. */
import type { ObjectKind, Skip } from '../model/model.ts'
import type { Receipt, ScanEvent } from '../model/outcome.ts'

const kinds = ['blob', 'tree', 'commit', 'tag'] as const satisfies readonly ObjectKind[]

/**
 * Skips kept of one outcome and reason, the first by name. The others are counted, in one skip at
 * the end.
 */
const maxKept = 1000

/** What a receipt says that no event tells. */
export type ReceiptHead = Pick<
  Receipt,
  'target' | 'range' | 'reader' | 'rules' | 'config' | 'git' | 'durationMs' | 'shard'
>

interface Kept {
  skips: Skip[]
  more: number
}

/** Adds up events to a receipt, in bounded memory. */
export class ReceiptBuilder {
  readonly #objects: Record<ObjectKind, number> = { blob: 0, tree: 0, commit: 0, tag: 0 }
  readonly #skipped = new Map<string, Kept>()
  #bytes = 0
  #failed = false

  /** Counts objects, bytes and skips; other events say nothing of coverage. */
  record(event: ScanEvent): void {
    if (event.type === 'scanned') {
      this.#bytes += event.bytes
      for (const kind of kinds) this.#objects[kind] += event.objects[kind]
    } else if (event.type === 'skipped') {
      this.#skip(event.skip)
    }
  }

  /** The receipt of all events so far: complete when no skip was a failed one. */
  build(head: ReceiptHead): Receipt {
    const { commit, tree, tag, blob } = this.#objects
    return {
      complete: !this.#failed,
      target: head.target,
      range: head.range,
      reader: head.reader,
      commits: commit,
      trees: tree,
      tags: tag,
      blobs: blob,
      bytes: this.#bytes,
      skipped: [...this.#skipped]
        .toSorted(([a], [b]) => compareText(b, a))
        .flatMap(([, kept]) => listed(cut(kept))),
      rules: head.rules,
      config: head.config,
      git: head.git,
      durationMs: head.durationMs,
      ...(head.shard && { shard: head.shard }),
    }
  }

  #skip(skip: Skip): void {
    if (skip.outcome === 'failed') this.#failed = true
    const key = `${skip.outcome} ${skip.reason}`
    const kept = this.#skipped.get(key) ?? { skips: [], more: 0 }
    if (isOnlyCounted(skip)) kept.more += skip.count ?? 1
    else kept.skips.push(skip)
    this.#skipped.set(key, kept.skips.length < 2 * maxKept ? kept : cut(kept))
  }
}

/** `and 3 more` of a receipt that is merged with others. */
function isOnlyCounted({ count, path, object, member }: Skip): boolean {
  return count !== undefined && path === undefined && object === undefined && member === undefined
}

/**
 * The same skips are kept in whatever order they came, so that two scans of one repository say the
 * same.
 */
function cut({ skips, more }: Kept): Kept {
  const sorted = skips
    .map((skip) => [keyOf(skip), skip] as const)
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([, skip]) => skip)
  return {
    skips: sorted.slice(0, maxKept),
    more: sorted.slice(maxKept).reduce((sum, skip) => sum + (skip.count ?? 1), more),
  }
}

function keyOf({ object, path, member, detail }: Skip): string {
  return [path?.text ?? '', object ?? '', member ?? '', detail ?? ''].join('\0')
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function listed({ skips, more }: Kept): readonly Skip[] {
  const [first] = skips
  if (first === undefined || more === 0) return [...skips]
  return [
    ...skips,
    { outcome: first.outcome, reason: first.reason, detail: `and ${more} more`, count: more },
  ]
}
