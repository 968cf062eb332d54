/** Paths as git stores them: bytes, nearly always UTF-8. */
import { isUtf8 } from 'node:buffer'
import type { RepoPath } from '../../model/model.ts'

/** Decodes a path. One that is not UTF-8 keeps its bytes beside a readable text. */
export function repoPath(bytes: Uint8Array): RepoPath {
  if (isUtf8(bytes)) return { text: Buffer.from(bytes).toString('utf8') }
  // Latin-1 makes each byte one character; bytes outside ASCII are shown as \xNN.
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`)
  return { text, bytes: Uint8Array.from(bytes) }
}

/** Encodes a path as bytes, for the file system. */
export function pathBytes(path: RepoPath): Buffer {
  return path.bytes === undefined ? Buffer.from(path.text, 'utf8') : Buffer.from(path.bytes)
}

/** Returns a key that is equal for equal paths only; two different paths may have equal texts. */
export function pathKey(path: RepoPath): string {
  return pathBytes(path).toString('latin1')
}

/** Yields the fields of git's `-z` output, each of which ends with a NUL. */
export function* zFields(output: Buffer): Generator<Buffer> {
  for (let from = 0; from < output.length; ) {
    const nul = output.indexOf(0, from)
    const to = nul < 0 ? output.length : nul
    yield output.subarray(from, to)
    from = to + 1
  }
}
