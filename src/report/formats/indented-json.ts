/** Serializes large objects as indented JSON. */
import { escapeJson } from '../terminal/escape.ts'

/**
 * Returns the same text as `JSON.stringify(value, null, 2)`, escaped and with a final line feed.
 * The text is built in pieces: a report of thousands of findings has megabytes, and escaping it
 * whole would need several copies. `pieceDepth` is the depth at which values are not split further,
 * such as findings in a list in the report.
 */
export function indentedJson(value: object, pieceDepth = 2): string {
  return [...piecesOf(value, 0, pieceDepth), '\n'].join('')
}

function* piecesOf(value: unknown, depth: number, pieceDepth: number): Generator<string> {
  const members = depth < pieceDepth ? membersOf(value) : []
  if (members.length === 0) {
    yield escapeJson(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${'  '.repeat(depth)}`)
    return
  }
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  let prefix = open
  for (const [key, member] of members) {
    const name = key === undefined ? '' : `${escapeJson(JSON.stringify(key))}: `
    yield `${prefix}\n${'  '.repeat(depth + 1)}${name}`
    yield* piecesOf(member, depth + 1, pieceDepth)
    prefix = ','
  }
  yield `\n${'  '.repeat(depth)}${close}`
}

/** The members that `JSON.stringify` would write for an array or object; empty for other values. */
function membersOf(
  value: unknown,
): readonly (readonly [key: string | undefined, member: unknown])[] {
  if (Array.isArray(value)) return value.map((member: unknown) => [undefined, member ?? null])
  return typeof value === 'object' && value !== null
    ? Object.entries(value).filter(([, member]) => member !== undefined)
    : []
}
