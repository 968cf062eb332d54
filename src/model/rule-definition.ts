import type { Keyword, Role, Severity } from './rule.ts'

/** How one secret of a rule is found, as written: plain data, defaults filled in. */
export interface PartDefinition {
  readonly role: Role
  readonly keywords: readonly Keyword[]
  readonly pattern: { readonly text: string; readonly ignoreCase: boolean }
  /** Bytes on each side of a keyword. */
  readonly window: number
  /** Shannon bits per character; 0 for no floor. */
  readonly entropy: number
  /** Name of a validator. */
  readonly validator?: string
  readonly alone: Severity | 'never'
}

/** A rule as written in `patterns/`: plain data, defaults filled in. */
export interface RuleDefinition {
  readonly id: string
  readonly provider: string
  readonly family: string
  readonly description: string
  readonly severity: Severity
  readonly madeBy: 'machine' | 'person'
  readonly generic: boolean
  readonly views: boolean
  readonly parts: readonly PartDefinition[]
  readonly remedy: string
  readonly references: readonly string[]
  /** Templates of texts the rule finds something in: see `sample.ts`. */
  readonly examples: readonly string[]
  /** Templates of texts that look alike and hold nothing. */
  readonly counterExamples: readonly string[]
}

/** What a scan needs of it. */
export type BareDefinition = Omit<RuleDefinition, 'examples' | 'counterExamples'>

export const roles = ['id', 'secret', 'token'] as const satisfies readonly Role[]
export const makers = ['machine', 'person'] as const

/**
 * Fields of a pattern file, of a rule, and of one of its parts. `rules.schema.json` names the same.
 */
export const fileFields = ['provider', 'rules'] as const
const searchFields = ['keywords', 'pattern', 'window', 'entropy', 'validator'] as const
export const ruleFields = [
  'id',
  'description',
  'severity',
  'family',
  'madeBy',
  'generic',
  'views',
  ...searchFields,
  'parts',
  'remedy',
  'references',
  'examples',
  'counterExamples',
] as const
export const partFields = ['role', ...searchFields, 'alone'] as const
