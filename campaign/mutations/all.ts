/** All mutations by name. */
import { appendGarbage, flipBit, flipBytes, insertBytes, truncate, zeroPage } from './bytes.ts'
import { deleteFile, duplicateLoose, otherContent, strayPackFile, swapFiles } from './files.ts'
import {
  changeAlternates,
  changeConfig,
  changeHead,
  changePackedRefs,
  changeRef,
  changeReflog,
  changeShallow,
  strayFile,
} from './text.ts'
import type { Mutation, Target } from './target.ts'

const mutations: Readonly<Record<string, Mutation>> = {
  'flipped bytes': flipBytes,
  'flipped bit': flipBit,
  truncated: truncate,
  'zeroed page': zeroPage,
  'appended garbage': appendGarbage,
  'inserted bytes': insertBytes,
  'deleted file': deleteFile,
  'swapped files': swapFiles,
  'duplicated loose object': duplicateLoose,
  'loose object with other content': otherContent,
  'stray pack file': strayPackFile,
  'changed ref': changeRef,
  'changed packed-refs': changePackedRefs,
  'changed HEAD': changeHead,
  'changed config': changeConfig,
  'changed alternates': changeAlternates,
  'changed shallow or grafts': changeShallow,
  'changed reflog': changeReflog,
  'stray file': strayFile,
}

const names = Object.keys(mutations)

/** A mutation that a target may not fit is replaced by another; as many tries are enough. */
const MAX_TRIES = 20

export interface Mutated {
  readonly name: string
  /** The damage in words. */
  readonly how: string
}

/** Damages a target in one way; undefined for one that holds next to nothing. */
export function mutate(target: Target): Mutated | undefined {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const name = target.random.pick(names)
    const how = mutations[name]?.(target)
    if (how !== undefined) return { name, how }
  }
  return undefined
}
