import { FindingSet } from './findings/merge.ts'
import type { Finding, Suppressed } from './model.ts'
import type { ScanEvent, ScanResult } from './outcome.ts'
import { ReceiptBuilder, type ReceiptHead } from './receipt.ts'

/** Adds the events of a scan up to its result. */
export class Collector {
  readonly #findings = new FindingSet()
  readonly #suppressed: Suppressed[] = []
  readonly #receipt = new ReceiptBuilder()

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

  /** The result, with findings that may have been attributed since. */
  result(findings: readonly Finding[], head: ReceiptHead): ScanResult {
    return { findings, suppressed: this.#suppressed, receipt: this.#receipt.build(head) }
  }
}
