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
  // The mark at the start of a line of a patch.
  String.raw`(?<![^\n])[+-]`,
].join('|')

/** Signs of emphasis in Markdown, AsciiDoc and Org; before a token a dash, as of a list, is one. */
const SIGNS_BEHIND = ['*', '_', '+', '=', '~']
const SIGNS_BEFORE = [...SIGNS_BEHIND, '-']

const CLASS = String.raw`(?:\[(?:\\.|[^\]\\])*\]|\\[wds])`
/** The assertions that are borders, and the escapes and classes in which none begins. */
const token = new RegExp(
  String.raw`\(\?<!(${CLASS})\)|\(\?!(${CLASS})\)|\\[^]|\[(?:\\.|[^\]\\])*\]`,
  'g',
)
/** The rest of a pattern behind an assertion, if nothing is matched directly behind it. */
const endOfMatch = /^(?:$|\)|\||\(\?[=!])/
/** A class at the start of what is matched. */
const firstClass = new RegExp(String.raw`^(?:\((?:\?:|\?<secret>))*(${CLASS})`)
const SECRET_START = '(?<secret>'
/** A group that captures: a copy of it would change what the pattern captures. */
const captures = /\((?!\?)|\(\?<(?![=!])/
/** Bytes before an assertion in which classes are looked for when no secret ends there. */
const MAX_TAIL = 200

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
    if (before !== undefined)
      return `(?<!${before}(?<!${BEFORE}|${signsBefore(source.slice(at + whole.length))}))`
    const isAtEnd = endOfMatch.test(source.slice(at + whole.length))
    const markup = (): string => markupBehind(source.slice(0, at))
    if (behind !== undefined) return isAtEnd ? `(?!(?!${markup()})${behind})` : whole
    if (whole !== String.raw`\b`) return whole
    if (isAtEnd) return String.raw`(?:\b|(?=${markup()}))`
    return isAtStart(source, at)
      ? String.raw`(?:\b|(?<=${BEFORE}|${signsBefore(source.slice(at + whole.length))}))`
      : whole
  })
}

/** True where a match begins, or the secret: at the start of the pattern or of an alternative. */
function isAtStart(source: string, at: number): boolean {
  return /(?:^|[(|:>])$/.test(source.slice(0, at)) || source.startsWith('(?<secret>', at + 2)
}

/**
 * Returns a pattern of the emphasis that may stand before a token that `rest` matches. A sign that
 * the token may begin with itself is emphasis only when it stands behind the token too, so that the
 * token is not cut from a longer one.
 */
function signsBefore(rest: string): string {
  const [, tokenClass] = firstClass.exec(rest) ?? []
  const own = ownSigns(tokenClass === undefined ? [] : [tokenClass])
  const secret = rest.startsWith(SECRET_START) ? bodyOf(rest)?.body : undefined
  return emphasis(SIGNS_BEFORE, own, {
    other: (signs) => `(?<!${INNER})${signs}{1,2}`,
    pair: (sign) =>
      secret === undefined ? [] : [`(?<!${INNER})${sign}(?=(?:${secret})${sign}(?!${INNER}))`],
  })
}

/**
 * Returns a pattern of the markup that may stand behind a token that ends with `source`. Escapes
 * begin with `\`, which no token holds. A sign that the token may hold itself is emphasis only when
 * it stands before the token too.
 */
function markupBehind(source: string): string {
  const start = source.lastIndexOf(SECRET_START)
  const group = start < 0 ? undefined : bodyOf(source.slice(start))
  const secret = group !== undefined && start + group.end === source.length ? group.body : undefined
  const text = secret ?? source.slice(start < 0 ? -MAX_TAIL : start)
  const classes = text.match(new RegExp(CLASS, 'g')) ?? []
  const literals = text.replaceAll(new RegExp(String.raw`${CLASS}|\(\?<?=`, 'g'), '')
  const own = ownSigns(literals.includes('=') ? [...classes, '='] : classes)
  const signs = emphasis(SIGNS_BEHIND, own, {
    other: (others) => `${others}{1,2}(?!${INNER})`,
    pair: (sign) =>
      secret === undefined
        ? []
        : [`${sign}(?!${INNER})(?<=(?<!${INNER})${sign}(?:${secret})${sign})`],
  })
  return String.raw`\+\}|-\]|${signs}`
}

/** Returns a pattern of emphasis, from those of signs that a token may hold and of all others. */
function emphasis(
  signs: readonly string[],
  own: ReadonlySet<string>,
  {
    other,
    pair,
  }: {
    readonly other: (signs: string) => string
    readonly pair: (sign: string) => readonly string[]
  },
): string {
  const others = signs.filter((sign) => !own.has(sign)).join('')
  const patterns = [
    ...(others === '' ? [] : [other(`[${others}]`)]),
    ...signs.filter((sign) => own.has(sign)).flatMap((sign) => pair(`[${sign}]`)),
  ]
  return patterns.length === 0 ? '(?!)' : patterns.join('|')
}

const signsByClass = new Map<string, readonly string[]>()

/** Returns the signs that a token of these classes may hold. */
function ownSigns(classes: readonly string[]): ReadonlySet<string> {
  return new Set(
    classes.flatMap((tokenClass) => {
      const known = signsByClass.get(tokenClass)
      if (known !== undefined) return known
      const isInToken = new RegExp(tokenClass)
      const signs = SIGNS_BEFORE.filter((sign) => isInToken.test(sign))
      signsByClass.set(tokenClass, signs)
      return signs
    }),
  )
}

/**
 * Returns what the group at the start of `source` holds and the offset behind it, or undefined where
 * it is not closed or holds a group that captures.
 */
function bodyOf(source: string): { readonly body: string; readonly end: number } | undefined {
  let depth = 0
  for (const { 0: whole, index } of source.matchAll(/\\[^]|\[(?:\\.|[^\]\\])*\]|[()]/g)) {
    if (whole === '(') depth += 1
    if (whole !== ')') continue
    depth -= 1
    if (depth > 0) continue
    const body = source.slice(SECRET_START.length, index)
    return captures.test(body) ? undefined : { body, end: index + 1 }
  }
  return undefined
}
