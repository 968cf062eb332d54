import { FindingSet } from './findings/merge.ts'
import type { Finding, ScanEvent, ScanResult, Suppressed } from './model.ts'
import { ReceiptBuilder, type ReceiptHead } from './receipt.ts'

/** Adds the events of a scan up to its result. */
export class Collector {
  readonly #findings = new FindingSet()
  readonly #suppressed: Suppressed[] = []
  readonly #receipt = new ReceiptBuilder()

  record(event: ScanEvent): void {
    if (event.type === 'finding') this.#findings.add(event.finding)
    else if (event.type === 'suppressed') this.#suppressed.push(event.suppressed)
    else this.#receipt.record(event)
  }

  /** One finding a credential, worst first. */
  findings(): readonly Finding[] {
    return this.#findings.findings()
  }

  /** The result, with findings that may have been attributed since. */
  result(findings: readonly Finding[], head: ReceiptHead): ScanResult {
    return { findings, suppressed: this.#suppressed, receipt: this.#receipt.build(head) }
  }
}
