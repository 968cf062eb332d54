import { type Keyword, type Severity, severities } from '../model/rule.ts'
import { partFields, roles } from '../model/rule-definition.ts'
import type { PartDefinition } from '../model/rule-definition.ts'
import { Fields, isMapping } from './fields.ts'
import type { Report } from './fields.ts'
import { flawOfPattern, isAscii } from './pattern-source.ts'
import { validatorNames } from './validators/validators.ts'

/** Shorter ones cannot be told from other bytes by the first look at a blob. */
const minKeywordBytes = 4
const maxWindow = 32_768

/** Reads an item of `parts`. */
export function decodePart(
  value: unknown,
  severity: Severity,
  report: Report,
): PartDefinition | undefined {
  if (!isMapping(value)) {
    report('', `a mapping with ${partFields.join(', ')}`)
    return undefined
  }
  const fields = new Fields(value, partFields, report)
  const alone = fields.choice('alone', [...severities, 'never'], severity)
  return { role: fields.choice('role', roles), ...decodeSearch(fields, report), alone }
}

/** Reads what parts and rules of one part have in common: how the bytes are found. */
export function decodeSearch(
  fields: Fields,
  report: Report,
): Omit<PartDefinition, 'role' | 'alone'> {
  const validator = decodeValidator(fields.value('validator'), report)
  return {
    keywords: fields.list('keywords', 1, (value, field) => decodeKeyword(value, field, report)),
    pattern: decodePattern(fields.value('pattern'), report),
    window: fields.number('window', { min: 16, max: maxWindow, otherwise: 256 }),
    entropy: fields.number('entropy', { min: 0, max: 6, otherwise: 0 }),
    ...(validator === undefined ? {} : { validator }),
  }
}

function decodeValidator(value: unknown, report: Report): string | undefined {
  const name = validatorNames.find((known) => known === value)
  if (value !== undefined && name === undefined)
    report('validator', `one of ${validatorNames.join(', ')}`)
  return name
}

/** `AKIA`, or `{ text: secret, ignoreCase: true }`. */
function decodeKeyword(value: unknown, field: string, report: Report): Keyword {
  const { text, ignoreCase } = decodeText(value, field, report)
  if (text.length < minKeywordBytes || !isAscii(text))
    report(field, `at least ${minKeywordBytes} bytes of ASCII`)
  return { text, ignoreCase }
}

/** As a keyword, or in several lines that are joined. */
function decodePattern(value: unknown, report: Report): PartDefinition['pattern'] {
  const pattern = decodeText(value, 'pattern', report)
  const flaw = flawOfPattern(pattern.text)
  if (flaw !== undefined) report('pattern', flaw)
  return pattern
}

/** A text, or `{ text, ignoreCase }`; where the text is a list, its lines joined. */
export function decodeText(
  value: unknown,
  field: string,
  report: Report,
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
