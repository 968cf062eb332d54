/** The refs that hold an object, and whether these expose it. */
import type { Ref } from '../commands/refs.ts'
import type { Exposure } from '../../model/model.ts'
import type { Published } from './published.ts'

/** The refs whose history contains an object. */
export interface Holders {
  /** Full names, without HEAD. */
  readonly refs: readonly string[]
  /** True when the history of HEAD contains the object. */
  readonly head: boolean
  readonly exposure: Exposure
}

/** Refs by number with the exposure of each. Former refs of remotes follow the refs that exist. */
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

  /** Lists the refs of a set, which has one bit a ref. */
  holders(set: Uint8Array): Holders {
    const refs: string[] = []
    let head = false
    let exposure: Exposure = 'local'
    for (let at = 0; at < this.#names.length; at += 1) {
      const byte = set[at >>> 3] ?? 0
      // There can be tens of thousands of refs, of which a set has nearly none.
      if (byte === 0) at |= 7
      if (((byte >>> (at & 7)) & 1) === 0) continue
      // A former ref matters only when no existing ref shows that the object is published.
      if (at >= this.refs.length && exposure === 'published') break
      const name = this.#names[at] ?? ''
      if (name === 'HEAD') head = true
      else refs.push(name)
      const refExposure = this.#exposures[at] ?? 'local'
      if (refExposure === 'published' || exposure === 'local') exposure = refExposure
    }
    return { refs, head, exposure }
  }
}

/** The next push may publish branches and tags. Other refs stay in this clone. */
function exposureOf(ref: string): Exposure {
  return /^refs\/(heads|tags)\//.test(ref) ? 'pending' : 'local'
}
