/**
 * Texts that an expression matches, made from what it was taken apart into: a check of the way from
 * there to JavaScript.
 */
import { codesOf, contains, intersection, sizeOf } from '../../src/setup/import/regexp/charset.ts'
import type { Assertion, Node } from '../../src/setup/import/regexp/syntax.ts'

interface Draft {
  text: string
  /** Where an assertion has to hold. */
  readonly asserted: { readonly at: number; readonly what: Assertion }[]
}

/**
 * Up to `count` different texts between `before` and `after`, all of which the expression matches.
 * Some are long, most are short.
 */
export function samplesOf(
  node: Node,
  {
    count,
    random,
    before = '\n',
    after = '\n',
  }: {
    readonly count: number
    readonly random: () => number
    readonly before?: string
    readonly after?: string
  },
): readonly string[] {
  const samples = new Set<string>()
  for (let tries = 0; samples.size < count && tries < 40 * count; tries += 1) {
    const draft: Draft = { text: before, asserted: [] }
    append(node, draft, { random, more: tries % 5 === 4 ? 40 : 3 })
    draft.text += after
    if (draft.asserted.every(({ at, what }) => holds(what, draft.text, at))) samples.add(draft.text)
  }
  return [...samples]
}

interface Choice {
  readonly random: () => number
  /** Repetitions beyond the least. */
  readonly more: number
}

function append(node: Node, draft: Draft, choice: Choice): void {
  const upTo = (most: number): number => Math.floor(choice.random() * (most + 1))
  switch (node.kind) {
    case 'set': {
      const shown = intersection(node.set, [[0x21, 0x7f]])
      const codes = codesOf(sizeOf(shown) > 0 ? shown : intersection(node.set, [[0, 0x100]]))
      const picked = codes[upTo(codes.length - 1)]
      draft.text += picked === undefined ? '' : String.fromCodePoint(picked)
      break
    }
    case 'sequence':
      for (const item of node.items) append(item, draft, choice)
      break
    case 'choice': {
      const item = node.items[upTo(node.items.length - 1)]
      if (item !== undefined) append(item, draft, choice)
      break
    }
    case 'repeat':
      for (
        let left = node.min + upTo(Math.min(node.max - node.min, choice.more));
        left > 0;
        left -= 1
      )
        append(node.item, draft, choice)
      break
    case 'group':
      append(node.item, draft, choice)
      break
    case 'assertion':
      draft.asserted.push({ at: draft.text.length, what: node.at })
      break
    default:
      node satisfies never
  }
}

const word = [
  [0x30, 0x3a],
  [0x41, 0x5b],
  [0x5f, 0x60],
  [0x61, 0x7b],
] as const

function holds(what: Assertion, text: string, at: number): boolean {
  const isWord = (index: number): boolean =>
    contains(word, text.codePointAt(index) ?? 0) && index >= 0
  switch (what) {
    case 'text-start':
    case 'line-start':
      return at === 0 || text[at - 1] === '\n'
    case 'text-end':
    case 'line-end':
      return at === text.length || text[at] === '\n'
    case 'word-boundary':
      return isWord(at - 1) !== isWord(at)
    case 'no-word-boundary':
      return isWord(at - 1) === isWord(at)
    case 'no-word-before':
      return !isWord(at - 1)
    case 'no-word-after':
      return !isWord(at)
    default:
      return what satisfies never
  }
}
