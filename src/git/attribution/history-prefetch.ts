/** Starts the questions about history that do not depend on what the scan finds. */
import type { Suppressed } from '../../model/model.ts'
import { listRefs, type Refs } from '../commands/refs.ts'
import type { Repository } from '../commands/repository.ts'
import type { ObjectReader } from '../objects/objects.ts'
import type { CacheLocation } from '../objects/signed-cache-file.ts'
import { type AttributionCache, readAttributionCache } from './cache/attribution-cache.ts'
import { type FindInHead, prefetchHead } from './in-head.ts'
import { type Published, readPublished } from './published.ts'

/** Everything that a scan reported: findings and suppressed findings. */
interface ReportedSecrets {
  /** True when a reported secret is in a name. */
  readonly isInNames: boolean
  /** True when a secret in this object was reported. */
  readonly isSpokenOf: (object: string) => boolean
  readonly suppressed: () => readonly Suppressed[]
}

/** The repository whose history attributes findings, and the access to it. */
export interface History {
  readonly repository: Repository
  readonly reader: ObjectReader
  readonly signal: AbortSignal
  /** Returns the refs when they are listed already. */
  readonly refs?: (() => Promise<Refs>) | undefined
  /** The location of the attribution cache. Undefined: nothing is cached. */
  readonly cacheLocation: CacheLocation | undefined
  /**
   * Names of files and people are cached only when they contain no secret. Undefined when the scan
   * does not know all secrets; then no name is cached.
   */
  readonly reported: ReportedSecrets | undefined
}

/** Answers that do not depend on the findings. */
export interface HistoryPrefetch {
  readonly refs: Promise<Refs>
  readonly published: Promise<Published>
  readonly findInHead: FindInHead
  readonly cache: AttributionCache
}

/** Starts the questions once something was found, so that git answers while the scan goes on. */
export function prefetchHistory({
  repository,
  reader,
  signal,
  cacheLocation,
  refs: knownRefs = () => listRefs({ ...repository, signal }),
}: History): HistoryPrefetch {
  const cache = readAttributionCache(repository, { reader, signal }, cacheLocation)
  const refs = knownRefs()
  const prefetch = {
    refs,
    published: readPublished(repository, signal),
    findInHead: prefetchHead({ ...repository, signal }, refs, cache.answers?.head),
    cache,
  }
  // `attribute` awaits the answers and receives their errors; without these handlers an error that
  // comes earlier would be unhandled.
  for (const answer of [prefetch.refs, prefetch.published, cache.updated]) answer.catch(() => {})
  return prefetch
}
