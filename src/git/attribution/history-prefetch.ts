import type { CacheLocation } from '../objects/signed-cache-file.ts'
import type { ObjectReader } from '../objects/objects.ts'
import { listRefs, type Refs } from '../commands/refs.ts'
import type { Repository } from '../commands/repository.ts'
import type { Suppressed } from '../../model/model.ts'
import { type AskHead, askHead } from './in-head.ts'
import { type AttributionCache, readAttributionCache } from './cache/attribution-cache.ts'
import { type Published, readPublished } from './published.ts'

/** What was found, or ruled out. */
interface Said {
  readonly isInNames: boolean
  readonly isSpokenOf: (object: string) => boolean
  readonly suppressed: () => readonly Suppressed[]
}

/** Where history is to be asked. */
export interface History {
  readonly repository: Repository
  readonly reader: ObjectReader
  readonly signal: AbortSignal
  /** Gives them where they are listed already. */
  readonly refs?: (() => Promise<Refs>) | undefined
  /** Where to keep what is learned. */
  readonly cacheLocation: CacheLocation | undefined
  /**
   * Names of files and people are kept only where they are not what was found; undefined where not
   * all was looked at.
   */
  readonly reported: Said | undefined
}

/** What is asked of history whatever was found. */
export interface HistoryPrefetch {
  readonly refs: Promise<Refs>
  readonly published: Promise<Published>
  readonly inHead: AskHead
  readonly cache: AttributionCache
}

/**
 * Asks as soon as it is known that something was found, so that git answers while the rest is
 * looked at.
 */
export function prefetchHistory({
  repository,
  reader,
  signal,
  cacheLocation: keeping,
  refs = () => listRefs({ ...repository, signal }),
}: History): HistoryPrefetch {
  const past = readAttributionCache(repository, { reader, signal }, keeping)
  const listed = refs()
  const ahead = {
    refs: listed,
    published: readPublished(repository, signal),
    inHead: askHead({ ...repository, signal }, listed, past.answers?.head),
    cache: past,
  }
  // Who needs an answer hears of what went wrong; it may be that nobody does.
  for (const answer of [ahead.refs, ahead.published, past.again]) answer.catch(() => {})
  return ahead
}
