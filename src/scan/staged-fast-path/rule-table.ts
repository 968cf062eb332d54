/**
 * The built-in rules as plain data for `FastMatcher`. `build/bundle.mjs` evaluates this module and
 * puts its exports into the bundle as JSON, so that a hook compiles no rule it does not need.
 */
import { keywordIndexOf } from '../detect/keyword-index.ts'
import { type Grams, gramsOf } from '../detect/keyword-bytes.ts'
import type { EntryReader, Keyword, Rule } from '../../model/rule.ts'
import { builtinDefinitions, builtinDigest } from '../../rules/builtin.ts'
import { compileRule } from '../../rules/compile.ts'

/** A keyword of the rules, and the searches that run near it. */
export interface TableKeyword extends Keyword {
  /** Indexes into `RuleTable.patterns`. */
  readonly patterns: readonly number[]
  readonly decodedSearches: readonly DecodedSearchPlan[]
}

/** A search for one rule in the decoded text around a keyword. */
export interface DecodedSearchPlan {
  /** Index into `RuleTable.decodedRules`. */
  readonly rule: number
  /** Bytes to decode on each side of the keyword. */
  readonly radius: number
  /** True when the keyword itself is base64. */
  readonly isBase64: boolean
}

/** A part of a rule that is also looked for in decoded text. */
interface DecodedPart {
  readonly keywords: readonly Keyword[]
  readonly role: Rule['parts'][number]['role']
  /** Index into `RuleTable.patterns`. */
  readonly pattern: number
}

/** The source (see `compilePattern`), flags and window of one part's pattern. */
export interface TablePattern {
  readonly source: string
  readonly flags: string
  /** Bytes on each side of a keyword that the pattern sees. */
  readonly window: number
  /** Set for a part whose values are judged as entries. */
  readonly entry?: EntryReader
}

/** All that `FastMatcher` needs of the rules, as data that JSON can hold. */
export interface RuleTable {
  readonly keywords: readonly TableKeyword[]
  readonly patterns: readonly TablePattern[]
  readonly decodedRules: readonly (readonly DecodedPart[])[]
  /** Lookup tables of the keywords' first bytes, from `gramsOf`. */
  readonly grams: Grams
}

/** The table of the built-in rules. */
export const ruleTable: RuleTable = compileRuleTable(builtinDefinitions.map(compileRule))
export const ruleCount: number = builtinDefinitions.length
/** The digest of the built-in rules that receipts show. */
export const digest: string = builtinDigest

function compileRuleTable(rules: readonly Rule[]): RuleTable {
  const parts = rules.flatMap((rule) => rule.parts)
  const decodedRules = rules.filter((rule) => rule.views)
  const keywords = keywordIndexOf(rules).map(
    ({ keyword, patterns, decodePlans }): TableKeyword => ({
      ...keyword,
      patterns: patterns.map(({ part }) => parts.indexOf(part)),
      decodedSearches: decodePlans.map(({ rule, radius, isBase64 }) => ({
        rule: decodedRules.indexOf(rule),
        radius,
        isBase64,
      })),
    }),
  )
  return {
    keywords,
    patterns: parts.map(({ pattern, source = pattern.source, window, entry }) => ({
      source,
      flags: pattern.flags,
      window,
      ...(entry === undefined ? {} : { entry }),
    })),
    decodedRules: decodedRules.map((rule) =>
      rule.parts.map((part) => ({
        keywords: part.keywords,
        role: part.role,
        pattern: parts.indexOf(part),
      })),
    ),
    grams: gramsOf(keywords),
  }
}
