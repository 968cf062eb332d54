import { charset, intersection, isWrittenOut, perlClasses, sizeOf, union } from './charset.ts'
import { mapNodes, type Node, nodesOf } from './syntax.ts'

/**
 * Most repetitions of what has no bound: of blanks, of what stays on its line, and of what does
 * not.
 */
export interface Bounds {
  readonly blanks: number
  readonly line: number
  readonly lines: number
}

const blanks = union(perlClasses['s'] ?? [], charset([0x0b, 0x0c]))
const lineFeed = charset([0x0a, 0x0b])

/** Has a repetition no upper bound? */
export function isUnbounded(node: Node): boolean {
  return [...nodesOf(node)].some((each) => each.kind === 'repeat' && each.max === Infinity)
}

/**
 * The same with a bound to every repetition: JavaScript backtracks, and a rule sees a window of a
 * file.
 */
export function boundRepetitions(node: Node, bounds: Bounds): Node {
  return mapNodes(node, (each) =>
    each.kind === 'repeat' && each.max === Infinity
      ? { ...each, max: each.min + boundOf(each.item, bounds) }
      : each,
  )
}

function boundOf(item: Node, bounds: Bounds): number {
  const sets = [...nodesOf(item)].flatMap((each) => (each.kind === 'set' ? [each.set] : []))
  const taken = union(...sets)
  if (sizeOf(intersection(taken, blanks)) === sizeOf(taken)) return bounds.blanks
  return sizeOf(intersection(taken, lineFeed)) > 0 ? bounds.lines : bounds.line
}

/** Most bytes that a match takes. */
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

/** Fewest bytes that a match takes. */
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
