import type { Charset } from './charset.ts'

/**
 * A regular expression taken apart. Flags are gone: they are in the sets (`(?i)a` is the set of `a`
 * and `A`), in which assertion `$` became, and in `lazy`.
 */
export type Node =
  | { readonly kind: 'set'; readonly set: Charset }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly items: readonly Node[] }
  /** `max` is Infinity for `*`, `+` and `{n,}`. */
  | {
      readonly kind: 'repeat'
      readonly item: Node
      readonly min: number
      readonly max: number
      readonly lazy: boolean
    }
  /** A capture; groups count from 1. */
  | { readonly kind: 'group'; readonly item: Node; readonly index: number; readonly name?: string }
  | { readonly kind: 'assertion'; readonly at: Assertion }

/** Where an expression may match without taking a character. The last two are grep's -w. */
export type Assertion =
  | 'text-start'
  | 'text-end'
  | 'line-start'
  | 'line-end'
  | 'word-boundary'
  | 'no-word-boundary'
  | 'no-word-before'
  | 'no-word-after'

/** Matches nothing, anywhere. */
export const empty: Node = { kind: 'sequence', items: [] }

/** The items one after the other; one alone stands for itself. */
export function sequence(items: readonly Node[]): Node {
  const flat = items.flatMap((item) => (item.kind === 'sequence' ? item.items : [item]))
  const [first] = flat
  return flat.length === 1 && first !== undefined ? first : { kind: 'sequence', items: flat }
}

/** One of the items, the first that matches before the others. */
export function choice(items: readonly Node[]): Node {
  const [first] = items
  return items.length === 1 && first !== undefined ? first : { kind: 'choice', items }
}

/** The same with `change` applied to every node, children first. */
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

/** The node and all within it. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node
  if (node.kind === 'sequence' || node.kind === 'choice')
    for (const item of node.items) yield* nodesOf(item)
  if (node.kind === 'repeat' || node.kind === 'group') yield* nodesOf(node.item)
}
