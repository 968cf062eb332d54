/** Translates the expression of a rule of another tool to patterns that rules of Oakum can have. */
import { boundRepetitions, type Bounds, isUnbounded, longestMatch } from './bound.ts'
import { emit } from './emit.ts'
import { parse } from './parse.ts'
import type { Dialect } from './parse-set.ts'
import { type Literal, requiredLiterals } from './required-literals.ts'
import { formsOf, type SecretForm, withoutGroups } from './secret-group.ts'
import { type Node, nodesOf, sequence, Untranslatable } from './syntax.ts'

/** A pattern of the translated rule, with the group `secret`. */
export interface TranslatedPattern {
  readonly text: string
  readonly ignoreCase: boolean
  /** Literals of which every match contains one; undefined when there are none. */
  readonly literals: readonly Literal[] | undefined
  /** Length of the longest match, in bytes. */
  readonly longest: number
}

export interface Translation {
  readonly patterns: readonly TranslatedPattern[]
  /** The differences from the original, each in words. */
  readonly notes: readonly string[]
  /** True when the patterns find less than the original. */
  readonly findsLess: boolean
}

export interface RuleExpression {
  readonly text: string
  readonly dialect: Dialect
  /**
   * The `secretGroup` of gitleaks: a group's number, or 0 for the first group that matches some text
   * (the whole match where there is no group). `whole` always means the whole match.
   */
  readonly secretGroup: number | 'whole'
  /** True when grep's -w applies: no letter, digit or _ before and after the match. */
  readonly wholeWords?: boolean
}

/** The largest window of a rule around its keyword, in bytes. */
const MAX_WINDOW = 32_768

/** Space in the window for the text around a match. */
const WINDOW_MARGIN = 64

/** A group that can only match shorter texts is not the secret. */
const MIN_SECRET_LENGTH = 8

/**
 * Bounds for unbounded repetitions, from generous to tight. A line of code is seldom longer than the
 * first `line`, and a key over several lines is seldom longer than the first `lines`.
 */
const boundSteps: readonly Bounds[] = [
  { blanks: 64, line: 1000, lines: 12_000 },
  { blanks: 32, line: 400, lines: 3000 },
  { blanks: 16, line: 150, lines: 600 },
  { blanks: 8, line: 60, lines: 150 },
]

type SlowCheck = (pattern: Pick<TranslatedPattern, 'text' | 'ignoreCase'>) => boolean

/**
 * Translates an expression: the result has a group `secret`, contains only ASCII, and has bounds for
 * all repetitions. The bounds get tighter until `isSlow` accepts every pattern. Throws
 * `Untranslatable`.
 */
export function translateRule(expression: RuleExpression, isSlow: SlowCheck): Translation {
  const parsed = parse(expression.text, expression.dialect)
  const node = expression.wholeWords === true ? betweenWords(parsed) : parsed
  const { forms, usesWholeMatch } = chooseForms(node, expression.secretGroup)
  const steps = isUnbounded(parsed) ? boundSteps : boundSteps.slice(0, 1)
  for (const bounds of steps) {
    const patterns = toPatterns(forms, bounds)
    if (patterns === undefined || patterns.some(isSlow)) continue
    const isApproximate = patterns.some(({ approximate }) => approximate)
    return {
      patterns,
      findsLess: isUnbounded(parsed),
      notes: [
        ...differenceNotes(parsed, bounds, isApproximate),
        ...(usesWholeMatch && hasGroups(parsed)
          ? ['the whole match is the secret: its groups contain no more than a part']
          : []),
      ],
    }
  }
  const shortest = boundRepetitions(parsed, boundSteps.at(-1) ?? { blanks: 1, line: 1, lines: 1 })
  if (!fitsWindow(shortest))
    throw new Untranslatable(`it may match more than the ${MAX_WINDOW} bytes that a rule sees`)
  throw new Untranslatable('it could take exponential time in an engine that backtracks')
}

/** Returns the forms of an expression; the whole match is the secret where no group can be. */
function chooseForms(
  node: Node,
  secretGroup: RuleExpression['secretGroup'],
): { readonly forms: readonly SecretForm[]; readonly usesWholeMatch: boolean } {
  const wholeMatch = [{ node, group: undefined }]
  if (secretGroup === 'whole') return { forms: wholeMatch, usesWholeMatch: false }
  const forms = formsOf(node, secretGroup)
  if (forms === undefined && secretGroup !== 0)
    throw new Untranslatable(`there is no group ${secretGroup}`)
  if (forms === undefined || (secretGroup === 0 && forms.some(isTooShort)))
    return { forms: wholeMatch, usesWholeMatch: true }
  return { forms, usesWholeMatch: false }
}

/** True when the group only matches short texts, such as a choice of names. */
function isTooShort({ node, group }: SecretForm): boolean {
  const groupNode = [...nodesOf(node)].find(
    (child) => child.kind === 'group' && child.index === group,
  )
  return groupNode !== undefined && longestMatch(groupNode) < MIN_SECRET_LENGTH
}

function hasGroups(node: Node): boolean {
  return [...nodesOf(node)].some(({ kind }) => kind === 'group')
}

function fitsWindow(node: Node): boolean {
  return longestMatch(node) < MAX_WINDOW - WINDOW_MARGIN
}

type EmittedPattern = TranslatedPattern & { readonly approximate: boolean }

/** Returns the patterns of bounded forms; undefined when a match may exceed the window. */
function toPatterns(
  forms: readonly SecretForm[],
  bounds: Bounds,
): readonly EmittedPattern[] | undefined {
  const bounded = forms.map((form) => ({ ...form, node: boundRepetitions(form.node, bounds) }))
  return bounded.every(({ node }) => fitsWindow(node)) ? bounded.map(toPattern) : undefined
}

function toPattern({ node: bounded, group }: SecretForm): EmittedPattern {
  const isWhole = group === undefined
  const node = isWhole ? bounded : withoutOptionalStart(bounded)
  const withSecretGroup: Node = isWhole
    ? { kind: 'group', item: withoutGroups(node), index: 1 }
    : node
  const { text, ignoreCase, approximate } = emit(withSecretGroup, {
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
 * Removes optional sets from the start of an expression: they cost time at every position of a text
 * and do not change which secrets are found.
 */
function withoutOptionalStart(node: Node): Node {
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

function differenceNotes(node: Node, bounds: Bounds, isApproximate: boolean): readonly string[] {
  const notes: string[] = []
  if (isUnbounded(node))
    notes.push(
      `repetitions without a bound end after ${bounds.line} characters, ` +
        `of blanks after ${bounds.blanks}, across lines after ${bounds.lines}`,
    )
  const hasTextStart = [...nodesOf(node)].some(
    (child) => child.kind === 'assertion' && child.at === 'text-start',
  )
  if (hasTextStart) notes.push('^ is the start of a line here, not of the text')
  if (isApproximate) notes.push('sets of characters outside ASCII match any of these')
  return notes
}
