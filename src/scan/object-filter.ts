/**
 * Filters of git objects: readers use them to skip objects in which no rule finds anything. Each
 * thread has a filter of its own.
 */
import { existsSync } from 'node:fs'
import { FilterResult, type ObjectFilter } from '../git/objects/object-filter.ts'
import { ConfigError } from '../model/errors.ts'
import type { ObjectKind } from '../model/model.ts'
import type { Rule, RulePart } from '../model/rule.ts'
import { readVersion } from '../model/version.ts'
import { packPattern, type TransferablePattern, unpackPattern } from '../rules/bounded-pattern.ts'
import { HEAD_BYTES, isArchive } from './archives/format.ts'
import { mayBeUtf16, UTF16_BYTES } from './detect/chunks.ts'
import type { Detector } from './detect/detector.ts'
import { keywordIndexOf } from './detect/keyword-index.ts'
import { reachOf } from './detect/beside.ts'
import { matchRadiusOf } from './detect/match-radius.ts'
import { createPrefilter, type Prefilter } from './detect/prefilter.ts'
import type { Engine } from './engine.ts'
import { EnvNames } from './sources/env-names.ts'
import { isLfsPointer } from './sources/lfs-pointer.ts'
import type { FilterFactory } from './sources/open-source.ts'

/**
 * Largest match radius, in bytes of a chunk, at which a changed part of an object is filtered by
 * itself. An object with a keyword of a rule that matches farther is always filtered as a whole;
 * few objects contain one.
 */
const MAX_RADIUS_BYTES = 900

/** Returns a factory of filters for these rules, in this thread and in worker threads. */
export function filterFactoryOf(
  rules: readonly Rule[],
  digest: string,
  engine: Engine,
): FilterFactory {
  return {
    createFilter: (idBytes) => createObjectFilter(rules, engine, idBytes),
    program() {
      const entry = new URL('../cli/thread.cjs', import.meta.url)
      // Without a compiled program, as when tests run from sources, one thread does all.
      return existsSync(entry) ? { entry, rules: rules.map(transferableRule) } : undefined
    },
    digest: () => `${digest}-${readVersion()}`,
  }
}

/** A rule as data that can be passed to a worker thread. */
export interface TransferableRule extends Omit<Rule, 'parts'> {
  readonly parts: readonly (Omit<RulePart, 'pattern' | 'validator'> & TransferablePattern)[]
}

/** Drops validators: functions cannot be passed to threads, and filters do not call them. */
function transferableRule(rule: Rule): TransferableRule {
  return {
    ...rule,
    parts: rule.parts.map(({ role, keywords, pattern, window, minEntropy, alone, entry }) => ({
      role,
      keywords,
      window,
      minEntropy,
      alone,
      ...(entry === undefined ? {} : { entry }),
      ...packPattern(pattern),
    })),
  }
}

/** Restores a rule in a worker thread, complete but for its validators. */
export function receivedRule(rule: TransferableRule): Rule {
  return {
    ...rule,
    parts: rule.parts.map(({ title, pattern, ...part }) => ({
      ...part,
      pattern: unpackPattern({ pattern, title }),
      validator: undefined,
    })),
  }
}

/** Creates the filter of a set of rules, for one thread. */
export function createObjectFilter(
  rules: readonly Rule[],
  engine: Engine,
  idBytes: number,
): ObjectFilter {
  const radius = UTF16_BYTES * matchRadiusOf(rules, MAX_RADIUS_BYTES).bytes
  // Covers a keyword's radius on both sides, and the head that shows the format of an archive.
  const utf16Radius = 2 * Math.max(radius, HEAD_BYTES)
  const keywords = keywordIndexOf(rules)
  let prefilter: Prefilter | undefined
  const detector = engine.detector((detectorKeywords, grams) => {
    prefilter = createPrefilter(detectorKeywords, { grams })
    return prefilter
  })
  const names = new EnvNames(idBytes)
  return {
    longestKeyword: Math.max(0, ...keywords.map(({ keyword }) => reachOf(keyword) + 1)),
    headBytes: HEAD_BYTES,
    needsWholeBlob: isReadWhole,
    inspect(bytes, kind) {
      if (kind === 'blob' && isReadWhole(bytes.subarray(0, HEAD_BYTES))) return FilterResult.found
      // A single NUL byte makes a blob be read as UTF-16 too, with two bytes a character.
      const asUtf16 = mayBeUtf16({ bytes, kind })
      const result = filterResultOf(detector, { bytes, kind, asUtf16 })
      return asUtf16 ? Math.max(result, utf16Radius) : result
    },
    shareMemory: (instance) => prefilter?.shareMemory(instance),
    nameFragments: EnvNames.marks,
    collectNames: (tree, offsets) => names.note(tree, offsets),
    takeNames: () => names.take(),
  }
}

/**
 * True for blobs that are never skipped: what an archive holds shows only when it is unpacked, and
 * the content of an LFS pointer is read by the stage that receives the pointer.
 */
function isReadWhole(head: Uint8Array): boolean {
  return isArchive(head) || isLfsPointer(head)
}

interface FilteredContent {
  readonly bytes: Uint8Array
  readonly kind: ObjectKind
  /** True when the bytes are read as UTF-16 as well. */
  readonly asUtf16: boolean
}

/**
 * Filters the content of an object. When a pattern takes too long the result is `found`: the scan
 * then runs the same pattern again, and reports the error.
 */
function filterResultOf(
  detector: Detector,
  { bytes, kind, asUtf16 }: FilteredContent,
): FilterResult {
  try {
    const radius = detector.dependencyRadius(bytes, kind, asUtf16)
    if (radius === 'found') return FilterResult.found
    const maxRadius = (asUtf16 ? UTF16_BYTES : 1) * MAX_RADIUS_BYTES
    return radius > maxRadius ? FilterResult.inspectWhole : radius
  } catch (error) {
    if (error instanceof ConfigError) return FilterResult.found
    throw error
  }
}
