/** Translates a rule of another tool to a rule of Oakum. */
import type { ImportedPart, ImportedRule } from './model.ts'
import type { Dialect } from './regexp/parse-set.ts'
import { containsLiteral, type Literal } from './regexp/required-literals.ts'
import { Untranslatable } from './regexp/syntax.ts'
import { type TranslatedPattern, translateRule } from './regexp/translate.ts'
import type { IsSlow } from './slow.ts'

/** A rule in the terms of the other tool. */
export interface ToolRule {
  readonly id: string
  readonly description: string
  readonly regex: string
  readonly dialect: Dialect
  readonly secretGroup: number | 'whole'
  readonly wholeWords?: boolean
  readonly entropy: number
  /**
   * Words of which the text must contain one, in any case. With an empty list the expression is
   * tried on every text.
   */
  readonly keywords: readonly string[]
}

/** The translated rule, and how it differs from the original. */
export interface TranslatedRule {
  readonly rule: ImportedRule
  readonly notes: readonly string[]
  /** True when the rule finds less than the original. */
  readonly findsLess: boolean
}

/** Distance, in bytes, from a keyword that is not part of the expression. */
const FAR_KEYWORD_WINDOW = 2048
const MIN_WINDOW = 256
const MAX_WINDOW = 32_768
const MAX_ENTROPY = 6
const MIN_KEYWORD_LENGTH = 4

/** Translates a rule. Throws `Untranslatable`. */
export function translateToolRule(rule: ToolRule, isSlow: IsSlow): TranslatedRule {
  if (rule.entropy > MAX_ENTROPY)
    throw new Untranslatable(`no text has an entropy of ${rule.entropy} bits per character`)
  const { patterns, notes, findsLess } = translateRule(
    {
      text: rule.regex,
      dialect: rule.dialect,
      secretGroup: rule.secretGroup,
      wholeWords: rule.wholeWords ?? false,
    },
    isSlow,
  )
  const parts = patterns
    .map((pattern) => toPart(pattern, rule))
    .map((result) => ({ ...result, part: withoutSelfMatch(result.part) }))
  const [first, ...rest] = parts
  if (first === undefined) throw new Untranslatable('it matches nothing')
  // High entropy means a generated value; for any other rule a person may have chosen it.
  const isGenerated = rule.entropy >= 3 && !/(?<!1)passw|pwd/i.test(rule.id)
  return {
    rule: {
      id: rule.id,
      description: descriptionOf(rule),
      severity: 'high',
      madeBy: isGenerated ? 'machine' : 'person',
      parts: [first.part, ...rest.map(({ part }) => part)],
    },
    notes: [...notes, ...new Set(parts.flatMap((part) => part.notes))],
    findsLess: findsLess || parts.some(({ hasFarKeyword }) => hasFarKeyword),
  }
}

interface PartResult {
  readonly part: ImportedPart
  /** True when the keyword is outside of the match. */
  readonly hasFarKeyword: boolean
  readonly notes: readonly string[]
}

/** Chooses keywords and window for a pattern: literals of the pattern where it has some. */
function toPart(pattern: TranslatedPattern, rule: ToolRule): PartResult {
  const ruleKeywords = rule.keywords
    .filter((keyword) => keyword !== '')
    .map((text): Literal => ({ text, ignoreCase: true }))
  const part = (keywords: readonly Literal[], window: number): ImportedPart => ({
    keywords,
    pattern: { text: pattern.text, ignoreCase: pattern.ignoreCase },
    window: Math.min(MAX_WINDOW, Math.max(MIN_WINDOW, window)),
    entropy: Math.max(0, rule.entropy),
  })
  const areUsable = ruleKeywords.length > 0 && ruleKeywords.every(isUsableKeyword)
  const { literals } = pattern
  if (literals !== undefined) {
    const coverLiterals =
      areUsable &&
      literals.every((literal) => ruleKeywords.some((keyword) => containsLiteral(literal, keyword)))
    const keywords = coverLiterals
      ? distinct(
          ruleKeywords.filter((keyword) =>
            literals.some((literal) => containsLiteral(literal, keyword)),
          ),
        )
      : literals
    const isReplaced = !coverLiterals && ruleKeywords.length > 0
    return {
      part: part(keywords, pattern.longest + 32),
      hasFarKeyword: false,
      notes: isReplaced ? ['its keywords are literals of the expression itself'] : [],
    }
  }
  if (!areUsable)
    throw new Untranslatable(
      ruleKeywords.length === 0
        ? 'it has no keyword, and no literal that each match contains'
        : 'its keywords are shorter than four bytes of ASCII, and no longer literal is in each match',
    )
  const window = Math.max(FAR_KEYWORD_WINDOW, 2 * pattern.longest)
  return {
    part: part(distinct(ruleKeywords), window),
    hasFarKeyword: true,
    notes: [`a keyword must be within ${window} bytes of the secret, not anywhere in the file`],
  }
}

/**
 * Changes a pattern that matches its own text, which a scan would find in the pattern file: the
 * first character of the secret goes into brackets, and a keyword that matches loses its last
 * character.
 */
function withoutSelfMatch(part: ImportedPart): ImportedPart {
  const { text, ignoreCase } = part.pattern
  const expression = new RegExp(text, ignoreCase ? 'i' : '')
  const writtenTexts = [...part.keywords.map((keyword) => keyword.text), text]
  if (!writtenTexts.some((written) => expression.test(written))) return part
  return {
    ...part,
    keywords: part.keywords.map((keyword) =>
      expression.test(keyword.text) && keyword.text.length > MIN_KEYWORD_LENGTH
        ? { ...keyword, text: keyword.text.slice(0, -1) }
        : keyword,
    ),
    pattern: { text: text.replace(/(?<=\(\?<secret>)[A-Za-z0-9]/, '[$&]'), ignoreCase },
  }
}

function isUsableKeyword({ text }: Literal): boolean {
  return text.length >= MIN_KEYWORD_LENGTH && /^[\x20-\x7e]+$/.test(text)
}

function distinct(literals: readonly Literal[]): readonly Literal[] {
  return [...new Map(literals.map((literal) => [literal.text, literal])).values()]
}

/** Returns the description in one line of ASCII without a full stop, as built-in rules have it. */
function descriptionOf({ id, description }: ToolRule): string {
  const line = description
    .normalize('NFKD')
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 100)
    .replace(/[\s.]+$/, '')
  return line.length >= 3 ? line : `Rule ${id}`
}
