import { keywordIndexOf } from '../detect/keyword-index.ts'
import { type Grams, gramsOf } from '../detect/keyword-bytes.ts'
import type { Keyword, Rule } from '../../model/rule.ts'
import { builtinDefinitions, builtinDigest } from '../../rules/builtin.ts'
import { compileRule } from '../../rules/compile.ts'

/** A keyword of the rules, and what is looked for where it stands. */
export interface TableKeyword extends Keyword {
  /** Places in the list of patterns. */
  readonly patterns: readonly number[]
  /**
   * Rules that are looked for in views, in so many bytes on each side. `encoded`: the keyword is
   * base64 itself.
   */
  readonly views: readonly {
    readonly rule: number
    readonly bytes: number
    readonly encoded: boolean
  }[]
}

/** A part of a rule that is looked for in views. */
interface ViewPart {
  readonly keywords: readonly Keyword[]
  readonly role: Rule['parts'][number]['role']
  readonly pattern: number
}

/**
 * All that a glance at a blob needs of the rules: plain data, so that `build/bundle.mjs` can work
 * it out before.
 */
export interface RuleTable {
  readonly keywords: readonly TableKeyword[]
  readonly patterns: readonly {
    readonly source: string
    readonly flags: string
    readonly window: number
  }[]
  readonly viewRules: readonly (readonly ViewPart[])[]
  /** As `gramsOf` gives them. */
  readonly grams: Grams
}

/** Those of the rules that ship, how many these are, and what tells them from others. */
export const ruleTable: RuleTable = marksOf(builtinDefinitions.map(compileRule))
export const ruleCount: number = builtinDefinitions.length
export const digest: string = builtinDigest

function marksOf(rules: readonly Rule[]): RuleTable {
  const anchors = keywordIndexOf(rules)
  const parts = rules.flatMap((rule) => rule.parts)
  const viewed = rules.filter((rule) => rule.views)
  const keywords = anchors.map(
    ({ keyword, patterns, views }): TableKeyword => ({
      ...keyword,
      patterns: patterns.map(({ part }) => parts.indexOf(part)),
      views: views.map(({ rule, bytes, encoded }) => ({
        rule: viewed.indexOf(rule),
        bytes,
        encoded,
      })),
    }),
  )
  return {
    keywords,
    patterns: parts.map(({ pattern, window }) => ({
      source: pattern.source,
      flags: pattern.flags,
      window,
    })),
    viewRules: viewed.map((rule) =>
      rule.parts.map((part) => ({
        keywords: part.keywords,
        role: part.role,
        pattern: parts.indexOf(part),
      })),
    ),
    grams: gramsOf(keywords),
  }
}
