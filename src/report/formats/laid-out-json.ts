import { escapeJson } from '../terminal/escape.ts'

/**
 * What `JSON.stringify` with an indent of two gives, escaped, and a line feed. Made in pieces: of
 * thousands of findings the text has megabytes, of which there would be several copies. What lies
 * `deep` down, as findings do, is one piece.
 */
export function laidOutJson(value: object, deep = 2): string {
  return [...piecesOf(value, 0, deep), '\n'].join('')
}

function* piecesOf(value: unknown, depth: number, deep: number): Generator<string> {
  const members = depth < deep ? membersOf(value) : []
  if (members.length === 0) {
    yield escapeJson(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${'  '.repeat(depth)}`)
    return
  }
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  let before = open
  for (const [key, member] of members) {
    yield `${before}\n${'  '.repeat(depth + 1)}${key === undefined ? '' : `${escapeJson(JSON.stringify(key))}: `}`
    yield* piecesOf(member, depth + 1, deep)
    before = ','
  }
  yield `\n${'  '.repeat(depth)}${close}`
}

/** What an array has, or an object that is not left out; nothing for all else. */
function membersOf(
  value: unknown,
): readonly (readonly [key: string | undefined, member: unknown])[] {
  if (Array.isArray(value)) return value.map((member: unknown) => [undefined, member ?? null])
  return typeof value === 'object' && value !== null
    ? Object.entries(value).filter(([, member]) => member !== undefined)
    : []
}
