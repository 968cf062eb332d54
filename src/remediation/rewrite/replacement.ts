/** Replaces the bytes of secrets in blobs and messages. */

/** Text in place of a secret; the same as `git filter-repo --replace-text` writes. */
export const REMOVED_TEXT = '***REMOVED***'

/** Text in place of a secret in a file name; valid on every file system. */
export const REMOVED_NAME = 'REMOVED'

/** Half-open range of bytes of an object that holds a secret. */
export interface SecretRange {
  readonly start: number
  readonly end: number
  /** True when the bytes are an encoded form of the secret, such as base64. */
  readonly encoded: boolean
}

/** Sorts ranges, and merges those that touch or overlap. */
export function mergeRanges(ranges: readonly SecretRange[]): readonly SecretRange[] {
  const sorted = ranges.toSorted((a, b) => a.start - b.start || a.end - b.end)
  const result: SecretRange[] = []
  for (const { start, end, encoded } of sorted) {
    const last = result.at(-1)
    if (last !== undefined && start <= last.end)
      result[result.length - 1] = {
        start: last.start,
        end: Math.max(last.end, end),
        encoded: encoded || last.encoded,
      }
    else result.push({ start, end, encoded })
  }
  return result
}

/**
 * Returns the blob with the secrets in `ranges` replaced. Throws a RangeError for a range that is
 * empty or outside of the blob.
 */
export function replaceRanges(bytes: Buffer, ranges: readonly SecretRange[]): Buffer {
  const isBinary = bytes.includes(0)
  const pieces: Buffer[] = []
  let from = 0
  for (const { start, end, encoded } of mergeRanges(ranges)) {
    if (start < 0 || end > bytes.length || end <= start)
      throw new RangeError('a secret is outside of its blob')
    pieces.push(
      bytes.subarray(from, start),
      replacementOf(bytes.subarray(start, end), { isBinary, encoded }),
    )
    from = end
  }
  return Buffer.concat([...pieces, bytes.subarray(from)])
}

/**
 * Returns the replacement of a secret. UTF-16 stays UTF-16, base64 stays decodable, and a binary
 * file keeps its length so that its offsets stay valid; text gets `***REMOVED***`.
 */
export function replacementOf(
  secret: Buffer,
  { isBinary, encoded }: { readonly isBinary: boolean; readonly encoded: boolean },
): Buffer {
  if (isUtf16(secret)) return utf16Replacement(secret)
  if (isBinary) return Buffer.alloc(secret.length, '*')
  return encoded && isBase64(secret) ? fillWith(secret, 'REMOVED') : Buffer.from(REMOVED_TEXT)
}

/** True for ASCII text in UTF-16: every second byte is zero, starting with the first or second. */
function isUtf16(bytes: Buffer): boolean {
  return (
    bytes.length >= 4 &&
    [0, 1].some((parity) => bytes.every((byte, index) => (byte === 0) === (index % 2 === parity)))
  )
}

/**
 * Returns `***REMOVED***` in UTF-16 with the byte order of `secret`. A span goes from the first
 * non-zero byte to the last, so a zero byte just outside belongs to the first or last character
 * and stays in the blob.
 */
function utf16Replacement(secret: Buffer): Buffer {
  const bigEndian = Buffer.from([...Buffer.from(REMOVED_TEXT)].flatMap((byte) => [0, byte]))
  const from = secret[0] === 0 ? 0 : 1
  const lastHalf = secret.at(-1) === 0 ? [0] : []
  return Buffer.concat([bigEndian.subarray(from), Buffer.from(lastHalf)])
}

/**
 * True for base64 in either alphabet, on one line or several. A PEM private key, which includes its
 * `-----` lines, is not base64.
 */
function isBase64(bytes: Buffer): boolean {
  return !bytes.includes('-----') && /^[A-Za-z0-9+/_=\s-]+$/.test(bytes.toString('latin1'))
}

/** Repeats `word` over all characters but blanks, line ends and padding, so the length stays. */
function fillWith(bytes: Buffer, word: string): Buffer {
  let index = 0
  return Buffer.from(
    bytes.toString('latin1').replaceAll(/[^\s=]/g, () => word.charAt(index++ % word.length)),
    'latin1',
  )
}
