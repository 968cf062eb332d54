/** Data → YAML, and additions to a file that people wrote. Loaded only where a file is written. */
import { Document, isMap, isSeq, type Node, parseDocument, type ToStringOptions } from 'yaml'
import { parseYaml } from './yaml.ts'

/** One line a text, however long; quoted so that a backslash is one. */
const style = { lineWidth: 0, singleQuote: true } as const satisfies ToStringOptions

/** Items for the list at a path of names: `{ path: ['allow', 'paths'], items: […] }`. */
export interface Addition {
  readonly path: readonly string[]
  readonly items: readonly unknown[]
}

export function writeYaml(value: unknown): string {
  return new Document(value, { aliasDuplicateObjects: false }).toString(style)
}

/**
 * The text with the items behind those that its lists have, its remarks and its order kept; items
 * that are there already are not added again. Gives the flaw instead where the text is no YAML, or
 * has something else where a list should be.
 */
export function addToYaml(
  text: string,
  additions: readonly Addition[],
): { readonly text: string } | { readonly flaw: string } {
  const checked = parseYaml(text)
  if ('flaws' in checked) {
    const [{ line, column, flaw } = { line: 1, column: 1, flaw: 'is no YAML' }] = checked.flaws
    return { flaw: `${line}:${column}: it ${flaw}` }
  }
  const document = parseDocument(text, { version: '1.2', stringKeys: true })
  if (!isMap(document.contents)) return { flaw: '1:1: it is no mapping' }
  for (const { path, items } of additions) {
    const flaw = addItems(document, path, items)
    if (flaw !== undefined) return { flaw: `1:1: ${flaw}` }
  }
  return { text: document.toString(style) }
}

/** Written out each time: Oakum takes no alias for what stands there twice. */
function nodeOf(document: Document, value: unknown): Node {
  return document.createNode(value, { aliasDuplicateObjects: false })
}

function addItems(
  document: Document,
  path: readonly string[],
  items: readonly unknown[],
): string | undefined {
  if (items.length === 0) return undefined
  for (let length = 1; length < path.length; length += 1) {
    const name = path.slice(0, length)
    const there = document.getIn(name, true)
    if (there === undefined || there === null) document.setIn(name, nodeOf(document, {}))
    else if (!isMap(there)) return `${name.join('.')} is no mapping`
  }
  const list = document.getIn(path, true)
  if (list === undefined || list === null) {
    document.setIn(path, nodeOf(document, items))
    return undefined
  }
  if (!isSeq(list)) return `${path.join('.')} is no list`
  const known = new Set(list.items.map((item) => JSON.stringify(nodeOf(document, item).toJSON())))
  for (const item of items) if (!known.has(JSON.stringify(item))) list.add(nodeOf(document, item))
  return undefined
}
