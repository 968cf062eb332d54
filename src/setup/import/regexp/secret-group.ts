import { shortestMatch } from './bound.ts'
import { choice, empty, mapNodes, type Node, nodesOf, sequence } from './syntax.ts'

/** An expression, and the group of it that is the secret; without one it is the whole match. */
export interface SecretForm {
  readonly node: Node
  readonly group: number | undefined
}

/** More forms than this are no rule any more. */
const MAX_FORMS = 12

/**
 * The forms in which the secret is the same group: for `token=(\w{9})|key=(\w{8})` there are two,
 * since the secret is the first group that took something. `wanted` is gitleaks' secretGroup; 0 for
 * the first. Undefined where that cannot be told.
 */
export function formsOf(node: Node, wanted: number): readonly SecretForm[] | undefined {
  if (wanted > 0) return groupsOf(node).includes(wanted) ? [{ node, group: wanted }] : undefined
  const forms: SecretForm[] = []
  const open = [node]
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const [first] = groupsOf(next)
    if (first === undefined || isPassed(next, first, true)) forms.push({ node: next, group: first })
    else if (!isPassed(next, first, false)) open.push(...split(next))
    // A group that may be empty gives way to the next one when it is.
    else if (groupsOf(next).length === 1) forms.push({ node: next, group: first })
    else return undefined
    if (forms.length + open.length > MAX_FORMS) return undefined
  }
  return forms
}

/** Numbers of the groups in the order in which they open. */
function groupsOf(node: Node): readonly number[] {
  return [...nodesOf(node)].flatMap((each) => (each.kind === 'group' ? [each.index] : []))
}

/** Does every match go through the group, and, where that is asked, take something there? */
function isPassed(node: Node, group: number, takes: boolean): boolean {
  switch (node.kind) {
    case 'group':
      return node.index === group
        ? !takes || shortestMatch(node.item) > 0
        : isPassed(node.item, group, takes)
    case 'sequence':
      return node.items.some((item) => isPassed(item, group, takes))
    case 'choice':
      return node.items.every((item) => isPassed(item, group, takes))
    case 'repeat':
      return node.min > 0 && isPassed(node.item, group, takes)
    case 'set':
    case 'assertion':
      return false
    default:
      return node satisfies never
  }
}

/**
 * The same language in two or more expressions: the first choice or repetition with a group in it,
 * decided.
 */
function split(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'choice':
      return node.items
    case 'sequence': {
      const at = node.items.findIndex((item) => groupsOf(item).length > 0)
      const item = node.items[at] ?? empty
      return split(item).map((part) =>
        sequence([...node.items.slice(0, at), part, ...node.items.slice(at + 1)]),
      )
    }
    case 'repeat':
      return node.min === 0
        ? [node.max === 1 ? node.item : { ...node, min: 1 }, empty]
        : splitRepeat(node)
    // Every match goes through a group that is not within a choice or a repetition.
    case 'group':
    case 'set':
    case 'assertion':
      return [node]
    default:
      return node satisfies never
  }
}

/** Of several rounds only the last one's groups count, so the choice is made there. */
function splitRepeat(node: Extract<Node, { kind: 'repeat' }>): readonly Node[] {
  if (node.max === 1) return split(node.item)
  const before: Node = {
    ...node,
    item: withoutGroups(node.item),
    min: Math.max(0, node.min - 1),
    max: node.max - 1,
  }
  return split(node.item).map((last) => sequence([before, last]))
}

/** The same expression that captures nothing. */
export function withoutGroups(node: Node): Node {
  return mapNodes(node, (each) =>
    each.kind === 'group' ? each.item : each.kind === 'choice' ? choice(each.items) : each,
  )
}
