/** Translates allowed paths, values and words of other tools to allow entries of oakum.yaml. */
import { emit } from './regexp/emit.ts'
import { parse } from './regexp/parse.ts'
import type { Dialect } from './regexp/parse-set.ts'
import { requiredLiterals } from './regexp/required-literals.ts'
import { withoutGroups } from './regexp/secret-group.ts'
import { type Node, nodesOf, sequence, Untranslatable } from './regexp/syntax.ts'
import type { IsSlow } from './slow.ts'

/** Limits that oakum.yaml sets for allow entries. */
const MAX_PATTERN_LENGTH = 2000
const MIN_CONTAINS_LENGTH = 4
const MAX_CONTAINS_LENGTH = 200

/** More words than this are joined into patterns of many words each. */
const MAX_WORDS = 60
const MAX_JOINED_LENGTH = 1800

/**
 * A pattern of which every match contains a literal of this length is specific: it does not match
 * by chance, whatever rule found the value.
 */
const MIN_SPECIFIC_LENGTH = 8

const anyText: Node = {
  kind: 'repeat',
  item: { kind: 'set', set: [[0, 0x110000]] },
  min: 0,
  max: Infinity,
  lazy: false,
}

/** A pattern for oakum.yaml that matches no more than the original expression. */
export interface AllowPattern {
  readonly pattern: string
  /** True when the pattern matches less than the original. */
  readonly narrower: boolean
  /**
   * True when the pattern matches only values that it describes closely, so that it is safe for
   * rules that the other tool does not have.
   */
  readonly isSpecific: boolean
}

/** Length of the longest path for which patterns are checked to be fast. */
const MAX_PATH_LENGTH = 1024

/** Paths of different kinds. A pattern that matches all of them matches every path. */
const samplePaths = [
  'a',
  '.env',
  'README.md',
  'src/index.ts',
  'config/prod/settings.yaml',
  'x/y/z/Main.java',
  'deploy/id_rsa',
  'infra/main.tf',
]

/** Translates an expression that the other tool searches for in paths. Throws `Untranslatable`. */
export function translatePathPattern(text: string, dialect: Dialect, isSlow: IsSlow): AllowPattern {
  const translated = translate(parse(text, dialect), (pattern) =>
    isSlow({ ...pattern, maxLength: MAX_PATH_LENGTH }),
  )
  const pattern = new RegExp(translated.pattern)
  if (samplePaths.every((path) => pattern.test(path)))
    throw new Untranslatable('it would allow every path')
  return { ...translated, isSpecific: true }
}

/**
 * An expression that the other tool searches for in the secret (`value`), or also in the text around
 * it (`around`), which allow entries of Oakum do not see.
 */
export interface ValueExpression {
  readonly text: string
  readonly dialect: Dialect
  readonly searchedIn: 'value' | 'around'
}

/**
 * Translates an expression that is searched for in values to a pattern that matches whole values.
 * Throws `Untranslatable`.
 */
export function translateValuePattern(
  { text, dialect, searchedIn }: ValueExpression,
  isSlow: IsSlow,
): AllowPattern {
  const node = withoutGroups(parse(text, dialect))
  const hasAssertion = [...nodesOf(node)].some(({ kind }) => kind === 'assertion')
  if (searchedIn === 'around' && hasAssertion)
    throw new Untranslatable(
      'it matches the line around a secret, which allow entries do not see; ' +
        'put a marker on the line instead',
    )
  const translated = translate(matchWholeValue(node), ({ text: source, ignoreCase }) =>
    isSlow({ text: `^(?:${source})$`, ignoreCase }),
  )
  const pattern = new RegExp(`^(?:${translated.pattern})$`)
  if (sampleValues().every((value) => pattern.test(value)))
    throw new Untranslatable('it would allow every value')
  const literals = requiredLiterals(node)
  const isSpecific =
    literals !== undefined &&
    literals.every((literal) => literal.text.length >= MIN_SPECIFIC_LENGTH)
  return {
    ...translated,
    narrower: translated.narrower || searchedIn === 'around',
    isSpecific,
  }
}

/** Translates words that the other tool searches for in values, in any case. */
export function translateWords(
  words: readonly string[],
): readonly ({ readonly contains: string } | { readonly pattern: string })[] {
  const unique = [...new Set(words.map((word) => word.toLowerCase()).filter((word) => word !== ''))]
  const fitting = unique.filter(
    ({ length }) => length >= MIN_CONTAINS_LENGTH && length <= MAX_CONTAINS_LENGTH,
  )
  if (unique.length <= MAX_WORDS && fitting.length === unique.length)
    return fitting.map((contains) => ({ contains }))
  const groups: string[] = []
  for (const word of unique.map(caseInsensitiveSource)) {
    const last = groups.at(-1)
    if (last !== undefined && last.length + word.length < MAX_JOINED_LENGTH)
      groups[groups.length - 1] = `${last}|${word}`
    else groups.push(word)
  }
  return groups.map((group) => ({ pattern: `[^]*(?:${group})[^]*` }))
}

function caseInsensitiveSource(word: string): string {
  return [...word]
    .map((character) => {
      const upper = character.toUpperCase()
      return upper === character || upper.length > 1
        ? character.replace(/[\\^$.*+?()[\]{}|]/, String.raw`\$&`)
        : `[${upper}${character}]`
    })
    .join('')
}

function translate(node: Node, isSlow: IsSlow): Omit<AllowPattern, 'isSpecific'> {
  const { text: pattern, approximate } = emit(withoutGroups(node), {
    approximate: 'less',
    subject: 'value',
  })
  if (pattern.length > MAX_PATTERN_LENGTH)
    throw new Untranslatable(`it is longer than ${MAX_PATTERN_LENGTH} characters`)
  if (pattern === '') throw new Untranslatable('it is empty, and would allow everything')
  if (isSlow({ text: pattern, ignoreCase: false }))
    throw new Untranslatable('it could take exponential time in an engine that backtracks')
  return { pattern, narrower: approximate }
}

/**
 * Extends an expression that is searched for so that it matches the whole value: `^a` becomes
 * `a[^]*`.
 */
function matchWholeValue(node: Node): Node {
  const items = node.kind === 'sequence' ? node.items : [node]
  const atStart = isAssertion(items[0], 'text-start')
  const atEnd = isAssertion(items.at(-1), 'text-end')
  const inner = items.slice(atStart ? 1 : 0, atEnd ? -1 : undefined)
  const minimized = inner.map((item, index) => {
    const isFirst = index === 0
    const isLast = index === inner.length - 1
    return (isFirst && !atStart) || (isLast && !atEnd) ? minimizeRepetition(item) : item
  })
  return sequence([...(atStart ? [] : [anyText]), ...minimized, ...(atEnd ? [] : [anyText])])
}

function isAssertion(item: Node | undefined, at: 'text-start' | 'text-end'): boolean {
  return item?.kind === 'assertion' && item.at === at
}

/** Reduces a repetition next to any text to its minimum, which matches the same: `.+` to `.`. */
function minimizeRepetition(node: Node): Node {
  return node.kind === 'repeat' ? { ...node, max: node.min } : node
}

/** Returns values of several forms; a pattern that matches all of them matches every value. */
function sampleValues(): readonly string[] {
  const alphabets = [
    '0123456789abcdef',
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
    'kT7wZq2Lm9XbR4vN',
    'hunter-',
  ]
  return alphabets.map((alphabet, row) =>
    Array.from({ length: 24 + 8 * row }, (_, index) =>
      alphabet.charAt((index * index * 7 + index * 5 + row) % alphabet.length),
    ).join(''),
  )
}
