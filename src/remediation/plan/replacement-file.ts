/**
 * Builds `replacements.txt` for `git filter-repo --replace-text`. The file contains the secrets, so
 * it must be readable by its owner only.
 */
import { looksRandom } from '../../scan/entries/entry-value.ts'
import { ScanError } from '../../model/errors.ts'
import type { GitContext } from '../../git/commands/run.ts'
import type { Edits } from '../rewrite/edits.ts'
import { wholeObjects } from '../rewrite/objects.ts'
import { REMOVED_TEXT } from '../rewrite/replacement.ts'

export interface ReplacementFile {
  readonly text: string
  readonly lines: number
  /** Number of blobs with NUL bytes, in which git filter-repo replaces nothing. */
  readonly binary: number
  /** Number of values left out because they may be words: git filter-repo replaces them everywhere. */
  readonly plain: number
}

/** Number of bytes that git filter-repo searches for a NUL to detect a binary file. */
const BINARY_CHECK_BYTES = 8192

/** Minimum length of a value that looks random. */
const MIN_VALUE_LENGTH = 8

/** Values of this length are replaced even if they do not look random. */
const MIN_WORDLIKE_LENGTH = 20

/** First bytes of a Git LFS pointer; the scan read the file that it stands for instead. */
const LFS_POINTER_START = 'version https://'

/**
 * Returns a line for each distinct form of each secret as it occurs in the objects. The longest
 * come first, since one form may contain another.
 */
export async function replacementFile(
  place: GitContext,
  { blobs, messages }: Edits,
  signal: AbortSignal,
): Promise<ReplacementFile> {
  const spellings = new Set<string>()
  const plain = new Set<string>()
  let binary = 0
  const rangesById = new Map([...blobs, ...messages])
  for await (const { id, bytes } of wholeObjects(place, [...rangesById.keys()], signal)) {
    if (bytes.subarray(0, BINARY_CHECK_BYTES).includes(0)) {
      binary += 1
      continue
    }
    if (bytes.toString('latin1', 0, LFS_POINTER_START.length) === LFS_POINTER_START) continue
    for (const { start, end } of rangesById.get(id) ?? []) {
      const text = bytes.toString('latin1', start, end)
      if (isDistinctive(text)) spellings.add(text)
      else plain.add(text)
    }
  }
  if (signal.aborted) throw new ScanError('interrupted')
  const lines = [...spellings]
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map(replacementLine)
  return {
    text: lines.map((line) => `${line}\n`).join(''),
    lines: lines.length,
    binary,
    plain: plain.size,
  }
}

function isDistinctive(text: string): boolean {
  return (
    text.length >= MIN_VALUE_LENGTH && (looksRandom(text) || text.length >= MIN_WORDLIKE_LENGTH)
  )
}

/**
 * Formats a line as `literal:SECRET==>TEXT`, or where such a line cannot hold the secret as
 * `regex:…`, with all but letters and digits escaped.
 */
function replacementLine(spelling: string): string {
  if (/^[!-~](?:[ -~]*[!-~])?$/.test(spelling) && !spelling.includes('==>'))
    return `literal:${spelling}==>${REMOVED_TEXT}`
  const escaped = spelling.replaceAll(
    /[^A-Za-z0-9]/g,
    (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return `regex:${escaped}==>${REMOVED_TEXT}`
}
