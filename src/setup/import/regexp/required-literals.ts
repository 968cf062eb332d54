/** Finds the literals that every match of an expression contains, for use as keywords. */
import { type Charset, codesOf, contains, intersection, nonAscii, sizeOf } from './charset.ts'
import type { Node } from './syntax.ts'

/** A text that every match contains, or one of several of which every match contains one. */
export interface Literal {
  readonly text: string
  readonly ignoreCase: boolean
}

/** The nodes that remain to be matched, as a linked list. */
type RemainingNodes = { readonly node: Node; readonly next: RemainingNodes } | undefined

/** A beginning of a match, and the nodes that follow it. */
interface Prefix extends Literal {
  readonly remaining: RemainingNodes
}

/** Oakum's keyword search reads four bytes at a time. */
const MIN_LENGTH = 4
const MAX_LENGTH = 16
const MAX_LITERALS = 160
/** Larger sets do not narrow the search. */
const MAX_SET_SIZE = 80
/** Steps of one enumeration of prefixes. */
const MAX_STEPS = 4000
/** Positions of one expression from which prefixes are enumerated. */
const MAX_STARTS = 400

/**
 * Returns literals of at least four bytes of ASCII, one of which every match contains; undefined
 * where there are none. Among all positions that every match passes, the one with the rarest
 * literals is chosen: `(?:sk|pk)_live_[a-z]{9}` gives `_live_`, `[a-z]{3}-(?:key|token)=` gives
 * `-key=` and `-token=`.
 */
export function requiredLiterals(node: Node): readonly Literal[] | undefined {
  return bestWithin(node, undefined, { starts: MAX_STARTS })
}

/** Counts down the enumerations that are left for an expression. */
type Budget = { starts: number }

/** Returns the rarest literals from any position in the node; `next` are the nodes after it. */
function bestWithin(
  node: Node,
  next: RemainingNodes,
  budget: Budget,
): readonly Literal[] | undefined {
  switch (node.kind) {
    case 'set':
      return bestFrom({ node, next }, budget)
    case 'assertion':
      return undefined
    case 'sequence':
      return rarest(
        node.items.map((item, index) =>
          bestWithin(item, prepend(node.items.slice(index + 1), next), budget),
        ),
      )
    case 'choice':
      return rarest([
        unionOf(node.items.map((item) => bestWithin(item, next, budget))),
        bestFrom({ node, next }, budget),
      ])
    case 'repeat':
      return node.min === 0
        ? undefined
        : bestWithin(
            node.item,
            { node: { ...node, min: node.min - 1, max: node.max - 1 }, next },
            budget,
          )
    case 'group':
      return bestWithin(node.item, next, budget)
    default:
      return node satisfies never
  }
}

/** Returns the rarest literals with which a match of the remaining nodes begins. */
function bestFrom(remaining: RemainingNodes, budget: Budget): readonly Literal[] | undefined {
  if ((budget.starts -= 1) < 0) return undefined
  let best: readonly Literal[] | undefined
  for (let length = MIN_LENGTH; length <= MAX_LENGTH; length += 1) {
    const literals = prefixes(remaining, length)
    if (literals === undefined) break
    best = rarest([best, literals])
  }
  return best
}

/**
 * Returns the first `length` characters of every possible match, or all of a shorter match.
 * Undefined when there are too many, or one is shorter than a keyword must be.
 */
function prefixes(remaining: RemainingNodes, length: number): readonly Literal[] | undefined {
  const pending: Prefix[] = [{ text: '', ignoreCase: false, remaining }]
  const done = new Map<string, Literal>()
  for (let steps = 0; ; steps += 1) {
    const prefix = pending.pop()
    if (prefix === undefined) return fewEnough([...done.values()])
    if (steps > MAX_STEPS || done.size > 2 * MAX_LITERALS || pending.length > MAX_STEPS)
      return undefined
    if (prefix.text.length >= length || prefix.remaining === undefined) {
      if (prefix.text.length < MIN_LENGTH) return undefined
      done.set(`${String(prefix.ignoreCase)} ${prefix.text}`, {
        text: prefix.text,
        ignoreCase: prefix.ignoreCase,
      })
      continue
    }
    const longer = extend(prefix, prefix.remaining.node, prefix.remaining.next)
    if (longer === undefined) return undefined
    pending.push(...longer)
  }
}

