import type { AllowedPath, AllowedValue } from '../model/policy.ts'
import { BoundedPattern } from '../rules/bounded-pattern.ts'
import { decodeText } from '../rules/decode-part.ts'
import { Fields, isMapping, type Report } from '../rules/fields.ts'
import { anyGlob, globMatcher } from './glob.ts'
import { decodeGlob } from './glob-field.ts'

const oneLine = /^[^\0-\x1f\x7f]{1,500}$/
const maxPatternLength = 2000
const minContained = 4
const maxContained = 200

/** Longer values are no matter for a pattern: they stay findings. */
const maxValueLength = 8192

const nowhere = (): boolean => false

/**
 * Says what is wrong, and which pattern is to be analysed still: that takes a while, and another
 * module.
 */
export interface DecodeContext {
  readonly report: Report
  readonly analysePattern: (
    field: string,
    pattern: { readonly text: string; readonly ignoreCase: boolean },
  ) => void
}

/** One line of text that says why. */
export function decodeReason(fields: Fields, report: Report): string {
  const reason = fields.value('reason')
  if (typeof reason === 'string' && oneLine.test(reason) && reason.trim() !== '')
    return reason.trim()
  report('reason', 'why, in one line of at most 500 characters')
  return ''
}

/** An item of `allow.paths`. */
export function decodeAllowedPath(
  value: unknown,
  place: string,
  context: DecodeContext,
): AllowedPath {
  const inner = within(place, context.report)
  if (!isMapping(value)) {
    inner('', 'a mapping with glob or pattern, and reason')
    return { covers: nowhere, reason: '' }
  }
  const fields = new Fields(value, ['glob', 'pattern', 'rules', 'reason'], inner)
  if (fields.has('glob') === fields.has('pattern')) inner('', 'either glob or pattern')
  const pattern = fields.has('pattern')
    ? decodePattern(value['pattern'], (source) => source, { ...context, place })
    : undefined
  const matcher = fields.has('glob')
    ? globMatcher(decodeGlob(value['glob'], 'glob', inner))
    : nowhere
  return {
    covers: pattern === undefined ? matcher : (path) => pattern.exec(path) !== null,
    ...rulesOf(fields, inner),
    reason: decodeReason(fields, inner),
  }
}

/** An item of `allow.values`. */
export function decodeAllowedValue(
  value: unknown,
  place: string,
  context: DecodeContext,
): AllowedValue {
  const inner = within(place, context.report)
  if (!isMapping(value)) {
    inner('', 'a mapping with pattern or contains, and reason')
    return { matches: nowhere, reason: '' }
  }
  const fields = new Fields(value, ['pattern', 'contains', 'rules', 'paths', 'reason'], inner)
  if (fields.has('pattern') === fields.has('contains')) inner('', 'either pattern or contains')
  const pattern = fields.has('pattern')
    ? decodePattern(value['pattern'], (source) => `^(?:${source})$`, { ...context, place })
    : undefined
  const contained = fields.has('contains') ? containedOf(fields, inner) : undefined
  const covers = fields.has('paths') ? coversOf(fields, inner) : undefined
  const matches =
    pattern === undefined
      ? (text: string): boolean => contained !== undefined && text.toLowerCase().includes(contained)
      : (text: string): boolean => text.length <= maxValueLength && pattern.exec(text) !== null
  return {
    matches,
    ...rulesOf(fields, inner),
    ...(covers && { covers }),
    reason: decodeReason(fields, inner),
  }
}

interface Placed extends DecodeContext {
  readonly place: string
}

function decodePattern(
  value: unknown,
  whole: (source: string) => string,
  { place, report, analysePattern: onPattern }: Placed,
): RegExp | undefined {
  const { text, ignoreCase } = decodeText(value, `${place}.pattern`, report)
  const flaw =
    text === '' || text.length > maxPatternLength
      ? `a regular expression of at most ${maxPatternLength} characters`
      : flawOf(text)
  if (flaw === undefined) onPattern(`${place}.pattern`, { text, ignoreCase })
  if (flaw === undefined)
    return new BoundedPattern(whole(text), ignoreCase ? 'i' : '', `allow.${place}`)
  report(`${place}.pattern`, flaw)
  return undefined
}

function flawOf(text: string): string | undefined {
  try {
    void new RegExp(text)
    return undefined
  } catch (error) {
    return `a regular expression of JavaScript (${error instanceof Error ? error.message.split(': ').at(-1) : 'not one'})`
  }
}

function containedOf(fields: Fields, report: Report): string {
  const value = fields.value('contains')
  if (typeof value === 'string' && value.length >= minContained && value.length <= maxContained)
    return value.toLowerCase()
  report('contains', `a text of ${minContained} to ${maxContained} characters`)
  return '\0'
}

function coversOf(fields: Fields, report: Report): (path: string) => boolean {
  return anyGlob(fields.list('paths', 1, (item, field) => decodeGlob(item, field, report)))
}

function rulesOf(fields: Fields, report: Report): { readonly rules?: readonly string[] } {
  if (!fields.has('rules')) return {}
  const rules = fields.list('rules', 1, (item, field) => {
    if (typeof item === 'string' && item !== '') return item
    report(field, 'the id, family or provider of a rule')
    return ''
  })
  return { rules }
}

function within(place: string, report: Report): Report {
  return (field, expected) => report(field === '' ? place : `${place}.${field}`, expected)
}
