/**
 * Locates values in YAML, and in JSON, which is YAML, so that text can be inserted without changing
 * any other byte.
 */
import { isCollection, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import { TimeLimitError, withinTime } from '../time-limit.ts'

/** Time limit for parsing, as for other YAML files. */
const MAX_PARSE_MS = 5000

export interface ValueLocation {
  readonly kind: 'map' | 'seq' | 'scalar'
  /** True for a collection in brackets, on one line or several. */
  readonly flow: boolean
  /** Offset of the first character of the value. */
  readonly start: number
  /** Offset behind the last character of the value. */
  readonly end: number
  /** White space before the first entry on its line; undefined when other characters are there. */
  readonly indent: string | undefined
  /** Text of a scalar, otherwise undefined. */
  readonly text: string | undefined
  readonly isEmpty: boolean
}

/**
 * Returns the location of the value at a path of names, undefined where there is none, or a flaw
 * where the text cannot be parsed. The path `[]` is the whole document.
 */
export function locateValue(
  text: string,
  path: readonly string[],
): ValueLocation | undefined | { readonly flaw: string } {
  try {
    return withinTime(MAX_PARSE_MS, () => {
      const document = parseDocument(text, {
        prettyErrors: false,
        uniqueKeys: false,
        logLevel: 'silent',
      })
      const [error] = document.errors
      if (error !== undefined)
        return {
          flaw: `${lineOf(text, error.pos[0])}: it is not valid: ${error.message.split('\n')[0] ?? ''}`,
        }
      const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true)
      return isMap(node) || isSeq(node) || isScalar(node) ? locationOf(node, text) : undefined
    })
  } catch (error) {
    if (error instanceof TimeLimitError) return { flaw: '1: it takes too long to read' }
    throw error
  }
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Returns the text with lines added behind the last entry of a collection without brackets. */
export function insertAtEnd(
  text: string,
  { end }: Pick<ValueLocation, 'end'>,
  lines: readonly string[],
): string {
  const feed = /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n'
  const lineEnd = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1
  const block = lines.join(feed)
  return lineEnd === 0
    ? `${text}${feed}${block}`
    : `${text.slice(0, lineEnd)}${block}${feed}${text.slice(lineEnd)}`
}

function locationOf(node: Node, text: string): ValueLocation {
  const [start = 0, end = 0] = node.range ?? []
  const first = isMap(node) ? node.items[0]?.key : isSeq(node) ? node.items[0] : undefined
  return {
    kind: isMap(node) ? 'map' : isSeq(node) ? 'seq' : 'scalar',
    flow: isCollection(node) && node.flow === true,
    start,
    end,
    indent: hasRange(first)
      ? indentBefore(text, first.range[0], isSeq(node) ? '- ' : '')
      : undefined,
    text: isScalar(node) && typeof node.value === 'string' ? node.value : undefined,
    isEmpty: isCollection(node) ? node.items.length === 0 : isScalar(node) && node.value === null,
  }
}

function hasRange(value: unknown): value is { readonly range: readonly [number, number, number] } {
  return (
    typeof value === 'object' && value !== null && 'range' in value && Array.isArray(value.range)
  )
}

/**
 * Returns the white space from the start of the line to an entry, without the `- ` of a list's
 * item.
 */
function indentBefore(text: string, offset: number, dash: string): string | undefined {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  const spaces = dash === '' ? before : before.replace(/- +$/, '')
  return /^[ \t]*$/.test(spaces) ? spaces : undefined
}
