import { isUtf8 } from 'node:buffer'
import type { RepoPath } from '../../model/model.ts'

/** A name as git stores it: bytes, nearly always UTF-8. */
export function repoPath(bytes: Uint8Array): RepoPath {
  if (isUtf8(bytes)) return { text: Buffer.from(bytes).toString('utf8') }
  // Latin1 keeps each byte as one character; what is not ASCII is shown as \xNN.
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`)
  return { text, bytes: Uint8Array.from(bytes) }
}

/** The name's bytes, for the file system. */
export function pathBytes(path: RepoPath): Buffer {
  return path.bytes === undefined ? Buffer.from(path.text, 'utf8') : Buffer.from(path.bytes)
}

/** Equal for equal names only: the text of a name that is not UTF-8 could be another's. */
export function pathKey(path: RepoPath): string {
  return pathBytes(path).toString('latin1')
}

/** Fields of git's `-z` output: each ends with a NUL. */
export function* zFields(output: Buffer): Generator<Buffer> {
  for (let from = 0; from < output.length; ) {
    const at = output.indexOf(0, from)
    const to = at < 0 ? output.length : at
    yield output.subarray(from, to)
    from = to + 1
  }
}
