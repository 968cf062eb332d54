import { type Charset, codesOf, contains, nonAscii, intersection, sizeOf } from './charset.ts'
import type { Node } from './syntax.ts'

/** A literal that every match holds, or one of several of which every match holds one. */
export interface Literal {
  readonly text: string
  readonly ignoreCase: boolean
}

/** What is still to be matched, head first. */
type Trail = { readonly node: Node; readonly next: Trail } | undefined

interface Prefix extends Literal {
  readonly trail: Trail
}

/** Oakum looks for four bytes first. */
const SHORTEST = 4
const LONGEST = 16
const MOST = 160
/** Larger sets say nothing. */
const MAX_CODES = 80
/** Steps of one enumeration, and enumerations of one expression. */
const MAX_STEPS = 4000
const MAX_STARTS = 400

/**
 * Literals of at least four bytes of ASCII, one of which every match of the expression holds;
 * undefined where there are none. Of all places in the expression that every match passes, the one
 * whose literals are rarest is taken:
 * `(?:sk|pk)_live_[a-z]{9}` gives `sk_live_` and `pk_live_`, `[a-z]{3}-(?:key|token)=` gives `key=`
 * and `token=`.
 */
export function requiredLiterals(node: Node): readonly Literal[] | undefined {
  const budget = { starts: MAX_STARTS }
  return bestWithin(node, undefined, budget)
}

type Budget = { starts: number }

function bestWithin(node: Node, next: Trail, budget: Budget): readonly Literal[] | undefined {
  switch (node.kind) {
    case 'set':
      return bestFrom({ node, next }, budget)
    case 'assertion':
      return undefined
    case 'sequence':
      return rarest(
        node.items.map((item, index) =>
          bestWithin(item, trailOf(node.items.slice(index + 1), next), budget),
        ),
      )
    case 'choice':
      return rarest([
        joined(node.items.map((item) => bestWithin(item, next, budget))),
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

/** The rarest literals that a match of the whole trail begins with. */
function bestFrom(trail: Trail, budget: Budget): readonly Literal[] | undefined {
  if ((budget.starts -= 1) < 0) return undefined
  let best: readonly Literal[] | undefined
  for (let length = SHORTEST; length <= LONGEST; length += 1) {
    const found = prefixes(trail, length)
    if (found === undefined) break
    best = rarest([best, found])
  }
  return best
}

/** Every beginning of a match: `length` characters of it, or all where it is shorter. */
function prefixes(trail: Trail, length: number): readonly Literal[] | undefined {
  const open: Prefix[] = [{ text: '', ignoreCase: false, trail }]
  const done = new Map<string, Literal>()
  for (let steps = 0; ; steps += 1) {
    const prefix = open.pop()
    if (prefix === undefined) return fewEnough([...done.values()])
    if (steps > MAX_STEPS || done.size > 2 * MOST || open.length > MAX_STEPS) return undefined
    if (prefix.text.length >= length || prefix.trail === undefined) {
      if (prefix.text.length < SHORTEST) return undefined
      done.set(`${String(prefix.ignoreCase)} ${prefix.text}`, {
        text: prefix.text,
        ignoreCase: prefix.ignoreCase,
      })
      continue
    }
    const longer = extend(prefix, prefix.trail.node, prefix.trail.next)
    if (longer === undefined) return undefined
    open.push(...longer)
  }
}

/** Takes one step into the head of the trail. */
function extend(prefix: Prefix, node: Node, next: Trail): readonly Prefix[] | undefined {
  switch (node.kind) {
    case 'set':
      return choicesOf(node.set)?.map(({ text, both }) => ({
        text: prefix.text + text,
        ignoreCase: prefix.ignoreCase || both,
        trail: next,
      }))
    case 'assertion':
      return [{ ...prefix, trail: next }]
    case 'sequence':
      return [{ ...prefix, trail: trailOf(node.items, next) }]
    case 'choice':
      return node.items.map((item) => ({ ...prefix, trail: { node: item, next } }))
    case 'group':
      return [{ ...prefix, trail: { node: node.item, next } }]
    case 'repeat': {
      const again: Trail =
        node.max <= 1
          ? next
          : { node: { ...node, min: Math.max(0, node.min - 1), max: node.max - 1 }, next }
      const taken = { ...prefix, trail: { node: node.item, next: again } }
      return node.min === 0 ? [{ ...prefix, trail: next }, taken] : [taken]
    }
    default:
      return node satisfies never
  }
}

interface Choice {
  readonly text: string
  readonly both: boolean
}

const choices = new WeakMap<Charset, readonly Choice[] | undefined>()

/**
 * The characters of a set, unless they are too many. A letter whose other case is in the set too
 * makes a literal one that ignores case.
 */
function choicesOf(set: Charset): readonly Choice[] | undefined {
  if (choices.has(set)) return choices.get(set)
  const isSmall = sizeOf(set) <= MAX_CODES && sizeOf(intersection(set, nonAscii)) === 0
  const found = isSmall ? codesOf(set).flatMap((code) => choiceOf(code, set)) : undefined
  choices.set(set, found)
  return found
}

function choiceOf(code: number, set: Charset): readonly Choice[] {
  const text = String.fromCharCode(code)
  const other = text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase()
  const both = other !== text && contains(set, other.charCodeAt(0))
  return both && text !== text.toLowerCase() ? [] : [{ text, both }]
}

function trailOf(items: readonly Node[], next: Trail): Trail {
  return items.reduceRight<Trail>((trail, node) => ({ node, next: trail }), next)
}

/** Of all branches together, if each has some. */
function joined(
  branches: readonly (readonly Literal[] | undefined)[],
): readonly Literal[] | undefined {
  const known = branches.filter((branch) => branch !== undefined)
  return known.length < branches.length ? undefined : fewEnough(known.flat())
}

function rarest(
  options: readonly (readonly Literal[] | undefined)[],
): readonly Literal[] | undefined {
  const known = options.filter((option) => option !== undefined)
  return known.reduce<readonly Literal[] | undefined>(
    (best, option) => (best === undefined || costOf(option) < costOf(best) ? option : best),
    undefined,
  )
}

/** How often they are met in a text, roughly, and what it costs to look for each. */
function costOf(literals: readonly Literal[]): number {
  return literals.reduce(
    (sum, { text, ignoreCase }) => sum + (ignoreCase ? 4 : 6) ** -text.length,
    literals.length * 2e-5,
  )
}

function fewEnough(literals: readonly Literal[]): readonly Literal[] | undefined {
  const needed = literals.length > 2 * MOST ? literals : withoutLonger(literals)
  return needed.length > MOST ? undefined : needed
}

/** Without those that hold another one of them. */
function withoutLonger(literals: readonly Literal[]): readonly Literal[] {
  const lengths = new Set(literals.map(({ text }) => text.length))
  // Of one length they are all different.
  if (
    lengths.size === 1 &&
    new Set(literals.map(({ text }) => text.toLowerCase())).size === literals.length
  )
    return literals
  return literals.filter(
    (one, index) =>
      !literals.some(
        (other, at) =>
          at !== index &&
          other.text.length <= one.text.length &&
          containsLiteral(one, other) &&
          (at < index || one.text.length > other.text.length),
      ),
  )
}

/** Is `part` in every text that has `whole`? */
export function containsLiteral(whole: Literal, part: Literal): boolean {
  if (part.ignoreCase) return whole.text.toLowerCase().includes(part.text.toLowerCase())
  return !whole.ignoreCase && whole.text.includes(part.text)
}
