import type { Ref } from '../commands/refs.ts'
import type { Exposure } from '../../model/model.ts'
import type { Published } from './published.ts'

/** What has an object in its history. */
export interface Holders {
  /** Full names. */
  readonly refs: readonly string[]
  readonly head: boolean
  readonly exposure: Exposure
}

/**
 * Refs by number, and how far each brings out what it leads to; behind them what remotes had once.
 */
export class RefList {
  readonly refs: readonly Ref[]
  readonly former: readonly Ref[]
  readonly #names: readonly string[]
  readonly #exposures: readonly Exposure[]

  constructor(refs: readonly Ref[], { isTracking, former }: Published) {
    this.refs = refs
    this.former = former
    this.#names = [...refs, ...former].map(({ name }) => name)
    this.#exposures = this.#names.map((name, at) =>
      at >= refs.length || isTracking(name) ? 'published' : exposureOf(name),
    )
  }

  /** What a set of refs is, given as a bit each. */
  holders(held: Uint8Array): Holders {
    const refs: string[] = []
    let head = false
    let exposure: Exposure = 'local'
    for (let at = 0; at < this.#names.length; at += 1) {
      const some = held[at >>> 3] ?? 0
      // There can be tens of thousands, and nearly none of them.
      if (some === 0) at |= 7
      if (((some >>> (at & 7)) & 1) === 0) continue
      // What was there once is of interest only where nothing that is there says the same.
      if (at >= this.refs.length && exposure === 'published') break
      const name = this.#names[at] ?? ''
      if (name === 'HEAD') head = true
      else refs.push(name)
      const own = this.#exposures[at] ?? 'local'
      if (own === 'published' || exposure === 'local') exposure = own
    }
    return { refs, head, exposure }
  }
}

/** A branch or tag has it: the next push brings it out. Else it stays in this clone. */
function exposureOf(ref: string): Exposure {
  return /^refs\/(heads|tags)\//.test(ref) ? 'pending' : 'local'
}
