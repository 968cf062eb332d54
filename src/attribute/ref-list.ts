import type { Ref } from '../git/refs.ts'
import type { Exposure } from '../model.ts'
import type { Published } from './published.ts'

/** What has an object in its history. */
export interface Holders {
  /** Full names. */
  readonly refs: readonly string[]
  readonly head: boolean
  readonly exposure: Exposure
}

/** Refs by number, and how far each brings out what it leads to. */
export class RefList {
  /** From a number on they are no refs any more, but what remotes had once. */
  readonly all: readonly Ref[]
  readonly former: number
  readonly #exposures: readonly Exposure[]

  constructor(refs: readonly Ref[], { isTracking, former }: Published) {
    this.all = [...refs, ...former]
    this.former = refs.length
    this.#exposures = this.all.map(({ name }, at) => (at >= refs.length || isTracking(name) ? 'published' : exposureOf(name)))
  }

  /** For sets of refs, a bit each, what they are. Equal answers are one object. */
  holders(sets: readonly Uint8Array[]): readonly Holders[] {
    const answers = new Map<string, Holders>()
    return sets.map((held) => {
      const key = Buffer.from(held).toString('latin1')
      const answer = answers.get(key) ?? this.#holders(held)
      answers.set(key, answer)
      return answer
    })
  }

  #holders(held: Uint8Array): Holders {
    const refs: string[] = []
    let head = false
    let exposure: Exposure = 'local'
    for (let at = 0; at < this.all.length; at += 1) {
      const some = held[at >>> 3] ?? 0
      // There can be tens of thousands, and nearly none of them.
      if (some === 0) at |= 7
      if (((some >>> (at & 7)) & 1) === 0) continue
      // What was there once is of interest only where nothing that is there says the same.
      if (at >= this.former && exposure === 'published') break
      const name = this.all[at]?.name ?? ''
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
