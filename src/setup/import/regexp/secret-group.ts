/** Determines which group of an expression is the secret. */
import { shortestMatch } from './bound.ts'
import { choice, empty, mapNodes, type Node, nodesOf, sequence } from './syntax.ts'

/** An expression whose secret is always the same group, or the whole match without a group. */
export interface SecretForm {
  readonly node: Node
  readonly group: number | undefined
}

/** Expressions with more forms are not translated. */
const MAX_FORMS = 12

/**
 * Splits an expression into forms, each with one secret group. For `token=(\w{9})|key=(\w{8})` there
 * are two, since the secret is the first group that matched some text. `secretGroup` is the setting
 * of gitleaks: a group's number, or 0 for the first. Returns undefined when the group cannot be
 * determined.
 */
export function formsOf(node: Node, secretGroup: number): readonly SecretForm[] | undefined {
  if (secretGroup > 0)
    return groupsOf(node).includes(secretGroup) ? [{ node, group: secretGroup }] : undefined
  const forms: SecretForm[] = []
  const pending = [node]
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const [first] = groupsOf(next)
    if (first === undefined || alwaysPasses(next, first, true))
      forms.push({ node: next, group: first })
    else if (!alwaysPasses(next, first, false)) pending.push(...split(next))
    // If the first group matches the empty text, the next group would be the secret.
    else if (groupsOf(next).length === 1) forms.push({ node: next, group: first })
    else return undefined
    if (forms.length + pending.length > MAX_FORMS) return undefined
  }
  return forms
}

/** Returns the numbers of all groups in the order of their opening parentheses. */
function groupsOf(node: Node): readonly number[] {
  return [...nodesOf(node)].flatMap((child) => (child.kind === 'group' ? [child.index] : []))
}

/** True when every match passes the group and, with `hasText`, matches some text in it. */
function alwaysPasses(node: Node, group: number, hasText: boolean): boolean {
  switch (node.kind) {
    case 'group':
      return node.index === group
        ? !hasText || shortestMatch(node.item) > 0
        : alwaysPasses(node.item, group, hasText)
    case 'sequence':
      return node.items.some((item) => alwaysPasses(item, group, hasText))
    case 'choice':
      return node.items.every((item) => alwaysPasses(item, group, hasText))
    case 'repeat':
      return node.min > 0 && alwaysPasses(node.item, group, hasText)
    case 'set':
    case 'assertion':
      return false
    default:
      return node satisfies never
  }
}

/**
 * Splits an expression at its first choice or repetition that contains a group. The results together
 * match the same texts.
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
    // A group outside of choices and repetitions is passed by every match, so nothing is split.
    case 'group':
    case 'set':
    case 'assertion':
      return [node]
    default:
      return node satisfies never
  }
}

/** Splits the last round of a repetition, the only one whose groups count. */
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

/** Returns the expression without capturing groups. */
export function withoutGroups(node: Node): Node {
  return mapNodes(node, (child) =>
    child.kind === 'group' ? child.item : child.kind === 'choice' ? choice(child.items) : child,
  )
}
