/**
 * Where values stand in YAML, and in JSON, which is YAML: for additions that leave every other byte
 * as it is.
 */
import { isCollection, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import { TimeLimitError, withinTime } from '../time-limit.ts'

/** As long as for other files of ours. */
const maxParseMs = 5000

export interface Place {
  readonly kind: 'map' | 'seq' | 'scalar'
  /** Written with brackets, on one line or several. */
  readonly flow: boolean
  /** Bytes of the value are from here… */
  readonly start: number
  /** …to before here. */
  readonly end: number
  /** What stands before the first entry in its line, if it is all of spaces. */
  readonly indent: string | undefined
  /** A scalar's text, otherwise undefined. */
  readonly text: string | undefined
  readonly isEmpty: boolean
}

/**
 * The value at a path of names: `undefined` where there is none; a flaw where the text cannot be
 * read. The path `[]` is all of it.
 */
export function placeIn(
  text: string,
  path: readonly string[],
): Place | undefined | { readonly flaw: string } {
  try {
    return withinTime(maxParseMs, () => {
      const document = parseDocument(text, {
        prettyErrors: false,
        uniqueKeys: false,
        logLevel: 'silent',
      })
      const [error] = document.errors
      if (error !== undefined)
        return {
          flaw: `${text.slice(0, error.pos[0]).split('\n').length}: it is not valid: ${error.message.split('\n')[0] ?? ''}`,
        }
      const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true)
      return isMap(node) || isSeq(node) || isScalar(node) ? placeOf(node, text) : undefined
    })
  } catch (error) {
    if (error instanceof TimeLimitError) return { flaw: '1: it takes too long to read' }
    throw error
  }
}

/** The text with lines behind the last entry of a place that is written without brackets. */
export function insertAtEnd(
  text: string,
  { end }: Pick<Place, 'end'>,
  lines: readonly string[],
): string {
  const feed = /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n'
  const lineEnd = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1
  const block = lines.join(feed)
  return lineEnd === 0
    ? `${text}${feed}${block}`
    : `${text.slice(0, lineEnd)}${block}${feed}${text.slice(lineEnd)}`
}

function placeOf(node: Node, text: string): Place {
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

/** Spaces from the line's start to an entry, without the `- ` that an item of a list has. */
function indentBefore(text: string, offset: number, dash: string): string | undefined {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  const spaces = dash === '' ? before : before.replace(/- +$/, '')
  return /^[ \t]*$/.test(spaces) ? spaces : undefined
}
