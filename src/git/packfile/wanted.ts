import type { Shard } from '../../model/shard.ts'
import type { Sieve } from '../objects/sieve.ts'
import type { ObjectKind } from '../../model/model.ts'
import type { Crew } from './workers/crew.ts'
import type { Learned } from './cache/learned.ts'
import type { Known } from './walk/links.ts'
import type { LooseFile } from './loose-object.ts'
import type { Sifting } from './walk/sifted.ts'

/** What is to be read of a plan, and how. */
export interface Wanted {
  readonly marks: Uint8Array
  /** Default: all of the plan. */
  readonly loose?: readonly LooseFile[]
  readonly kinds?: readonly ObjectKind[] | undefined
  readonly sieve?: Sieve | undefined
  readonly shard?: Shard | undefined
  /** Who reads as well. */
  readonly crew?: Crew | undefined
  /** Where objects are, if it is not in this plan alone. */
  readonly known?: Known
  /** What was learned of other packs. */
  readonly learned?: Learned
  /** Is to be noted what is seen of trees and commits? */
  readonly noting?: boolean
}

export interface WantedOfPacks extends Wanted {
  readonly sifting: Sifting | undefined
  /** Gets the names of what is left to git. */
  readonly unread: string[]
}
