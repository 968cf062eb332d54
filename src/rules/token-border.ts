/**
 * The border of a token: one notion for the patterns of all rules, the users' too.
 *
 * A pattern says which characters must not stand beside its secret: `(?<![A-Za-z0-9])` before it and
 * `(?![\w-])` behind it. Markup beside a token often ends or begins with such a character: the `m`
 * of a colour code, the `n` of `\n`, the `+` of `{+token+}`, the `_` of `_token_`. So these
 * assertions, and `\b`, are compiled to accept markup as a border.
 */

/**
 * Characters that may stand before a token of a short prefix, which is a keyword only there: quotes,
 * separators, brackets, and the last ones of markup, such as the `m` of a colour code, the `n` of
 * `\n` and the `D` of `%3D`.
 */
export const BEFORE_TOKEN = ' \t\n"\'`=:,;|>([*_+-~/mKnD2'

/** Two hexadecimal digits of a character that cannot belong to a token. `2F` is a slash. */
const HEX_OF_BORDER = '(?:[01][0-9A-Fa-f]|2[0-9AC-Eac-e]|3[A-Fa-f]|[57][B-Db-d])'
/** Characters that emphasis and tokens are made of. Emphasis stands beside other characters. */
const INNER = String.raw`[\w+/=~*.-]`

/** Markup that may stand directly before a token: at most twenty characters. */
const BEFORE = [
  // Escapes: \n, \u0022, \x1b, \033, %22, %2522.
  String.raw`\\[nrt]`,
  String.raw`(?:%(?:25)?|\\x|\\u[0-9A-Fa-f]{2})${HEX_OF_BORDER}`,
  String.raw`\\[0-7]{3}`,
  // Colours of a terminal, however the escape character before the bracket is written: ESC[32m.
  String.raw`\[[0-9;]{0,12}[mK]`,
  // Words that were removed or added: [-old-]{+new+}.
  String.raw`\{\+|\[-`,
  // Emphasis in Markdown, AsciiDoc and Org, and the mark at the start of a line of a patch.
  `(?<!${INNER})[*_+=~-]{1,2}`,
].join('|')

const EMPHASIS = ['*', '_', '+', '=', '~']

const CLASS = String.raw`(?:\[(?:\\.|[^\]\\])*\]|\\[wds])`
/** The assertions that are borders, and the escapes and classes in which none begins. */
const token = new RegExp(
  String.raw`\(\?<!(${CLASS})\)|\(\?!(${CLASS})\)|\\[^]|\[(?:\\.|[^\]\\])*\]`,
  'g',
)
/** The rest of a pattern behind an assertion, if nothing is matched directly behind it. */
const endOfMatch = /^(?:$|\)|\||\(\?[=!])/
/** The last class of a token, and all of a secret without captures, at the end of a pattern. */
const lastClass = new RegExp(String.raw`(${CLASS})(?:\{[\d,]+\})?\)?$`)
/** Bytes of a pattern in which its last class is looked for. */
const MAX_CLASS_LENGTH = 200
const secretGroup = /\(\?<secret>((?:[^(]|\((?=\?(?:[:=!]|<[=!])))+)\)$/

/** Compiles a pattern as rules have it. */
export function compilePattern(source: string, flags: string): RegExp {
  return new RegExp(withTokenBorders(source), flags)
}

/**
 * Returns the source of a pattern with borders that accept markup: assertions of one character
 * class, and `\b` at the start or the end of an alternative.
 */
export function withTokenBorders(source: string): string {
  return source.replaceAll(token, (whole, before?: string, behind?: string, at = 0) => {
    if (before !== undefined) return `(?<!${before}(?<!${BEFORE}))`
    const isAtEnd = endOfMatch.test(source.slice(at + whole.length))
    const markup = (): string => markupBehind(source.slice(0, at))
    if (behind !== undefined) return isAtEnd ? `(?!(?!${markup()})${behind})` : whole
    if (whole !== String.raw`\b`) return whole
    if (isAtEnd) return String.raw`(?:\b|(?=${markup()}))`
    return isAtStart(source, at) ? String.raw`(?:\b|(?<=${BEFORE}))` : whole
  })
}

/** True where a match begins, or the secret: at the start of the pattern or of an alternative. */
function isAtStart(source: string, at: number): boolean {
  return /(?:^|[(|:>])$/.test(source.slice(0, at)) || source.startsWith('(?<secret>', at + 2)
}

/**
 * Returns a pattern of the markup that may stand behind a token that ends with `source`. Escapes
 * begin with `\`, which no token holds. A sign that the token may hold itself is emphasis only when
 * it stands before the token too, so that it is not cut from a longer token.
 */
function markupBehind(source: string): string {
  const [, tokenClass = ''] = lastClass.exec(source.slice(-MAX_CLASS_LENGTH)) ?? []
  const [, secret] = secretGroup.exec(source) ?? []
  const { own, others } = signsOf(tokenClass)
  return [
    String.raw`\+\}|-\]`,
    ...(others === '' ? [] : [`[${others}]{1,2}(?!${INNER})`]),
    ...(own === '' || secret === undefined
      ? []
      : [`[${own}](?!${INNER})(?<=(?<!${INNER})[${own}]${secret}[${own}])`]),
  ].join('|')
}

/** Signs of emphasis that a token may hold, by its last class, and those that it may not. */
interface Signs {
  readonly own: string
  readonly others: string
}

const signsByClass = new Map<string, Signs>()

function signsOf(tokenClass: string): Signs {
  const known = signsByClass.get(tokenClass)
  if (known !== undefined) return known
  const isInToken = new RegExp(tokenClass === '' ? '(?!)' : tokenClass)
  const signs = {
    own: EMPHASIS.filter((sign) => isInToken.test(sign)).join(''),
    others: EMPHASIS.filter((sign) => !isInToken.test(sign)).join(''),
  }
  signsByClass.set(tokenClass, signs)
  return signs
}
