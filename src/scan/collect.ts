import type { Finding, Origin, Suppressed } from '../model/model.ts'
import type { NamedEvent } from './add-fingerprints.ts'
import type { ScanEvent, ScanResult, ShardFacts } from '../model/outcome.ts'
import { FindingSet } from './findings/merge.ts'
import { ReceiptBuilder, type ReceiptHead } from './receipt.ts'

/**
 * Collects the events of a scan into its result. Also remembers which objects any event was about,
 * since only the others may be cached as clean.
 */
export class ResultCollector {
  readonly #findings = new FindingSet()
  readonly #suppressed: Suppressed[] = []
  readonly #receipt = new ReceiptBuilder()
  /** Ids of objects that an event was about. */
  readonly #objects = new Set<string>()
  /** True when a skip named no object, so that it may be about any. */
  #hasUnnamedSkip = false
  #isInNames = false

  /** Adds an event to the result; false for a further place of a credential already found. */
  record(event: ScanEvent): boolean {
    if (event.type === 'finding') return this.#findings.add(event.finding)
    if (event.type === 'suppressed') this.#suppressed.push(event.suppressed)
    else this.#receipt.record(event)
    return true
  }

  /** Returns one finding for each credential, worst first. */
  findings(): readonly Finding[] {
    return this.#findings.findings()
  }

  suppressed(): readonly Suppressed[] {
    return this.#suppressed
  }

  /**
   * Notes the objects that an event is about. Takes events before a policy is applied to them: the
   * next scan may have another policy.
   */
  recordMention(event: NamedEvent): void {
    if (event.type === 'finding' || event.type === 'unreported')
      for (const { origin } of event.finding.places) this.#recordOrigin(origin)
    else if (event.type === 'suppressed') this.#recordOrigin(event.suppressed.place.origin)
    else if (event.type === 'skipped') {
      const { object } = event.skip
      if (object === undefined) this.#hasUnnamedSkip = true
      else this.#objects.add(object)
    }
  }

  #recordOrigin({ object = '', inName }: Origin): void {
    this.#objects.add(object)
    this.#isInNames ||= inName === true
  }

  /** True when a finding or a suppression is in a name: a path, or an entry of a tree. */
  get isInNames(): boolean {
    return this.#isInNames
  }

  /** True when an event was, or may have been, about this object. */
  isSpokenOf(object: string): boolean {
    return this.#hasUnnamedSkip || this.#objects.has(object)
  }

  /** Builds the result from `findings`, which may have been attributed since they were recorded. */
  result(findings: readonly Finding[], head: ReceiptHead, shard?: ShardFacts): ScanResult {
    return {
      findings,
      suppressed: this.#suppressed,
      receipt: this.#receipt.build(head),
      ...(shard && { shard }),
    }
  }
}
