import { ConfigError } from '../model/errors.ts'
import type { Rule } from '../model/rule.ts'
import type { RuleDefinition } from '../model/rule-definition.ts'
import { expandSample } from '../rules/samples/sample.ts'
import { seededRandom } from '../rules/samples/seeded-random.ts'
import { findReferenceMatches } from './reference-match.ts'
import { hostileRuns, hostileUnits } from './hostile-text.ts'

/** Each template is filled in so often: what holds for one value may not for the next. */
const seeds = 40

/** What a pattern sees at the most is a little more. */
const hostileLength = 1 << 16

/** A promise of a rule that does not hold. */
export interface RuleProofFailure {
  /** `examples[0]`, `counterExamples[2]`, `pattern` */
  readonly field: string
  readonly text: string
}

/**
 * Tries a rule on its samples, and its patterns on hostile text: all that it does not keep of what
 * it promises.
 */
export function proveRule(definition: RuleDefinition, rule: Rule): readonly RuleProofFailure[] {
  return [
    ...definition.examples.flatMap((template, index) =>
      asPromise(`examples[${index}]`, flawOfExample(template, rule)),
    ),
    ...definition.counterExamples.flatMap((template, index) =>
      asPromise(`counterExamples[${index}]`, flawOfCounterExample(template, rule)),
    ),
    ...asPromise('pattern', flawOnHostileText(definition, rule)),
  ]
}

function asPromise(field: string, text: string | undefined): readonly RuleProofFailure[] {
  return text === undefined ? [] : [{ field, text }]
}

/** Alone, and far from either end of a file, where only a window around a keyword is seen. */
function flawOfExample(template: string, rule: Rule): string | undefined {
  const filler = 'nothing to see here\n'.repeat(
    Math.ceil(Math.max(...rule.parts.map((part) => part.window)) / 20) + 1,
  )
  for (let seed = 1; seed <= seeds; seed++) {
    const { text, secrets } = expandSample(template, seededRandom(seed))
    const hasKeyword = rule.parts.some((part) =>
      part.keywords.some((keyword) => has(text, keyword)),
    )
    if (!hasKeyword) return 'holds none of the keywords, so that the pattern is never tried'
    for (const before of ['', filler]) {
      const marked = secrets
        .map(
          ({ role, start, end }) =>
            `${role ?? 'secret'} ${before.length + start}-${before.length + end}`,
        )
        .sort()
      const found = findReferenceMatches(before === '' ? text : `${before}${text}\n${filler}`, rule)
      if (found.join() === marked.join()) continue
      const isFound = findReferenceMatches(text, seeingAll(rule)).length > 0
      const what =
        found.length > 0
          ? 'is found elsewhere than marked'
          : `is not found${isFound ? ': the window is too small for it' : ''}`
      return `${what} (value ${seed} of ${seeds}${before === '' ? '' : ', in a long file'})`
    }
  }
  return undefined
}

function seeingAll(rule: Rule): Rule {
  return {
    ...rule,
    parts: rule.parts.map((part) => ({ ...part, window: Number.MAX_SAFE_INTEGER })),
  }
}

function has(
  text: string,
  keyword: { readonly text: string; readonly ignoreCase: boolean },
): boolean {
  return keyword.ignoreCase
    ? text.toLowerCase().includes(keyword.text.toLowerCase())
    : text.includes(keyword.text)
}

function flawOfCounterExample(template: string, rule: Rule): string | undefined {
  for (let seed = 1; seed <= seeds; seed++) {
    if (findReferenceMatches(expandSample(template, seededRandom(seed)).text, rule).length > 0)
      return `is found (value ${seed} of ${seeds})`
  }
  return undefined
}

/** The rule's patterns stop themselves where they take too long. */
function flawOnHostileText(definition: RuleDefinition, rule: Rule): string | undefined {
  try {
    for (const part of rule.parts) {
      const repeated = hostileUnits(definition.examples, part).map((unit) =>
        unit.repeat(Math.ceil(hostileLength / unit.length)).slice(0, hostileLength),
      )
      for (const text of [...hostileRuns(part), ...repeated])
        findReferenceMatches(text, { ...rule, parts: [part] })
    }
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return undefined
}
