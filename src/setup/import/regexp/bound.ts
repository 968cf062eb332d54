/** Adds bounds to repetitions, and computes the lengths of matches. */
import { charset, intersection, isWrittenOut, perlClasses, sizeOf, union } from './charset.ts'
import { mapNodes, type Node, nodesOf } from './syntax.ts'

/** Maximum counts for repetitions without an upper bound, by the characters that they repeat. */
export interface Bounds {
  /** White space only. */
  readonly blanks: number
  /** Characters other than a line feed. */
  readonly line: number
  /** Characters including the line feed. */
  readonly lines: number
}

const blanks = union(perlClasses['s'] ?? [], charset([0x0b, 0x0c]))
const lineFeed = charset([0x0a, 0x0b])

/** True when a repetition has no upper bound. */
export function isUnbounded(node: Node): boolean {
  return [...nodesOf(node)].some((child) => child.kind === 'repeat' && child.max === Infinity)
}

/**
 * Adds an upper bound to every repetition: JavaScript's engine backtracks, and a rule sees only a
 * window of a file.
 */
export function boundRepetitions(node: Node, bounds: Bounds): Node {
  return mapNodes(node, (child) =>
    child.kind === 'repeat' && child.max === Infinity
      ? { ...child, max: child.min + maxExtraCount(child.item, bounds) }
      : child,
  )
}

function maxExtraCount(item: Node, bounds: Bounds): number {
  const sets = [...nodesOf(item)].flatMap((child) => (child.kind === 'set' ? [child.set] : []))
  const characters = union(...sets)
  if (sizeOf(intersection(characters, blanks)) === sizeOf(characters)) return bounds.blanks
  return sizeOf(intersection(characters, lineFeed)) > 0 ? bounds.lines : bounds.line
}

/** Returns the length of the longest match, in bytes of UTF-8. */
export function longestMatch(node: Node): number {
  switch (node.kind) {
    case 'set':
      return isWrittenOut(node.set) ? 4 : 1
    case 'assertion':
      return 0
    case 'sequence':
      return node.items.reduce((sum, item) => sum + longestMatch(item), 0)
    case 'choice':
      return Math.max(...node.items.map(longestMatch))
    case 'repeat':
      return node.max * longestMatch(node.item)
    case 'group':
      return longestMatch(node.item)
    default:
      return node satisfies never
  }
}

/** Returns the length of the shortest match, in bytes. */
export function shortestMatch(node: Node): number {
  switch (node.kind) {
    case 'set':
      return 1
    case 'assertion':
      return 0
    case 'sequence':
      return node.items.reduce((sum, item) => sum + shortestMatch(item), 0)
    case 'choice':
      return Math.min(...node.items.map(shortestMatch))
    case 'repeat':
      return node.min * shortestMatch(node.item)
    case 'group':
      return shortestMatch(node.item)
    default:
      return node satisfies never
  }
}
