import type { Candidate, Origin, Source, SourceBlob, Suppression } from '../model/model.ts'
import { Turns } from '../model/turns.ts'
import type { DetectedEvent } from './detected-event.ts'
import type { Engine } from './engine.ts'

/**
 * Resolves to true when the line of a candidate, with its inline marker, was in the file before the
 * change that is scanned.
 */
export type MarkerExistedBefore = (candidate: Candidate, origin: Origin) => Promise<boolean>

/**
 * Turns candidates into findings and suppressions. Suppresses credentials that the version before a
 * change already had, and ignores inline markers that the change itself adds.
 */
export class ChangeFilter {
  readonly #source: Source
  readonly #engine: Engine
  readonly #signal: AbortSignal
  readonly #markerExisted: MarkerExistedBefore | undefined
  /** Keys of the credentials in replaced objects, by the ids of those objects. */
  readonly #replacedKeys = new Map<string, ReadonlySet<string>>()

  /** Without `markerExisted` every inline marker counts. */
  constructor(
    source: Source,
    engine: Engine,
    signal: AbortSignal,
    markerExisted?: MarkerExistedBefore,
  ) {
    this.#source = source
    this.#engine = engine
    this.#signal = signal
    this.#markerExisted = markerExisted
  }

  /**
   * Yields an event for each candidate. `isReread`: the blob was read before, so suppressions by
   * content alone were reported then.
   */
  async *events(
    candidates: readonly Candidate[],
    isReread: boolean,
  ): AsyncGenerator<DetectedEvent> {
    const turns = new Turns()
    for (const candidate of candidates) {
      if (turns.isOver) await turns.next()
      const suppression = this.#engine.suppress(candidate)
      if (suppression?.by === 'inline' && this.#markerExisted !== undefined) {
        yield* this.#judgeMarker(candidate, suppression, this.#markerExisted)
      } else if (suppression !== undefined) {
        if (!isReread || candidate.rule.parts.length === 0)
          yield this.#suppressed(candidate, suppression)
      } else yield await this.#judgeOrigins(candidate, undefined)
    }
  }

  /**
   * Suppresses a candidate by its inline marker where the marked line existed before. At other
   * origins the candidate is judged, with the marker as a proposed suppression.
   */
  async *#judgeMarker(
    candidate: Candidate,
    suppression: Suppression,
    markerExisted: MarkerExistedBefore,
  ): AsyncGenerator<DetectedEvent> {
    const unmarked: Origin[] = []
    for (const origin of candidate.blob.origins)
      if (!(await markerExisted(candidate, origin))) unmarked.push(origin)
    const [first, ...rest] = unmarked
    if (first === undefined) yield this.#suppressed(candidate, suppression)
    else yield await this.#judgeOrigins(withOrigins(candidate, [first, ...rest]), suppression)
  }

  /** Returns a finding for the origins where the credential is new, a suppression if there are none. */
  async #judgeOrigins(
    candidate: Candidate,
    proposed: Suppression | undefined,
  ): Promise<DetectedEvent> {
    const [first, ...rest] = await this.#newOrigins(candidate)
    if (first === undefined) {
      const reason = 'the version before had it already'
      return this.#suppressed(candidate, { by: 'unchanged', reason })
    }
    const finding = this.#engine.conclude(withOrigins(candidate, [first, ...rest]))
    return {
      type: 'unnamed',
      finding: proposed === undefined ? finding : { ...finding, proposed },
      blob: candidate.blob.id,
    }
  }

  #suppressed(candidate: Candidate, suppression: Suppression): DetectedEvent {
    return { type: 'suppressed', suppressed: this.#engine.toSuppressed(candidate, suppression) }
  }

  async #newOrigins(candidate: Candidate): Promise<readonly Origin[]> {
    const newOrigins: Origin[] = []
    for (const origin of candidate.blob.origins) {
      const keysBefore = await this.#credentialsBefore(origin)
      if (!keysBefore.has(this.#engine.credentialKey(candidate))) newOrigins.push(origin)
    }
    return newOrigins
  }

  /** Detects the credentials in the objects that an origin replaced; each object is read once. */
  async #credentialsBefore(origin: Origin): Promise<ReadonlySet<string>> {
    const ids = origin.replaces?.join(' ') ?? ''
    if (ids === '' || this.#source.replaced === undefined) return new Set()
    const cached = this.#replacedKeys.get(ids)
    if (cached !== undefined) return cached
    const detector = this.#engine.detector()
    const keys = new Set<string>()
    const add = (candidate: Candidate): void => void keys.add(this.#engine.credentialKey(candidate))
    for await (const batch of this.#source.replaced(origin, this.#signal))
      for (const item of batch) if ('kind' in item) detector.detect(item).forEach(add)
    detector.end().forEach(add)
    this.#replacedKeys.set(ids, keys)
    return keys
  }
}

function withOrigins(candidate: Candidate, origins: SourceBlob['origins']): Candidate {
  return { ...candidate, blob: { ...candidate.blob, origins } }
}
