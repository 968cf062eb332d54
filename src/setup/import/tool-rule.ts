import type { ImportedPart, ImportedRule } from './model.ts'
import type { Dialect } from './regexp/parse-set.ts'
import { containsLiteral, type Literal } from './regexp/required-literals.ts'
import { type TranslatedPattern, translateRule } from './regexp/translate.ts'
import { Untranslatable } from './regexp/untranslatable.ts'
import type { IsSlow } from './slow.ts'

/** A rule as another tool has it. */
export interface ToolRule {
  readonly id: string
  readonly description: string
  readonly regex: string
  readonly dialect: Dialect
  readonly secretGroup: number | 'whole'
  readonly wholeWords?: boolean
  readonly entropy: number
  /** One of them had to be in the text, in any case; none: the expression was always tried. */
  readonly keywords: readonly string[]
}

/** A keyword that the expression does not hold itself may stand this far from it. */
const FAR_KEYWORD = 2048
const MIN_WINDOW = 256
const MAX_WINDOW = 32_768
const MAX_ENTROPY = 6
const MIN_KEYWORD = 4

/** The same rule for Oakum, and in what it differs. Throws `Untranslatable`. */
export function translateToolRule(
  rule: ToolRule,
  isSlow: IsSlow,
): { readonly rule: ImportedRule; readonly notes: readonly string[]; readonly weaker: boolean } {
  if (rule.entropy > MAX_ENTROPY)
    throw new Untranslatable(`an entropy of ${rule.entropy} bits a character is met by nothing`)
  const {
    patterns,
    notes,
    findsLess: weaker,
  } = translateRule(
    {
      text: rule.regex,
      dialect: rule.dialect,
      secretGroup: rule.secretGroup,
      wholeWords: rule.wholeWords ?? false,
    },
    isSlow,
  )
  const parts = patterns
    .map((pattern) => partOf(pattern, rule))
    .map((keyed) => ({ ...keyed, part: unlike(keyed.part) }))
  const [first, ...rest] = parts
  if (first === undefined) throw new Untranslatable('it matches nothing')
  const far = parts.some((part) => part.far)
  return {
    rule: {
      id: rule.id,
      description: descriptionOf(rule),
      severity: 'high',
      // What is drawn at random is not guessed; of all else that is not known.
      madeBy: rule.entropy >= 3 && !/(?<!1)passw|pwd/i.test(rule.id) ? 'machine' : 'person',
      parts: [first.part, ...rest.map(({ part }) => part)],
    },
    notes: [...notes, ...new Set(parts.flatMap((part) => part.notes))],
    weaker: weaker || far,
  }
}

interface Keyed {
  readonly part: ImportedPart
  /** The keyword is not within the match. */
  readonly far: boolean
  readonly notes: readonly string[]
}

function partOf(pattern: TranslatedPattern, rule: ToolRule): Keyed {
  const given = rule.keywords
    .filter((keyword) => keyword !== '')
    .map((text): Literal => ({ text, ignoreCase: true }))
  const part = (keywords: readonly Literal[], window: number): ImportedPart => ({
    keywords,
    pattern: { text: pattern.text, ignoreCase: pattern.ignoreCase },
    window: Math.min(MAX_WINDOW, Math.max(MIN_WINDOW, window)),
    entropy: Math.max(0, rule.entropy),
  })
  const { literals } = pattern
  const usable = given.length > 0 && given.every(isKeyword)
  if (literals !== undefined) {
    const held =
      usable &&
      literals.every((literal) => given.some((keyword) => containsLiteral(literal, keyword)))
    const window = pattern.longest + 32
    if (held)
      return {
        part: part(
          distinct(
            given.filter((keyword) =>
              literals.some((literal) => containsLiteral(literal, keyword)),
            ),
          ),
          window,
        ),
        far: false,
        notes: [],
      }
    return {
      part: part(literals, window),
      far: false,
      notes: given.length > 0 ? ['its keywords are literals of the expression itself'] : [],
    }
  }
  if (!usable)
    throw new Untranslatable(
      given.length === 0
        ? 'it has no keyword, and no literal that each match holds'
        : 'its keywords are shorter than four bytes of ASCII, and no longer literal is in each match',
    )
  return {
    part: part(distinct(given), Math.max(FAR_KEYWORD, 2 * pattern.longest)),
    far: true,
    notes: [
      `a keyword has to stand within ${Math.max(FAR_KEYWORD, 2 * pattern.longest)} bytes of the secret, not anywhere in the file`,
    ],
  }
}

/**
 * A pattern of literals alone would find itself in the file it is written to: one letter in
 * brackets, and it does not.
 */
function unlike(part: ImportedPart): ImportedPart {
  const { text, ignoreCase } = part.pattern
  const expression = new RegExp(text, ignoreCase ? 'i' : '')
  if (
    ![...part.keywords.map((keyword) => keyword.text), text].some((written) =>
      expression.test(written),
    )
  )
    return part
  return {
    ...part,
    keywords: part.keywords.map((keyword) =>
      expression.test(keyword.text) && keyword.text.length > MIN_KEYWORD
        ? { ...keyword, text: keyword.text.slice(0, -1) }
        : keyword,
    ),
    pattern: { text: text.replace(/(?<=\(\?<secret>)[A-Za-z0-9]/, '[$&]'), ignoreCase },
  }
}

function isKeyword({ text }: Literal): boolean {
  return text.length >= MIN_KEYWORD && /^[\x20-\x7e]+$/.test(text)
}

function distinct(literals: readonly Literal[]): readonly Literal[] {
  return [...new Map(literals.map((literal) => [literal.text, literal])).values()]
}

/** In one line of ASCII, without the full stop that Oakum's do not have. */
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
