/** Tests a rule on its own samples and on hostile texts, for `oakum rules check`. */
import { ConfigError } from '../../model/errors.ts'
import type { Rule } from '../../model/rule.ts'
import type { RuleDefinition } from '../../model/rule-definition.ts'
import { NO_PATTERN } from '../../rules/decode-part.ts'
import { expandSample } from '../../rules/samples/sample.ts'
import { seededRandom } from '../../rules/samples/seeded-random.ts'
import { hostileRuns, hostileUnits } from './hostile-text.ts'
import { findReferenceMatches } from './reference-match.ts'

/** Random values tried per sample template: a pattern may match one value and miss the next. */
const VALUES_PER_TEMPLATE = 40

/** Length of hostile texts, slightly less than the longest text that a pattern is applied to. */
const HOSTILE_LENGTH = 1 << 16

/** A sample that a rule treats wrongly, or a pattern that is too slow. */
export interface RuleProofFailure {
  /** `examples[0]`, `counterExamples[2]` or `pattern`. */
  readonly field: string
  readonly text: string
}

/** Tests a rule on its examples and counter-examples, and its patterns on hostile texts. */
export function proveRule(definition: RuleDefinition, rule: Rule): readonly RuleProofFailure[] {
  return [
    ...definition.examples.flatMap((template, index) =>
      toFailures(`examples[${index}]`, exampleProblem(template, rule)),
    ),
    ...definition.counterExamples.flatMap((template, index) =>
      toFailures(`counterExamples[${index}]`, counterExampleProblem(template, rule)),
    ),
    ...toFailures('pattern', hostileTextProblem(definition, rule)),
  ]
}

function toFailures(field: string, text: string | undefined): readonly RuleProofFailure[] {
  return text === undefined ? [] : [{ field, text }]
}

/**
 * Tests an example alone and in the middle of a long file, where the pattern sees only the window
 * around a keyword.
 */
function exampleProblem(template: string, rule: Rule): string | undefined {
  const filler = 'nothing to see here\n'.repeat(
    Math.ceil(Math.max(...rule.parts.map((part) => part.window)) / 20) + 1,
  )
  for (let seed = 1; seed <= VALUES_PER_TEMPLATE; seed++) {
    const { text, secrets } = expandSample(template, seededRandom(seed))
    const hasKeyword = rule.parts.some((part) =>
      part.keywords.some((keyword) => includesKeyword(text, keyword)),
    )
    if (!hasKeyword) return 'contains none of the keywords, so the pattern is never tried'
    for (const before of ['', filler]) {
      const expected = secrets
        .map(({ role, start, end }) => {
          const [from, to] = [before.length + start, before.length + end]
          return `${role ?? 'secret'} ${from}-${to}`
        })
        .sort()
      const matches = findReferenceMatches(
        before === '' ? text : `${before}${text}\n${filler}`,
        rule,
      )
      if (matches.join() === expected.join()) continue
      const value = `value ${seed} of ${VALUES_PER_TEMPLATE}`
      const position = before === '' ? '' : ', in a long file'
      return `${mismatchText(text, rule, matches.length)} (${value}${position})`
    }
  }
  return undefined
}

function mismatchText(text: string, rule: Rule, matchCount: number): string {
  if (matchCount > 0) return 'is found at another position than the marked one'
  return findReferenceMatches(text, withUnlimitedWindows(rule)).length > 0
    ? 'is not found: the window is too small'
    : 'is not found'
}

function withUnlimitedWindows(rule: Rule): Rule {
  return {
    ...rule,
    parts: rule.parts.map((part) => ({ ...part, window: Number.MAX_SAFE_INTEGER })),
  }
}

function includesKeyword(
  text: string,
  keyword: { readonly text: string; readonly ignoreCase: boolean },
): boolean {
  return keyword.ignoreCase
    ? text.toLowerCase().includes(keyword.text.toLowerCase())
    : text.includes(keyword.text)
}

function counterExampleProblem(template: string, rule: Rule): string | undefined {
  for (let seed = 1; seed <= VALUES_PER_TEMPLATE; seed++) {
    const { text } = expandSample(template, seededRandom(seed))
    if (findReferenceMatches(text, rule).length > 0)
      return `is found (value ${seed} of ${VALUES_PER_TEMPLATE})`
  }
  return undefined
}

/** Runs the patterns on hostile texts; a pattern that exceeds its time limit throws. */
function hostileTextProblem(definition: RuleDefinition, rule: Rule): string | undefined {
  try {
    // Readers of entries that are code have no pattern.
    for (const part of rule.parts.filter(({ source }) => source !== NO_PATTERN.text)) {
      const repeated = hostileUnits(definition.examples, part).map((unit) =>
        unit.repeat(Math.ceil(HOSTILE_LENGTH / unit.length)).slice(0, HOSTILE_LENGTH),
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
