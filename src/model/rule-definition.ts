/** Rules as they are written in `patterns/*.yaml`: plain data before compilation. */
import type { EntryReader, Keyword, PairingNote, Role, Severity } from './rule.ts'

/** The search for one secret of a rule, with defaults filled in. */
export interface PartDefinition {
  readonly role: Role
  readonly keywords: readonly Keyword[]
  readonly pattern: { readonly text: string; readonly ignoreCase: boolean }
  /** Bytes that the pattern sees on each side of a keyword. */
  readonly window: number
  /** Minimum Shannon entropy in bits per character; 0 for none. */
  readonly entropy: number
  /** Name of a validator. */
  readonly validator?: string
  readonly entry?: EntryReader
  readonly alone: Severity | 'never'
  readonly pairs?: PairingNote
}

/** A rule as written in `patterns/`, with defaults filled in. */
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
  /** Templates of texts in which the rule finds something, see `sample.ts`. */
  readonly examples: readonly string[]
  /** Templates of similar texts in which the rule finds nothing. */
  readonly counterExamples: readonly string[]
}

/** The part of a definition that scans need. */
export type BareDefinition = Omit<RuleDefinition, 'examples' | 'counterExamples'>

export const roles = ['id', 'secret', 'token'] as const satisfies readonly Role[]
export const pairingNotes = ['named', 'tokens'] as const satisfies readonly PairingNote[]
export const makers = ['machine', 'person'] as const

/**
 * Names of the fields of a pattern file, a rule and a part. `rules.schema.json` has the same names.
 */
export const fileFields = ['provider', 'rules'] as const
export const searchFields = [
  'keywords',
  'beside',
  'pattern',
  'window',
  'entropy',
  'validator',
  'entry',
] as const
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
export const partFields = ['role', ...searchFields, 'alone', 'pairs'] as const
