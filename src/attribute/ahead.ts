import { KeptFile, type KeptPlace } from '../git/kept-file.ts'
import type { ObjectReader } from '../git/objects.ts'
import { listRefs, type Ref } from '../git/refs.ts'
import type { Repository } from '../git/repository.ts'
import { readGit } from '../git/run.ts'
import { type KeptHistory, type Past, pastOf } from './past.ts'
import { type Published, readPublished } from './published.ts'

/** Where history is to be asked. */
export interface History {
  readonly repository: Repository
  readonly reader: ObjectReader
  readonly signal: AbortSignal
  /** Gives them where they are listed already. */
  readonly refs?: (() => Promise<readonly Ref[]>) | undefined
  /** Where to keep what is learned. */
  readonly keeping: KeptPlace | undefined
}

/** What is asked of history whatever was found. */
export interface Ahead {
  readonly refs: Promise<readonly Ref[]>
  readonly published: Promise<Published>
  /** All that HEAD's tree holds, as git lists it; nothing before the first commit. */
  readonly head: Promise<Buffer>
  readonly past: Past
}

/** Asks as soon as it is known that something was found, so that git answers while the rest is looked at. */
export function askAhead({ repository, reader, signal, keeping, refs = () => listRefs({ ...repository, signal }) }: History): Ahead {
  const past = pastOf(repository, { reader, signal }, keeping && new KeptFile<KeptHistory>(keeping, 'attribution'))
  const head = readGit({ ...repository, signal, args: ['ls-tree', '-r', '-t', '-z', '--full-tree', 'HEAD'] }).catch(() => Buffer.alloc(0))
  const ahead = { refs: refs(), published: readPublished(repository, signal), head, past }
  // Who needs an answer hears of what went wrong; it may be that nobody does.
  for (const answer of [ahead.refs, ahead.published, past.again]) answer.catch(() => {})
  return ahead
}
