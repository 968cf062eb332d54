import { existsSync } from 'node:fs'
import type { Engine } from './engine.ts'
import { HEAD_BYTES, isContainer } from './archives/format.ts'
import { keywordIndexOf } from './detect/keyword-index.ts'
import { isRead16, UTF16_BYTES } from './detect/chunks.ts'
import type { Detector } from './detect/detector.ts'
import { WasmPrecheck, gated } from './detect/wasm-precheck.ts'
import { createPrefilter, type Prefilter } from './detect/prefilter.ts'
import { matchRadiusOf } from './detect/match-radius.ts'
import { ConfigError } from '../model/errors.ts'
import { FilterResult, type ObjectFilter } from '../git/objects/object-filter.ts'
import type { ObjectKind } from '../model/model.ts'
import type { Rule, RulePart } from '../model/rule.ts'
import { packPattern, type TransferablePattern, unpackPattern } from '../rules/bounded-pattern.ts'
import { EnvNames } from './sources/env-names.ts'
import { isPointer } from './sources/lfs-pointer.ts'
import type { FilterFactory } from './sources/open-history.ts'
import { readVersion } from '../model/version.ts'

/**
 * Rules that reach farther, in bytes of a chunk, are tried on whole objects only, wherever one of
 * their keywords stands. Few keywords of such rules are about.
 */
const MAX_REACH_BYTES = 900

/** What readers get to sift with, here and in threads of their own. */
export function filterFactoryOf(
  rules: readonly Rule[],
  digest: string,
  engine: Engine,
): FilterFactory {
  return {
    sieve: (idBytes) => createObjectFilter(rules, engine, idBytes),
    program() {
      const entry = new URL('../cli/thread.cjs', import.meta.url)
      // From sources, as in tests, there is no compiled program: one thread does it all.
      return existsSync(entry) ? { entry, rules: rules.map(toTravel) } : undefined
    },
    digest: () => `${digest}-${readVersion()}`,
  }
}

export interface TransferableRule extends Omit<Rule, 'parts'> {
  readonly parts: readonly (Omit<RulePart, 'pattern' | 'validator'> & TransferablePattern)[]
}

/** Functions do not travel between threads, and validators only judge what is found there. */
function toTravel(rule: Rule): TransferableRule {
  return {
    ...rule,
    parts: rule.parts.map(({ role, keywords, pattern, window, minEntropy, alone }) => ({
      role,
      keywords,
      window,
      minEntropy,
      alone,
      ...packPattern(pattern),
    })),
  }
}

/** The rule that travelled, good enough for a sieve. */
export function arrived(rule: TransferableRule): Rule {
  return {
    ...rule,
    parts: rule.parts.map(({ title, pattern, ...part }) => ({
      ...part,
      pattern: unpackPattern({ pattern, title }),
      validator: undefined,
    })),
  }
}

/**
 * The sieve of a set of rules, for readers that can leave out objects in which these find nothing.
 */
export function createObjectFilter(
  rules: readonly Rule[],
  engine: Engine,
  idBytes: number,
): ObjectFilter {
  // A keyword and what it reaches on both sides, and as much as tells an archive.
  const far = 2 * Math.max(UTF16_BYTES * matchRadiusOf(rules, MAX_REACH_BYTES).bytes, HEAD_BYTES)
  let prefilter: Prefilter | undefined
  const detector = engine.detector(
    (keywords, grams) =>
      (prefilter = gated(
        createPrefilter(keywords, { grams }),
        new WasmPrecheck(keywordIndexOf(rules), grams, interestIn),
      )),
  )
  const names = new EnvNames(idBytes)
  return {
    longestKeyword: Math.max(0, ...keywordIndexOf(rules).map(({ keyword }) => keyword.text.length)),
    headBytes: HEAD_BYTES,
    needsWholeBlob: isOfKind,
    inspect(bytes, kind) {
      if (kind === 'blob' && isOfKind(bytes.subarray(0, HEAD_BYTES))) return FilterResult.found
      // One NUL makes all of a blob be read as UTF-16, which takes twice the room.
      const read16 = isRead16({ bytes, kind })
      const interest = interestOf(detector, { bytes, kind, read16 })
      return read16 ? Math.max(interest, far) : interest
    },
    shareMemory: (instance) => prefilter?.settleIn(instance),
    nameFragments: EnvNames.marks,
    collectNames: (tree, places) => names.note(tree, places),
    takeNames: () => names.take(),
  }
}

/**
 * What is in an archive shows only when it is unpacked; what a pointer stands for is read behind
 * all objects, by who sees the pointer.
 */
function isOfKind(head: Uint8Array): boolean {
  return isContainer(head) || isPointer(head)
}

/**
 * What a pattern is too slow for is worth a closer look: whoever takes it meets the same pattern,
 * and says so.
 */
function interestOf(
  detector: Detector,
  {
    bytes,
    kind,
    read16,
  }: { readonly bytes: Uint8Array; readonly kind: ObjectKind; readonly read16: boolean },
): FilterResult {
  try {
    const reach = detector.reach(bytes, kind, read16)
    if (reach === 'found') return FilterResult.found
    return interestIn(reach, read16 ? UTF16_BYTES : 1)
  } catch (error) {
    if (error instanceof ConfigError) return FilterResult.found
    throw error
  }
}

/**
 * What is to be said where nothing was seen around keywords that reach so far, with so many bytes
 * for a character.
 */
export function interestIn(reach: number, width = 1): FilterResult {
  return reach > width * MAX_REACH_BYTES ? FilterResult.inspectWhole : reach
}
