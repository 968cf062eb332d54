import type { Engine } from './engine.ts'
import type { Candidate, Origin, Source, SourceBlob } from './model.ts'
import type { ScanEvent } from './outcome.ts'

/** Tells findings from suppressions, and new ones from those the change did not bring. */
export class Judge {
  readonly #source: Source
  readonly #engine: Engine
  readonly #signal: AbortSignal
  /** Credentials in the objects an origin replaced, by the names of those. */
  readonly #replaced = new Map<string, ReadonlySet<string>>()

  constructor(source: Source, engine: Engine, signal: AbortSignal) {
    this.#source = source
    this.#engine = engine
    this.#signal = signal
  }

  /** `again`: the blob was read before, so what its content alone rules out was already said. */
  async *events(candidates: readonly Candidate[], again: boolean): AsyncGenerator<ScanEvent> {
    for (const candidate of candidates) {
      const suppression = this.#engine.suppress(candidate)
      if (suppression !== undefined) {
        if (!again || candidate.rule.parts.length === 0) yield { type: 'suppressed', suppressed: this.#engine.dismiss(candidate, suppression) }
        continue
      }
      const [first, ...rest] = await this.#newOrigins(candidate)
      if (first === undefined) yield { type: 'suppressed', suppressed: this.#engine.dismiss(candidate, { by: 'unchanged', reason: 'the version before had it already' }) }
      else yield { type: 'finding', finding: this.#engine.conclude({ ...candidate, blob: { ...candidate.blob, origins: [first, ...rest] } }) }
    }
  }

  async #newOrigins(candidate: Candidate): Promise<readonly Origin[]> {
    const fresh: Origin[] = []
    for (const origin of candidate.blob.origins) {
      const before = await this.#credentialsBefore(origin)
      if (!before.has(this.#engine.keyOf(candidate))) fresh.push(origin)
    }
    return fresh
  }

  async #credentialsBefore(origin: Origin): Promise<ReadonlySet<string>> {
    const ids = origin.replaces?.join(' ') ?? ''
    const known = this.#replaced.get(ids)
    if (ids === '' || this.#source.replaced === undefined) return new Set()
    if (known !== undefined) return known
    const detector = this.#engine.detector()
    const keys = new Set<string>()
    const add = (blob: SourceBlob): void => detector.detect(blob).forEach((candidate) => keys.add(this.#engine.keyOf(candidate)))
    for await (const batch of this.#source.replaced(origin, this.#signal)) for (const item of batch) if (!('outcome' in item) && !('passed' in item)) add(item)
    detector.end().forEach((candidate) => keys.add(this.#engine.keyOf(candidate)))
    this.#replaced.set(ids, keys)
    return keys
  }
}
