/**
 * Writes data as YAML and adds items to YAML files that people wrote. Loaded only where a file is
 * written.
 */
import { Document, isMap, isSeq, type Node, parseDocument, type ToStringOptions } from 'yaml'
import { parseYaml } from './yaml.ts'

/** One line per text, however long; single quotes, in which a backslash needs no escape. */
const style = { lineWidth: 0, singleQuote: true } as const satisfies ToStringOptions

/** Items to add to the list at a path of names: `{ path: ['allow', 'paths'], items: […] }`. */
export interface Addition {
  readonly path: readonly string[]
  readonly items: readonly unknown[]
}

export function writeYaml(value: unknown): string {
  return new Document(value, { aliasDuplicateObjects: false }).toString(style)
}

/**
 * Returns the text with the items added behind those of its lists. Comments and order stay, and
 * items that are there already are not added again. Returns a flaw where the text is not YAML, or a
 * value is not a list.
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

/** Creates a node without aliases for repeated values, which Oakum's parser does not accept. */
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
    const existing = document.getIn(name, true)
    if (existing === undefined || existing === null) document.setIn(name, nodeOf(document, {}))
    else if (!isMap(existing)) return `${name.join('.')} is no mapping`
  }
  const list = document.getIn(path, true)
  if (list === undefined || list === null) {
    document.setIn(path, nodeOf(document, items))
    return undefined
  }
  if (!isSeq(list)) return `${path.join('.')} is no list`
  const existingItems = new Set(
    list.items.map((item) => JSON.stringify(nodeOf(document, item).toJSON())),
  )
  for (const item of items)
    if (!existingItems.has(JSON.stringify(item))) list.add(nodeOf(document, item))
  return undefined
}
