import { emit } from './regexp/emit.ts'
import { requiredLiterals } from './regexp/required-literals.ts'
import { parse } from './regexp/parse.ts'
import type { Dialect } from './regexp/parse-set.ts'
import { type Node, nodesOf, sequence } from './regexp/syntax.ts'
import { withoutGroups } from './regexp/secret-group.ts'
import { Untranslatable } from './regexp/untranslatable.ts'
import type { IsSlow } from './slow.ts'

/** What oakum.yaml takes. */
const MAX_PATTERN = 2000
const MIN_CONTAINS = 4
const MAX_CONTAINS = 200

/** More words than this become expressions that hold many of them. */
const MAX_WORDS = 60
const MAX_WORDS_TEXT = 1800

/** A value that every match holds so much of is no accident, whatever rule found it. */
const TELLING = 8

const anything: Node = {
  kind: 'repeat',
  item: { kind: 'set', set: [[0, 0x110000]] },
  min: 0,
  max: Infinity,
  lazy: false,
}

/** An expression of oakum.yaml that allows no more than the one it comes from. */
export interface AllowPattern {
  readonly pattern: string
  /** Does it allow less? */
  readonly narrower: boolean
  /**
   * Does what it allows say what it is, so that it may hold for rules that the other tool does not
   * have?
   */
  readonly isSpecific: boolean
}

/** Paths are seldom longer. */
const MAX_PATH = 1024

/** Names of every kind. What allows all of them allows everything. */
const somePaths = [
  'a',
  '.env',
  'README.md',
  'src/index.ts',
  'config/prod/settings.yaml',
  'x/y/z/Main.java',
  'deploy/id_rsa',
  'infra/main.tf',
]

/** An expression that is searched for in paths. Throws `Untranslatable`. */
export function translatePathPattern(text: string, dialect: Dialect, isSlow: IsSlow): AllowPattern {
  const written = write(parse(text, dialect), (pattern) =>
    isSlow({ ...pattern, maxLength: MAX_PATH }),
  )
  const pattern = new RegExp(written.pattern)
  if (somePaths.every((path) => pattern.test(path)))
    throw new Untranslatable('it would allow every path')
  return { ...written, isSpecific: true }
}

/** `searched`: in the value, or in the text around it too, which Oakum’s allowances do not see. */
export interface ValueExpression {
  readonly text: string
  readonly dialect: Dialect
  readonly searchedIn: 'value' | 'around'
}

/**
 * An expression that is searched for in values, as one that matches whole values. Throws
 * `Untranslatable`.
 */
export function translateValuePattern(
  { text, dialect, searchedIn: searched }: ValueExpression,
  isSlow: IsSlow,
): AllowPattern {
  const node = withoutGroups(parse(text, dialect))
  const looksAround = [...nodesOf(node)].some((each) => each.kind === 'assertion')
  if (searched === 'around' && looksAround)
    throw new Untranslatable(
      'it looks at the line around a secret, which allowances do not see; a marker on the line can',
    )
  const written = write(wholeValue(node), ({ text: source, ignoreCase }) =>
    isSlow({ text: `^(?:${source})$`, ignoreCase }),
  )
  const pattern = new RegExp(`^(?:${written.pattern})$`)
  if (someValues().every((value) => pattern.test(value)))
    throw new Untranslatable('it would allow every value')
  const literals = requiredLiterals(node)
  const telling =
    literals !== undefined && literals.every((literal) => literal.text.length >= TELLING)
  return { ...written, narrower: written.narrower || searched === 'around', isSpecific: telling }
}

/** Words that are searched for in values, upper and lower case alike. */
export function translateWords(
  words: readonly string[],
): readonly ({ readonly contains: string } | { readonly pattern: string })[] {
  const lower = [...new Set(words.map((word) => word.toLowerCase()).filter((word) => word !== ''))]
  const plain = lower.filter((word) => word.length >= MIN_CONTAINS && word.length <= MAX_CONTAINS)
  if (lower.length <= MAX_WORDS && plain.length === lower.length)
    return plain.map((contains) => ({ contains }))
  const chunks: string[] = []
  for (const word of lower.map(inAnyCase)) {
    const last = chunks.at(-1)
    if (last !== undefined && last.length + word.length < MAX_WORDS_TEXT)
      chunks[chunks.length - 1] = `${last}|${word}`
    else chunks.push(word)
  }
  return chunks.map((chunk) => ({ pattern: `[^]*(?:${chunk})[^]*` }))
}

function inAnyCase(word: string): string {
  return [...word]
    .map((character) => {
      const upper = character.toUpperCase()
      return upper === character || upper.length > 1
        ? character.replace(/[\\^$.*+?()[\]{}|]/, String.raw`\$&`)
        : `[${upper}${character}]`
    })
    .join('')
}

function write(node: Node, isSlow: IsSlow): Omit<AllowPattern, 'telling'> {
  const { text: pattern, approximate } = emit(withoutGroups(node), {
    approximate: 'less',
    subject: 'value',
  })
  if (pattern.length > MAX_PATTERN)
    throw new Untranslatable(`it is longer than ${MAX_PATTERN} characters`)
  if (pattern === '') throw new Untranslatable('it is empty, and would allow everything')
  if (isSlow({ text: pattern, ignoreCase: false }))
    throw new Untranslatable('it could take exponential time in an engine that backtracks')
  return { pattern, narrower: approximate }
}

/** `^a` becomes `a[^]*`; what is not anchored may stand anywhere. */
function wholeValue(node: Node): Node {
  const items = node.kind === 'sequence' ? node.items : [node]
  const [start, end] = [isAt(items[0], 'text-start'), isAt(items.at(-1), 'text-end')]
  const inside = items.slice(start ? 1 : 0, end ? -1 : undefined)
  return sequence([
    ...(start ? [] : [anything]),
    ...inside.map((item, index) =>
      isOpen(index, inside.length, { start, end }) ? fewest(item) : item,
    ),
    ...(end ? [] : [anything]),
  ])
}

function isAt(item: Node | undefined, at: 'text-start' | 'text-end'): boolean {
  return item?.kind === 'assertion' && item.at === at
}

/** Does anything at all stand beside the item? */
function isOpen(
  index: number,
  count: number,
  { start, end }: { readonly start: boolean; readonly end: boolean },
): boolean {
  return (index === 0 && !start) || (index === count - 1 && !end)
}

/** Beside anything, the fewest repetitions are as good as more: `.+` is `.` there. */
function fewest(node: Node): Node {
  return node.kind === 'repeat' ? { ...node, max: node.min } : node
}

/** Values of several forms, none of which is one. */
function someValues(): readonly string[] {
  const characters = [
    '0123456789abcdef',
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
    'kT7wZq2Lm9XbR4vN',
    'hunter-',
  ]
  return characters.map((set, row) =>
    Array.from({ length: 24 + 8 * row }, (_, index) =>
      set.charAt((index * index * 7 + index * 5 + row) % set.length),
    ).join(''),
  )
}
