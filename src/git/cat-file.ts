import type { ObjectKind } from '../model.ts'
import { ByteReader } from './byte-reader.ts'
import type { GitObject } from './objects.ts'
import { WINDOW_BYTES, windowsWithin } from './windows.ts'

const MAX_HEADER_BYTES = 4096

/** Trees and messages come whole up to this size, because their structure is read too. */
const MAX_WHOLE_BYTES = 64 << 20

/** `missing`: git knows the name but has no such object. */
export interface MissingObject {
  readonly id: string
  readonly missing: true
}

/**
 * Parses the output of `git cat-file --batch`:
 * ```
 * 3b18e512dba79e4c8300dd08aeb37f8e728b8dad blob 12\nhello world\n\n
 * 4b825dc642cb6eb9a060e54bf8d69288fbee4904 missing\n
 * ```
 * Ends early, without a word, where the output does; the caller counts what it asked for. Throws MalformedOutput for
 * anything else.
 */
export async function* parseBatch(output: AsyncIterable<Uint8Array>): AsyncGenerator<GitObject | MissingObject> {
  const reader = new ByteReader(output)
  for (;;) {
    const line = reader.line() ?? (await reader.nextLine(MAX_HEADER_BYTES))
    if (line === undefined) return
    const header = parseHeader(line)
    if (header === undefined) throw new MalformedOutput('git cat-file gave a line that is no header')
    if ('missing' in header) {
      yield header
      continue
    }
    const whole = header.size <= (header.kind === 'blob' ? WINDOW_BYTES : MAX_WHOLE_BYTES)
    if (whole) {
      if (!reader.has(header.size + 1) && !(await reader.fill(header.size + 1))) return
      yield { ...header, start: 0, bytes: reader.peek(header.size), last: true }
      reader.take(header.size + 1)
      continue
    }
    const windows = windowsWithin(reader, header.size)
    let step = await windows.next()
    for (; !step.done; step = await windows.next()) yield { ...header, ...step.value }
    if (!step.value || !(await reader.fill(1))) return
    reader.take(1)
  }
}

/** What came is not what git cat-file prints. */
export class MalformedOutput extends Error {
  override readonly name = 'MalformedOutput'
}

/** `<id> <type> <size>` or `<id> missing`; undefined for anything else. */
function parseHeader(line: Buffer): { id: string; kind: ObjectKind; size: number } | MissingObject | undefined {
  const [id, kind, size] = line.toString('latin1').split(' ')
  if (id === undefined) return undefined
  if (kind === 'missing') return { id, missing: true }
  if (kind !== 'blob' && kind !== 'tree' && kind !== 'commit' && kind !== 'tag') return undefined
  return size !== undefined && /^\d+$/.test(size) ? { id, kind, size: Number(size) } : undefined
}
