import { FindingSet } from './findings/merge.ts'
import type { Finding, Origin, Suppressed } from '../model/model.ts'
import type { ScanEvent, ScanResult, ShardFacts } from '../model/outcome.ts'
import { ReceiptBuilder, type ReceiptHead } from './receipt.ts'

/** Adds the events of a scan up to its result. */
export class ResultCollector {
  readonly #findings = new FindingSet()
  readonly #suppressed: Suppressed[] = []
  readonly #receipt = new ReceiptBuilder()
  readonly #objects = new Set<string>()
  #isAny = false
  #isInNames = false

  /** False for one more place of a credential that is known. */
  record(event: ScanEvent): boolean {
    if (event.type === 'finding') return this.#findings.add(event.finding)
    if (event.type === 'suppressed') this.#suppressed.push(event.suppressed)
    else this.#receipt.record(event)
    return true
  }

  /** One finding a credential, worst first. */
  findings(): readonly Finding[] {
    return this.#findings.findings()
  }

  /** What was ruled out. */
  suppressed(): readonly Suppressed[] {
    return this.#suppressed
  }

  /** Notes what is said of objects, whatever a policy makes of it: the next one may be another. */
  recordMention(event: ScanEvent): void {
    if (event.type === 'finding')
      for (const { origin } of event.finding.places) this.#hearOf(origin)
    else if (event.type === 'suppressed') this.#hearOf(event.suppressed.place.origin)
    else if (event.type === 'skipped' && event.skip.object !== undefined)
      this.#objects.add(event.skip.object)
    else if (event.type === 'skipped') this.#isAny = true
  }

  #hearOf({ object = '', inName }: Origin): void {
    this.#objects.add(object)
    this.#isInNames ||= inName === true
  }

  /** Was anything found in names, or ruled out there? */
  get isInNames(): boolean {
    return this.#isInNames
  }

  /** Was anything said of an object, or of whatever it may be? */
  isSpokenOf(object: string): boolean {
    return this.#isAny || this.#objects.has(object)
  }

  /** The result, with findings that may have been attributed since. */
  result(findings: readonly Finding[], head: ReceiptHead, shard?: ShardFacts): ScanResult {
    return {
      findings,
      suppressed: this.#suppressed,
      receipt: this.#receipt.build(head),
      ...(shard && { shard }),
    }
  }
}