/** Extends a prefix by one step into the first of its remaining nodes. */
function extend(prefix: Prefix, node: Node, next: RemainingNodes): readonly Prefix[] | undefined {
  switch (node.kind) {
    case 'set':
      return charactersFor(node.set)?.map(({ text, hasBothCases }) => ({
        text: prefix.text + text,
        ignoreCase: prefix.ignoreCase || hasBothCases,
        remaining: next,
      }))
    case 'assertion':
      return [{ ...prefix, remaining: next }]
    case 'sequence':
      return [{ ...prefix, remaining: prepend(node.items, next) }]
    case 'choice':
      return node.items.map((item) => ({ ...prefix, remaining: { node: item, next } }))
    case 'group':
      return [{ ...prefix, remaining: { node: node.item, next } }]
    case 'repeat': {
      const nextRound: RemainingNodes =
        node.max <= 1
          ? next
          : { node: { ...node, min: Math.max(0, node.min - 1), max: node.max - 1 }, next }
      const withItem = { ...prefix, remaining: { node: node.item, next: nextRound } }
      return node.min === 0 ? [{ ...prefix, remaining: next }, withItem] : [withItem]
    }
    default:
      return node satisfies never
  }
}

interface SetCharacter {
  readonly text: string
  readonly hasBothCases: boolean
}

const charactersBySet = new WeakMap<Charset, readonly SetCharacter[] | undefined>()

/**
 * Returns the characters of a set; undefined when there are too many or some are outside ASCII. A
 * letter with both cases in the set counts once, and makes the literal ignore case.
 */
function charactersFor(set: Charset): readonly SetCharacter[] | undefined {
  if (charactersBySet.has(set)) return charactersBySet.get(set)
  const isSmall = sizeOf(set) <= MAX_SET_SIZE && sizeOf(intersection(set, nonAscii)) === 0
  const characters = isSmall ? codesOf(set).flatMap((code) => characterFor(code, set)) : undefined
  charactersBySet.set(set, characters)
  return characters
}

function characterFor(code: number, set: Charset): readonly SetCharacter[] {
  const text = String.fromCharCode(code)
  const otherCase = text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase()
  const hasBothCases = otherCase !== text && contains(set, otherCase.charCodeAt(0))
  return hasBothCases && text !== text.toLowerCase() ? [] : [{ text, hasBothCases }]
}

function prepend(items: readonly Node[], next: RemainingNodes): RemainingNodes {
  return items.reduceRight<RemainingNodes>((rest, node) => ({ node, next: rest }), next)
}

/** Returns the literals of all branches together; undefined when a branch has none. */
function unionOf(
  branches: readonly (readonly Literal[] | undefined)[],
): readonly Literal[] | undefined {
  const defined = branches.filter((branch) => branch !== undefined)
  return defined.length < branches.length ? undefined : fewEnough(defined.flat())
}

/** Returns the option with the lowest cost; undefined when all are. */
function rarest(
  options: readonly (readonly Literal[] | undefined)[],
): readonly Literal[] | undefined {
  const defined = options.filter((option) => option !== undefined)
  return defined.reduce<readonly Literal[] | undefined>(
    (best, option) => (best === undefined || costOf(option) < costOf(best) ? option : best),
    undefined,
  )
}

/** Estimates how often the literals occur in a text, plus a constant for searching each. */
function costOf(literals: readonly Literal[]): number {
  return literals.reduce(
    (sum, { text, ignoreCase }) => sum + (ignoreCase ? 4 : 6) ** -text.length,
    literals.length * 2e-5,
  )
}

/** Returns the literals without redundant ones; undefined when too many are left. */
function fewEnough(literals: readonly Literal[]): readonly Literal[] | undefined {
  const needed = literals.length > 2 * MAX_LITERALS ? literals : withoutRedundant(literals)
  return needed.length > MAX_LITERALS ? undefined : needed
}

/** Removes literals that contain another one of the list. */
function withoutRedundant(literals: readonly Literal[]): readonly Literal[] {
  const lengths = new Set(literals.map(({ text }) => text.length))
  // Different literals of the same length cannot contain each other.
  if (
    lengths.size === 1 &&
    new Set(literals.map(({ text }) => text.toLowerCase())).size === literals.length
  )
    return literals
  return literals.filter(
    (literal, index) =>
      !literals.some(
        (other, at) =>
          at !== index &&
          other.text.length <= literal.text.length &&
          containsLiteral(literal, other) &&
          (at < index || literal.text.length > other.text.length),
      ),
  )
}

/** True when every text that contains `whole` also contains `part`. */
export function containsLiteral(whole: Literal, part: Literal): boolean {
  if (part.ignoreCase) return whole.text.toLowerCase().includes(part.text.toLowerCase())
  return !whole.ignoreCase && whole.text.includes(part.text)
}
