/** Rules, parts and candidates for the stages that put them together. */
import type { Candidate, Part } from '../../src/model/model.ts'
import type { Role, Rule } from '../../src/model/rule.ts'
import { Secret } from '../../src/model/secret.ts'
import { rule } from './result.ts'

export type RuledPart = Part & { readonly rule: Rule }

export const keyRule = rule({ id: 'key', family: 'key', severity: 'high' })

/** A part at `start`, as long as its text. */
export function partAt(
  role: Role,
  start: number,
  text: string,
  fields: Partial<RuledPart> = {},
): RuledPart {
  const end = start + text.length
  return {
    rule: keyRule,
    role,
    secret: new Secret(text),
    span: { start, end, line: 1, column: start + 1, endLine: 1, endColumn: end + 1 },
    line: new Secret(text),
    facts: {},
    alone: role === 'secret' ? 'high' : 'low',
    found: `${role} at ${start}`,
    ...fields,
  }
}

/** One that only its value rules out. */
export const flaw = { flaw: { by: 'placeholder', reason: 'says so' } } as const

export const blob: Candidate['blob'] = {
  id: 'a',
  kind: 'blob',
  origins: [{ kind: 'file', path: { text: 'a' } }],
}

export function candidate(
  ofRule: Rule,
  parts: readonly [RuledPart, ...RuledPart[]],
  severity = ofRule.severity,
): Candidate {
  return { rule: ofRule, parts, severity, blob, explanation: [] }
}
