/** The syntax tree of a regular expression, and the error for one that cannot be translated. */
import type { Charset } from './charset.ts'

/**
 * An expression of another tool uses a construct that Oakum cannot express. The message names it as
 * the end of a sentence about the entry: `(?= looks around, which …`.
 */
export class Untranslatable extends Error {
  override readonly name = 'Untranslatable'
}

/**
 * A node of the syntax tree. Flags are resolved: into the sets (`(?i)a` is the set of `a` and `A`),
 * the assertion of `$`, and `lazy`.
 */
export type Node =
  | { readonly kind: 'set'; readonly set: Charset }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly items: readonly Node[] }
  /** A repetition; `max` is Infinity for `*`, `+` and `{n,}`. */
  | {
      readonly kind: 'repeat'
      readonly item: Node
      readonly min: number
      readonly max: number
      readonly lazy: boolean
    }
  /** A capturing group; numbers start at 1. */
  | { readonly kind: 'group'; readonly item: Node; readonly index: number; readonly name?: string }
  | { readonly kind: 'assertion'; readonly at: Assertion }

/** A condition on a position. `no-word-before` and `no-word-after` come from grep's -w. */
export type Assertion =
  | 'text-start'
  | 'text-end'
  | 'line-start'
  | 'line-end'
  | 'word-boundary'
  | 'no-word-boundary'
  | 'no-word-before'
  | 'no-word-after'

/** Matches the empty text. */
export const empty: Node = { kind: 'sequence', items: [] }

/** Returns a node that matches the items in order; a single item is returned unchanged. */
export function sequence(items: readonly Node[]): Node {
  const flat = items.flatMap((item) => (item.kind === 'sequence' ? item.items : [item]))
  const [first] = flat
  return flat.length === 1 && first !== undefined ? first : { kind: 'sequence', items: flat }
}

/** Returns a node that matches one of the items, earlier ones first. */
export function choice(items: readonly Node[]): Node {
  const [first] = items
  return items.length === 1 && first !== undefined ? first : { kind: 'choice', items }
}

/** Returns the tree with `change` applied to every node, children first. */
export function mapNodes(node: Node, change: (node: Node) => Node): Node {
  switch (node.kind) {
    case 'set':
    case 'assertion':
      return change(node)
    case 'sequence':
      return change(sequence(node.items.map((item) => mapNodes(item, change))))
    case 'choice':
      return change(choice(node.items.map((item) => mapNodes(item, change))))
    case 'repeat':
    case 'group':
      return change({ ...node, item: mapNodes(node.item, change) })
    default:
      return node satisfies never
  }
}

/** Yields the node and all its descendants. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node
  if (node.kind === 'sequence' || node.kind === 'choice')
    for (const item of node.items) yield* nodesOf(item)
  if (node.kind === 'repeat' || node.kind === 'group') yield* nodesOf(node.item)
}
