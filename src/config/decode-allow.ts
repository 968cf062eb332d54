/** Decodes `allow.paths` and `allow.values` of `oakum.yaml`. */
import type { AllowedPath, AllowedValue } from '../model/policy.ts'
import { BoundedPattern } from '../rules/bounded-pattern.ts'
import { decodeText } from '../rules/decode-part.ts'
import { Fields, isMapping, type ReportProblem } from '../rules/fields.ts'
import { anyGlob, decodeGlob, globMatcher } from './glob.ts'

const reasonPattern = /^[^\0-\x1f\x7f]{1,500}$/
const MAX_PATTERN_LENGTH = 2000
const MIN_CONTAINS_LENGTH = 4
const MAX_CONTAINS_LENGTH = 200

/** Longer values are not matched against allowed patterns, so they stay findings. */
const MAX_VALUE_LENGTH = 8192

const matchNothing = (): boolean => false

/** Callbacks of decoding, which collects all problems instead of stopping at the first one. */
export interface DecodeContext {
  readonly report: ReportProblem
  /**
   * Queues a pattern for the backtracking analysis, which is slow and in a module that is loaded
   * only when needed.
   */
  readonly analysePattern: (
    field: string,
    pattern: { readonly text: string; readonly ignoreCase: boolean },
  ) => void
}

/** Reads the field `reason`: one line of text, without the white space around it. */
export function decodeReason(fields: Fields, report: ReportProblem): string {
  const reason = fields.value('reason')
  if (typeof reason === 'string' && reasonPattern.test(reason) && reason.trim() !== '')
    return reason.trim()
  report('reason', 'a reason in one line of at most 500 characters')
  return ''
}

/** Decodes one item of `allow.paths`; `itemPath` is its position, such as `paths[0]`. */
export function decodeAllowedPath(
  value: unknown,
  itemPath: string,
  context: DecodeContext,
): AllowedPath {
  const report = reportWithin(itemPath, context.report)
  if (!isMapping(value)) {
    report('', 'a mapping with glob or pattern, and reason')
    return { covers: matchNothing, reason: '' }
  }
  const fields = new Fields(value, ['glob', 'pattern', 'rules', 'reason'], report)
  if (fields.has('glob') === fields.has('pattern')) report('', 'either glob or pattern')
  const pattern = fields.has('pattern')
    ? decodePattern(value['pattern'], (source) => source, { ...context, itemPath })
    : undefined
  const matcher = fields.has('glob')
    ? globMatcher(decodeGlob(value['glob'], 'glob', report))
    : matchNothing
  return {
    covers: pattern === undefined ? matcher : (path) => pattern.exec(path) !== null,
    ...decodeRules(fields, report),
    reason: decodeReason(fields, report),
  }
}

/** Decodes one item of `allow.values`; `itemPath` is its position, such as `values[0]`. */
export function decodeAllowedValue(
  value: unknown,
  itemPath: string,
  context: DecodeContext,
): AllowedValue {
  const report = reportWithin(itemPath, context.report)
  if (!isMapping(value)) {
    report('', 'a mapping with pattern or contains, and reason')
    return { matches: matchNothing, reason: '' }
  }
  const fields = new Fields(value, ['pattern', 'contains', 'rules', 'paths', 'reason'], report)
  if (fields.has('pattern') === fields.has('contains')) report('', 'either pattern or contains')
  const pattern = fields.has('pattern')
    ? decodePattern(value['pattern'], (source) => `^(?:${source})$`, { ...context, itemPath })
    : undefined
  const substring = fields.has('contains') ? decodeContains(fields, report) : undefined
  const covers = fields.has('paths') ? decodePaths(fields, report) : undefined
  const matches =
    pattern === undefined
      ? (text: string): boolean => substring !== undefined && text.toLowerCase().includes(substring)
      : (text: string): boolean => text.length <= MAX_VALUE_LENGTH && pattern.exec(text) !== null
  return {
    matches,
    ...decodeRules(fields, report),
    ...(covers && { covers }),
    reason: decodeReason(fields, report),
  }
}

interface ItemContext extends DecodeContext {
  readonly itemPath: string
}

/** Decodes `pattern`; `toSource` turns its text into the regular expression that is compiled. */
function decodePattern(
  value: unknown,
  toSource: (text: string) => string,
  { itemPath, report, analysePattern }: ItemContext,
): RegExp | undefined {
  const { text, ignoreCase } = decodeText(value, `${itemPath}.pattern`, report)
  const problem =
    text === '' || text.length > MAX_PATTERN_LENGTH
      ? `a regular expression of at most ${MAX_PATTERN_LENGTH} characters`
      : syntaxProblem(text)
  if (problem !== undefined) {
    report(`${itemPath}.pattern`, problem)
    return undefined
  }
  analysePattern(`${itemPath}.pattern`, { text, ignoreCase })
  return new BoundedPattern(toSource(text), ignoreCase ? 'i' : '', `allow.${itemPath}`)
}

function syntaxProblem(text: string): string | undefined {
  try {
    void new RegExp(text)
    return undefined
  } catch (error) {
    const detail = error instanceof Error ? error.message.split(': ').at(-1) : 'not one'
    return `a regular expression of JavaScript (${detail})`
  }
}

function decodeContains(fields: Fields, report: ReportProblem): string {
  const value = fields.value('contains')
  if (
    typeof value === 'string' &&
    value.length >= MIN_CONTAINS_LENGTH &&
    value.length <= MAX_CONTAINS_LENGTH
  )
    return value.toLowerCase()
  report('contains', `a text of ${MIN_CONTAINS_LENGTH} to ${MAX_CONTAINS_LENGTH} characters`)
  return '\0'
}

function decodePaths(fields: Fields, report: ReportProblem): (path: string) => boolean {
  return anyGlob(fields.list('paths', 1, (item, field) => decodeGlob(item, field, report)))
}

function decodeRules(
  fields: Fields,
  report: ReportProblem,
): { readonly rules?: readonly string[] } {
  if (!fields.has('rules')) return {}
  const rules = fields.list('rules', 1, (item, field) => {
    if (typeof item === 'string' && item !== '') return item
    report(field, 'the id, family or provider of a rule')
    return ''
  })
  return { rules }
}

function reportWithin(itemPath: string, report: ReportProblem): ReportProblem {
  return (field, expected) => report(field === '' ? itemPath : `${itemPath}.${field}`, expected)
}
