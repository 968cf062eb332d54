/**
 * The file of replacements that `git filter-repo` reads. It holds the secrets: for a place that
 * only its owner can read.
 */
import { looksRandom } from '../../scan/env-files/entry-value.ts'
import { ScanError } from '../../model/errors.ts'
import type { GitContext } from '../../git/commands/run.ts'
import type { Edits } from '../rewrite/edits.ts'
import { wholeObjects } from '../rewrite/objects.ts'
import { removed } from '../rewrite/replacement.ts'

/** Its lines, and what it cannot do. */
export interface ReplacementFile {
  readonly text: string
  readonly lines: number
  /** Files with zeros in them, which git filter-repo does not look into. */
  readonly binary: number
  /** Values that may be words: it would replace them everywhere. */
  readonly plain: number
}

/** How `git filter-repo` tells a binary file. */
const BINARY_BYTES = 8192

/**
 * Every spelling of every secret, as it stands in the objects, each once; the longest first, since
 * one may hold another.
 */
export async function replacementFile(
  place: GitContext,
  { blobs, messages }: Edits,
  signal: AbortSignal,
): Promise<ReplacementFile> {
  const spellings = new Set<string>()
  const plain = new Set<string>()
  let binary = 0
  const stretches = new Map([...blobs, ...messages])
  for await (const { id, bytes } of wholeObjects(place, [...stretches.keys()], signal)) {
    if (bytes.subarray(0, BINARY_BYTES).includes(0)) {
      binary += 1
      continue
    }
    // What stands for a file of Git LFS is not what was scanned.
    if (bytes.toString('latin1', 0, 16) === 'version https://') continue
    for (const { start, end } of stretches.get(id) ?? []) {
      const text = bytes.toString('latin1', start, end)
      if (text.length >= 8 && (looksRandom(text) || text.length >= 20)) spellings.add(text)
      else plain.add(text)
    }
  }
  if (signal.aborted) throw new ScanError('interrupted')
  const lines = [...spellings]
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map(lineOf)
  return {
    text: lines.map((line) => `${line}\n`).join(''),
    lines: lines.length,
    binary,
    plain: plain.size,
  }
}

/**
 * A literal, or where such a line cannot hold it, an expression in which nothing but letters and
 * digits stands for itself.
 */
function lineOf(spelling: string): string {
  if (/^[!-~](?:[ -~]*[!-~])?$/.test(spelling) && !spelling.includes('==>'))
    return `literal:${spelling}==>${removed}`
  return `regex:${spelling.replaceAll(/[^A-Za-z0-9]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)}==>${removed}`
}
