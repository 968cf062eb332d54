import type { Engine } from './engine.ts'
import type { Candidate, Origin, Source, SourceBlob, Suppression } from '../model/model.ts'
import type { ScanEvent } from '../model/outcome.ts'

/**
 * Did a candidate's line, with the marker on it, stand where it is now when markers were agreed on?
 */
export type MarkerExistedBefore = (candidate: Candidate, origin: Origin) => Promise<boolean>

/** Tells findings from suppressions, and new ones from those the change did not bring. */
export class ChangeFilter {
  readonly #source: Source
  readonly #engine: Engine
  readonly #signal: AbortSignal
  readonly #standing: MarkerExistedBefore | undefined
  /** Credentials in the objects an origin replaced, by the names of those. */
  readonly #replaced = new Map<string, ReadonlySet<string>>()

  /** Without `standing` every marker counts. */
  constructor(source: Source, engine: Engine, signal: AbortSignal, standing?: MarkerExistedBefore) {
    this.#source = source
    this.#engine = engine
    this.#signal = signal
    this.#standing = standing
  }

  /** `again`: the blob was read before, so what its content alone rules out was already said. */
  async *events(candidates: readonly Candidate[], again: boolean): AsyncGenerator<ScanEvent> {
    for (const candidate of candidates) {
      const suppression = this.#engine.suppress(candidate)
      if (suppression?.by === 'inline' && this.#standing !== undefined) {
        yield* this.#marked(candidate, suppression, this.#standing)
      } else if (suppression !== undefined) {
        if (!again || candidate.rule.parts.length === 0)
          yield { type: 'suppressed', suppressed: this.#engine.dismiss(candidate, suppression) }
      } else yield await this.#judged(candidate, undefined)
    }
  }

  /**
   * A marker counts where the line stood before; what a change adds does not allow what it adds.
   */
  async *#marked(
    candidate: Candidate,
    suppression: Suppression,
    standing: MarkerExistedBefore,
  ): AsyncGenerator<ScanEvent> {
    const [allowed, added]: [Origin[], Origin[]] = [[], []]
    for (const origin of candidate.blob.origins)
      ((await standing(candidate, origin)) ? allowed : added).push(origin)
    const [first, ...rest] = added
    if (first === undefined)
      yield { type: 'suppressed', suppressed: this.#engine.dismiss(candidate, suppression) }
    else
      yield await this.#judged(
        { ...candidate, blob: { ...candidate.blob, origins: [first, ...rest] } },
        suppression,
      )
  }

  async #judged(candidate: Candidate, proposed: Suppression | undefined): Promise<ScanEvent> {
    const [first, ...rest] = await this.#newOrigins(candidate)
    if (first === undefined)
      return {
        type: 'suppressed',
        suppressed: this.#engine.dismiss(candidate, {
          by: 'unchanged',
          reason: 'the version before had it already',
        }),
      }
    const finding = this.#engine.conclude({
      ...candidate,
      blob: { ...candidate.blob, origins: [first, ...rest] },
    })
    return { type: 'finding', finding: proposed === undefined ? finding : { ...finding, proposed } }
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
    const add = (blob: SourceBlob): void =>
      detector.detect(blob).forEach((candidate) => keys.add(this.#engine.keyOf(candidate)))
    for await (const batch of this.#source.replaced(origin, this.#signal))
      for (const item of batch) if (!('outcome' in item) && !('skippedClean' in item)) add(item)
    detector.end().forEach((candidate) => keys.add(this.#engine.keyOf(candidate)))
    this.#replaced.set(ids, keys)
    return keys
  }
}
