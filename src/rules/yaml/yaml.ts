/**
 * YAML → plain data and where each field of it stands. The home of the package yaml, loaded only
 * where there is a file to parse.
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
 * A parser that hostile text sends into a thicket is stopped. A thousand ordinary lines take a few
 * milliseconds.
 */
const maxParseMs = 5000

/**
 * Deeper than any file of ours. The parser's second half calls itself, and Node dies where it
 * compiles a regular expression at the end of its stack.
 */
const maxDepth = 40

/** Of what is wrong with one file, more is no help. */
const maxFlaws = 20

export interface Mark {
  readonly line: number
  readonly column: number
}

export interface Yaml {
  readonly value: unknown
  /** Where the field stands, or what is nearest to it: `allow.paths[0].glob`. */
  readonly markOf: (field: string) => Mark
}

export interface YamlFlaw extends Mark {
  /** What is wrong, in words. */
  readonly flaw: string
}

/**
 * Parses one document of YAML 1.2, without anchors, aliases and tags: nothing that is larger than
 * it looks, or of a type of its own.
 */
export function parseYaml(text: string): Yaml | { readonly flaws: readonly YamlFlaw[] } {
  const counter = new LineCounter()
  const markAt = (offset: number): Mark => {
    const { line, col } = counter.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  try {
    return withinTime(maxParseMs, () => {
      const deep = tooDeepAt(text)
      if (deep !== undefined)
        return { flaws: [{ ...lineAndColumn(text, deep), flaw: 'is nested too deeply' }] }
      const document = parseDocument(text, {
        lineCounter: counter,
        prettyErrors: false,
        stringKeys: true,
        uniqueKeys: false,
        version: '1.2',
      })
      const flaws = flawsOf(document)
        .slice(0, maxFlaws)
        .map(({ offset, flaw }) => ({ ...markAt(offset), flaw }))
      if (flaws.length > 0) return { flaws }
      const value: unknown = document.toJS({ maxAliasCount: 0 })
      return { value, markOf: (field) => markAt(offsetOf(document, field)) }
    })
  } catch (error) {
    if (error instanceof TimeLimitError)
      return { flaws: [{ line: 1, column: 1, flaw: 'takes too long to parse' }] }
    throw error
  }
}

/**
 * Where the text goes deeper than it may. The parser's first half, asked here, keeps a stack of its
 * own.
 */
function tooDeepAt(text: string): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = []
  for (const token of new Parser().parse(text)) open.push({ token, depth: 0 })
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next
    if (depth > maxDepth) return token.offset
    if (token.type === 'document' && token.value !== undefined)
      open.push({ token: token.value, depth })
    for (const { key, value } of 'items' in token ? token.items : []) {
      for (const inner of [key, value]) if (inner) open.push({ token: inner, depth: depth + 1 })
    }
  }
  return undefined
}

function lineAndColumn(text: string, offset: number): Mark {
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
          : `is no YAML: ${plain(message)}`,
    }),
  )
  if (flaws.length > 0) return flaws
  const refused: Flaw[] = []
  visit(document, (_, node) => {
    if (!isNode(node)) return
    const offset = node.range?.[0] ?? 0
    if (isAlias(node)) refused.push({ offset, flaw: 'has an alias (*name): write it out' })
    else if (node.anchor !== undefined)
      refused.push({ offset, flaw: 'has an anchor (&name): write out what it stands for' })
    else if (isMap(node)) refused.push(...repeatedKeys(node))
    if (node.tag !== undefined) refused.push({ offset, flaw: 'has a tag (!name): leave it out' })
  })
  return refused
}

/** The library looks for these too, in the square of their number. */
function repeatedKeys(map: YAMLMap): readonly Flaw[] {
  const seen = new Set<unknown>()
  return map.items.flatMap(({ key }) => {
    if (!isScalar(key)) return []
    const isRepeated = seen.has(key.value)
    seen.add(key.value)
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

/** The library's message in one line, beginning as a part of a sentence. */
function plain(message: string): string {
  const [first = ''] = message.split('\n')
  return (first.charAt(0).toLowerCase() + first.slice(1)).replace(/\.$/, '').slice(0, 200)
}

/**
 * Follows `rules.slack-webhook`, `allow.paths[0]` as far as it leads. A field of a mapping stands
 * where its name does.
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
