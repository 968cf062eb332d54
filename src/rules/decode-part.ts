/**
 * Checks the fields of a rule that say how a secret is found: keywords, pattern, window, validator.
 */
import { besides, entryReaders, type Keyword, type Severity, severities } from '../model/rule.ts'
import { pairingNotes, partFields, roles } from '../model/rule-definition.ts'
import type { PartDefinition } from '../model/rule-definition.ts'
import { Fields, isMapping } from './fields.ts'
import type { ReportProblem } from './fields.ts'
import { flawOfPattern, isAscii } from './pattern-source.ts'
import { validatorNames } from './validators/validators.ts'

/** Minimum length of a keyword: shorter ones occur too often to be a filter. */
const MIN_KEYWORD_BYTES = 4
const MAX_WINDOW = 32_768

/** The pattern of a part that code reads: it matches nothing. */
export const NO_PATTERN: PartDefinition['pattern'] = { text: '(?!)', ignoreCase: false }

/** Decodes an item of `parts`. */
export function decodePart(
  value: unknown,
  severity: Severity,
  report: ReportProblem,
): PartDefinition | undefined {
  if (!isMapping(value)) {
    report('', `a mapping with ${partFields.join(', ')}`)
    return undefined
  }
  const fields = new Fields(value, partFields, report)
  const alone = fields.choice('alone', [...severities, 'never'], severity)
  const pairs =
    fields.value('pairs') === undefined ? undefined : fields.choice('pairs', pairingNotes)
  return {
    role: fields.choice('role', roles),
    ...decodeSearch(fields, report),
    alone,
    ...(pairs === undefined ? {} : { pairs }),
  }
}

/** Decodes the fields that a part and a rule with a single part have in common. */
export function decodeSearch(
  fields: Fields,
  report: ReportProblem,
): Omit<PartDefinition, 'role' | 'alone'> {
  const validator = decodeValidator(fields.value('validator'), report)
  const beside = fields.has('beside') ? fields.choice('beside', besides) : undefined
  const entry = fields.has('entry') ? fields.choice('entry', entryReaders) : undefined
  const isReadByCode = entry !== undefined && !fields.has('pattern')
  return {
    keywords: fields.list('keywords', 1, (value, field) => ({
      ...decodeKeyword(value, field, report),
      ...(beside === undefined ? {} : { beside }),
    })),
    pattern: isReadByCode ? NO_PATTERN : decodePattern(fields.value('pattern'), report),
    window: fields.number('window', { min: 16, max: MAX_WINDOW, otherwise: 256 }),
    entropy: fields.number('entropy', { min: 0, max: 6, otherwise: 0 }),
    ...(validator === undefined ? {} : { validator }),
    ...(entry === undefined ? {} : { entry }),
  }
}

function decodeValidator(value: unknown, report: ReportProblem): string | undefined {
  const name = validatorNames.find((validator) => validator === value)
  if (value !== undefined && name === undefined)
    report('validator', `one of ${validatorNames.join(', ')}`)
  return name
}

/**
 * Decodes a keyword: `AKIA`, `{ text: secret, ignoreCase: true }`, or `{ start: hf_ }` for the short
 * prefix of a token.
 */
function decodeKeyword(value: unknown, field: string, report: ReportProblem): Keyword {
  const isStart = isMapping(value) && value['start'] !== undefined
  const { text, ignoreCase } = decodeText(isStart ? value['start'] : value, field, report)
  const minBytes = isStart ? MIN_KEYWORD_BYTES - 1 : MIN_KEYWORD_BYTES
  if (text.length < minBytes || !isAscii(text)) report(field, `at least ${minBytes} bytes of ASCII`)
  if (isStart && Object.keys(value).length > 1) report(field, 'nothing beside start')
  return isStart ? { text, ignoreCase, isStart } : { text, ignoreCase }
}

/** Decodes a pattern: written as a keyword is, or as a list of strings that are joined. */
function decodePattern(value: unknown, report: ReportProblem): PartDefinition['pattern'] {
  const pattern = decodeText(value, 'pattern', report)
  const flaw = flawOfPattern(pattern.text)
  if (flaw !== undefined) report('pattern', flaw)
  return pattern
}

/** Decodes a text or `{ text, ignoreCase }`. A text that is a list is joined. */
export function decodeText(
  value: unknown,
  field: string,
  report: ReportProblem,
): { readonly text: string; readonly ignoreCase: boolean } {
  if (isMapping(value)) {
    const fields = new Fields(value, ['text', 'ignoreCase'], (name, expected) =>
      report(`${field}.${name}`, expected),
    )
    return { text: textOf(value['text']), ignoreCase: fields.flag('ignoreCase') }
  }
  return { text: textOf(value), ignoreCase: false }
}

function textOf(value: unknown): string {
  if (Array.isArray(value))
    return value.every((line: unknown) => typeof line === 'string') ? value.join('') : ''
  return typeof value === 'string' ? value : ''
}
