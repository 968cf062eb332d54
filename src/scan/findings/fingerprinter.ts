/** Gives the findings of one scan their fingerprints, within limits and until the scan is stopped. */
import type { WeakValueLimits } from '../../model/limits.ts'
import type { UnnamedFinding } from '../../model/model.ts'
import { memoize } from '../../model/memoize.ts'
import type { Rule } from '../../model/rule.ts'
import { fingerprint, primaryPartOf, requestFingerprint } from './fingerprint.ts'

/** Reason why a finding has no fingerprint: a limit of weak values, or the end of the scan. */
export type NoFingerprint = 'limit' | 'stopped'

export type FingerprintResult =
  | { readonly fingerprint: string }
  | { readonly without: NoFingerprint }

/**
 * Computes fingerprints. Values that a person may have chosen take a slow hash each, so the number
 * of different ones is limited for each blob, in the order of the scan, and for the scan.
 */
export class Fingerprinter {
  readonly #limits: WeakValueLimits
  readonly #signal: AbortSignal
  readonly #ofMachineValue = memoize((text, { family, madeBy }: Rule) => ({
    fingerprint: fingerprint(family, text, madeBy),
  }))
  /** Results of weak values, by family and value: as many as `maxInScan` at most. */
  readonly #weak = new Map<string, FingerprintResult | Promise<FingerprintResult>>()
  /** Numbers of weak values that were first found in a blob, by its id. */
  readonly #countByBlob = new Map<string, number>()

  constructor(limits: WeakValueLimits, signal: AbortSignal) {
    this.#limits = limits
    this.#signal = signal
  }

  /** Returns the fingerprint of a finding in the blob with this id, or why there is none. */
  of(
    { rule, parts }: UnnamedFinding,
    blob: string,
  ): FingerprintResult | Promise<FingerprintResult> {
    const [first, ...rest] = parts
    const text = first === undefined ? '' : primaryPartOf([first, ...rest]).secret.reveal()
    return rule.madeBy === 'machine'
      ? this.#ofMachineValue(text, rule)
      : this.#ofWeakValue(text, rule, blob)
  }

  #ofWeakValue(
    text: string,
    { family, madeBy }: Rule,
    blob: string,
  ): FingerprintResult | Promise<FingerprintResult> {
    const key = `${family}\0${text}`
    const known = this.#weak.get(key)
    if (known !== undefined) return known
    const { maxInFile, maxInScan } = this.#limits
    const count = this.#countByBlob.get(blob) ?? 0
    if (this.#weak.size >= maxInScan || count >= maxInFile) return { without: 'limit' }
    if (this.#signal.aborted) return { without: 'stopped' }
    this.#countByBlob.set(blob, count + 1)
    const answer = requestFingerprint(family, text, madeBy)
    const result =
      typeof answer === 'string'
        ? { fingerprint: answer }
        : answer.then((value): FingerprintResult => {
            const settled = { fingerprint: value }
            this.#weak.set(key, settled)
            return settled
          })
    this.#weak.set(key, result)
    return result
  }
}
