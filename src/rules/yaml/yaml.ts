/**
 * Parses YAML into plain data with the position of each field. The main user of the package yaml,
 * loaded only where there is a file to parse.
 */
import {
  type CST,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  Parser,
  visit,
  type YAMLMap,
} from 'yaml'
import { TimeLimitError, withinTime } from '../time-limit.ts'

/**
 * Time limit for parsing, because hostile text can keep the parser busy. A thousand ordinary lines
 * take a few milliseconds.
 */
const MAX_PARSE_MS = 5000

/**
 * Limit of nesting, deeper than any real file. The second half of the parser is recursive, and Node
 * crashes where it compiles a regular expression at the end of the stack.
 */
const MAX_DEPTH = 40

/** Limit of flaws reported for one file. */
const MAX_FLAWS = 20

export interface TextPosition {
  readonly line: number
  readonly column: number
}

export interface Yaml {
  readonly value: unknown
  /**
   * Returns the position of a field, or of the nearest parent that exists: `allow.paths[0].glob`.
   */
  readonly positionOf: (field: string) => TextPosition
}

export interface YamlFlaw extends TextPosition {
  /** The flaw in words. */
  readonly flaw: string
}

/**
 * Parses one document of YAML 1.2 without anchors, aliases and tags, so that no value is larger
 * than its text or of an unexpected type.
 */
export function parseYaml(text: string): Yaml | { readonly flaws: readonly YamlFlaw[] } {
  const counter = new LineCounter()
  const positionAt = (offset: number): TextPosition => {
    const { line, col } = counter.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  try {
    return withinTime(MAX_PARSE_MS, () => {
      const deepOffset = tooDeepOffset(text)
      if (deepOffset !== undefined)
        return { flaws: [{ ...lineAndColumn(text, deepOffset), flaw: 'is nested too deeply' }] }
      const document = parseDocument(text, {
        lineCounter: counter,
        prettyErrors: false,
        stringKeys: true,
        uniqueKeys: false,
        version: '1.2',
      })
      const flaws = flawsOf(document)
        .slice(0, MAX_FLAWS)
        .map(({ offset, flaw }) => ({ ...positionAt(offset), flaw }))
      if (flaws.length > 0) return { flaws }
      const value: unknown = document.toJS({ maxAliasCount: 0 })
      return { value, positionOf: (field) => positionAt(offsetOf(document, field)) }
    })
  } catch (error) {
    if (error instanceof TimeLimitError)
      return { flaws: [{ line: 1, column: 1, flaw: 'takes too long to parse' }] }
    throw error
  }
}

/**
 * Returns the offset at which the text is nested too deeply. The first half of the parser, which is
 * used here, is not recursive.
 */
function tooDeepOffset(text: string): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = []
  for (const token of new Parser().parse(text)) open.push({ token, depth: 0 })
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next
    if (depth > MAX_DEPTH) return token.offset
    if (token.type === 'document' && token.value !== undefined)
      open.push({ token: token.value, depth })
    for (const { key, value } of 'items' in token ? token.items : []) {
      for (const inner of [key, value]) if (inner) open.push({ token: inner, depth: depth + 1 })
    }
  }
  return undefined
}

function lineAndColumn(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

interface Flaw {
  readonly offset: number
  readonly flaw: string
}

function flawsOf(document: Document): readonly Flaw[] {
  const flaws = [...document.errors, ...document.warnings].map(
    ({ code, message, pos }): Flaw => ({
      offset: pos[0],
      flaw:
        code === 'MULTIPLE_DOCS'
          ? 'has more than one document (---)'
          : `is no YAML: ${plainMessage(message)}`,
    }),
  )
  if (flaws.length > 0) return flaws
  const unsupported: Flaw[] = []
  visit(document, (_, node) => {
    if (!isNode(node)) return
    const offset = node.range?.[0] ?? 0
    if (isAlias(node)) unsupported.push({ offset, flaw: 'has an alias (*name): write it out' })
    else if (node.anchor !== undefined)
      unsupported.push({ offset, flaw: 'has an anchor (&name): write out what it stands for' })
    else if (isMap(node)) unsupported.push(...repeatedKeys(node))
    if (node.tag !== undefined)
      unsupported.push({ offset, flaw: 'has a tag (!name): leave it out' })
  })
  return unsupported
}

/** Finds repeated keys in linear time. The package looks for them too, in quadratic time. */
function repeatedKeys(map: YAMLMap): readonly Flaw[] {
  const keys = new Set<unknown>()
  return map.items.flatMap(({ key }) => {
    if (!isScalar(key)) return []
    const isRepeated = keys.has(key.value)
    keys.add(key.value)
    return isRepeated
      ? [
          {
            offset: key.range?.[0] ?? 0,
            flaw: `has the key ${String(key.value).slice(0, 100)} twice`,
          },
        ]
      : []
  })
}

/** Returns the first line of the package's message in a form that continues a sentence. */
function plainMessage(message: string): string {
  const [first = ''] = message.split('\n')
  return (first.charAt(0).toLowerCase() + first.slice(1)).replace(/\.$/, '').slice(0, 200)
}

/**
 * Returns the offset of a field: follows `rules.slack-webhook` or `allow.paths[0]` as far as it
 * exists. The offset of a mapping's field is that of its name.
 */
function offsetOf(document: Document, field: string): number {
  let node: unknown = document.contents
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
  for (const step of field.match(/[^.[\]]+/g) ?? []) {
    if (!isCollection(node)) break
    const [name, inner] = entryOf(node, step)
    if (name === undefined) break
    offset = name.range?.[0] ?? offset
    node = inner
  }
  return offset
}

function entryOf(node: Node, step: string): readonly [name: Node | undefined, inner: unknown] {
  if (isSeq(node)) {
    const item = node.items[Number(step)]
    return [isNode(item) ? item : undefined, item]
  }
  const pair = isMap(node)
    ? node.items.find(({ key }) => isScalar(key) && key.value === step)
    : undefined
  return [isNode(pair?.key) ? pair.key : undefined, pair?.value]
}
