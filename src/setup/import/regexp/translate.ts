import { boundRepetitions, type Bounds, isUnbounded, longestMatch } from './bound.ts'
import { emit } from './emit.ts'
import { type Literal, requiredLiterals } from './required-literals.ts'
import { parse } from './parse.ts'
import type { Dialect } from './parse-set.ts'
import { type SecretForm, formsOf, withoutGroups } from './secret-group.ts'
import { type Node, nodesOf, sequence } from './syntax.ts'
import { Untranslatable } from './untranslatable.ts'

/** One expression of a rule, as Oakum runs it. */
export interface TranslatedPattern {
  readonly text: string
  readonly ignoreCase: boolean
  /** Literals of which every match holds one; undefined when there are none. */
  readonly literals: readonly Literal[] | undefined
  /** Most bytes of a match. */
  readonly longest: number
}

export interface Translation {
  readonly patterns: readonly TranslatedPattern[]
  /** In what it differs from the original, each in words. */
  readonly notes: readonly string[]
  /** Does it find less than the original? */
  readonly findsLess: boolean
}

export interface RuleExpression {
  readonly text: string
  readonly dialect: Dialect
  /**
   * A number is gitleaks' secretGroup; 0 for the first group that takes something, or for the whole
   * match where there is none.
   */
  readonly secretGroup: number | 'whole'
  /** Does grep's -w hold: no letter, digit or _ on either side? */
  readonly wholeWords?: boolean
}

/** The furthest a rule of Oakum sees from its keyword. */
const MAX_WINDOW = 32_768

/** A group that can hold no more is not the secret. */
const MIN_SECRET = 8

/**
 * From generous to tight. A line of code is seldom longer than the first, a key seldom longer than
 * its `lines`.
 */
const ladder: readonly Bounds[] = [
  { blanks: 64, line: 1000, lines: 12_000 },
  { blanks: 32, line: 400, lines: 3000 },
  { blanks: 16, line: 150, lines: 600 },
  { blanks: 8, line: 60, lines: 150 },
]

/**
 * A rule's expression for Oakum: a group `secret`, ASCII, a bound to every repetition. `isSlow`
 * says whether an expression may run away; the bounds get tighter until none does. Throws
 * `Untranslatable`.
 */
export function translateRule(
  expression: RuleExpression,
  isSlow: (pattern: Omit<TranslatedPattern, 'literals' | 'longest'>) => boolean,
): Translation {
  const node = parse(expression.text, expression.dialect)
  const whole = expression.wholeWords === true ? betweenWords(node) : node
  const told =
    expression.secretGroup === 'whole'
      ? [{ node: whole, group: undefined }]
      : formsOf(whole, expression.secretGroup)
  if (told === undefined && expression.secretGroup !== 0)
    throw new Untranslatable(`there is no group ${expression.secretGroup}`)
  const forms =
    told === undefined || (expression.secretGroup === 0 && told.some(isTooShort))
      ? [{ node: whole, group: undefined }]
      : told
  const rungs = isUnbounded(node) ? ladder : ladder.slice(0, 1)
  for (const bounds of rungs) {
    const bounded = forms.map((form) => ({ ...form, node: boundRepetitions(form.node, bounds) }))
    if (bounded.some((form) => longestMatch(form.node) >= MAX_WINDOW - 64)) continue
    const patterns = bounded.map((form) => patternOf(form.node, form.group))
    if (patterns.some(isSlow)) continue
    const isWhole = forms !== told && groupCount(node) > 0
    return {
      patterns,
      findsLess: isUnbounded(node),
      notes: [
        ...notesOf(
          node,
          bounds,
          patterns.some((pattern) => pattern.approximate),
        ),
        ...(isWhole
          ? ['the whole match is taken for the secret: its groups hold no more than a part']
          : []),
      ],
    }
  }
  const least = boundRepetitions(node, ladder.at(-1) ?? { blanks: 1, line: 1, lines: 1 })
  if (longestMatch(least) >= MAX_WINDOW - 64)
    throw new Untranslatable(`it may match more than the ${MAX_WINDOW} bytes that a rule sees`)
  throw new Untranslatable('it could take exponential time in an engine that backtracks')
}

/** Groups that only hold a choice of names are no secrets. */
function isTooShort({ node, group }: SecretForm): boolean {
  const found = [...nodesOf(node)].find((each) => each.kind === 'group' && each.index === group)
  return found !== undefined && longestMatch(found) < MIN_SECRET
}

function groupCount(node: Node): number {
  return [...nodesOf(node)].filter((each) => each.kind === 'group').length
}

function patternOf(
  form: Node,
  group: number | undefined,
): TranslatedPattern & { readonly approximate: boolean } {
  const isWhole = group === undefined
  const node = isWhole ? form : withoutLead(form)
  const whole: Node = isWhole ? { kind: 'group', item: withoutGroups(node), index: 1 } : node
  const { text, ignoreCase, approximate } = emit(whole, {
    secretGroup: isWhole ? 1 : group,
    approximate: 'more',
    subject: 'window',
  })
  return {
    text,
    ignoreCase,
    approximate,
    literals: requiredLiterals(node),
    longest: longestMatch(node),
  }
}

/**
 * Without what comes first and may be missing: it costs time at every place, and does not change
 * which secrets are found.
 */
function withoutLead(node: Node): Node {
  if (node.kind !== 'sequence') return node
  const from = node.items.findIndex(
    (item) => !(item.kind === 'repeat' && item.min === 0 && item.item.kind === 'set'),
  )
  return sequence(node.items.slice(Math.max(0, from)))
}

function betweenWords(node: Node): Node {
  return sequence([
    { kind: 'assertion', at: 'no-word-before' },
    node,
    { kind: 'assertion', at: 'no-word-after' },
  ])
}

function notesOf(node: Node, bounds: Bounds, approximate: boolean): readonly string[] {
  const assertions = new Set(
    [...nodesOf(node)].flatMap((each) => (each.kind === 'assertion' ? [each.at] : [])),
  )
  const used = isUnbounded(node)
  return [
    ...(used
      ? [
          `repetitions without a bound end after ${bounds.line} characters, of blanks after ${bounds.blanks}, across lines after ${bounds.lines}`,
        ]
      : []),
    ...(assertions.has('text-start') ? ['^ is the beginning of a line here, not of the text'] : []),
    ...(approximate ? ['sets of characters outside ASCII match any of these'] : []),
  ]
}
