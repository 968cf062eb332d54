/** What is put where a secret stood. */

/** As `git filter-repo` writes it. */
export const REMOVED_TEXT = '***REMOVED***'

/** For names of files: every file system takes it. */
export const REMOVED_NAME = 'REMOVED'

/** Bytes of one blob that go, half open. */
export interface SecretRange {
  readonly start: number
  readonly end: number
  /** The secret stands there in another form, so other bytes than its own. */
  readonly encoded: boolean
}

/** Stretches in order; those that touch or overlap are one. */
export function mergeRanges(stretches: readonly SecretRange[]): readonly SecretRange[] {
  const sorted = stretches.toSorted((a, b) => a.start - b.start || a.end - b.end)
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
 * The blob without the secrets that stand in these stretches. Throws a RangeError for a stretch
 * outside of it.
 */
export function replaceRanges(bytes: Buffer, stretches: readonly SecretRange[]): Buffer {
  const isBinary = bytes.includes(0)
  const pieces: Buffer[] = []
  let from = 0
  for (const { start, end, encoded } of mergeRanges(stretches)) {
    if (start < 0 || end > bytes.length || end <= start)
      throw new RangeError('a secret is said to stand outside of its blob')
    pieces.push(
      bytes.subarray(from, start),
      replacementOf(bytes.subarray(start, end), { isBinary, encoded }),
    )
    from = end
  }
  return Buffer.concat([...pieces, bytes.subarray(from)])
}

/**
 * UTF-16 stays UTF-16, base64 can still be decoded, and the offsets that a binary file keeps to
 * what follows stay right; text gets the words that everybody knows.
 */
export function replacementOf(
  secret: Buffer,
  { isBinary, encoded }: { readonly isBinary: boolean; readonly encoded: boolean },
): Buffer {
  if (isWide(secret)) return wide(secret)
  if (isBinary) return Buffer.alloc(secret.length, '*')
  return encoded && isBase64(secret) ? filledWith(secret, 'REMOVED') : Buffer.from(REMOVED_TEXT)
}

/** UTF-16 of ASCII: every second byte is zero, be it the first or the second. */
function isWide(bytes: Buffer): boolean {
  return (
    bytes.length >= 4 &&
    [0, 1].some((first) => bytes.every((byte, at) => (byte === 0) === (at % 2 === first)))
  )
}

/**
 * A span goes from the first byte that is not zero to the last: the zero around it, before or
 * behind, is the character's other half and stays.
 */
function wide(bytes: Buffer): Buffer {
  const characters = Buffer.from([...Buffer.from(REMOVED_TEXT)].flatMap((byte) => [0, byte]))
  const from = bytes[0] === 0 ? 0 : 1
  const behind = bytes.at(-1) === 0 ? [0] : []
  return Buffer.concat([characters.subarray(from), Buffer.from(behind)])
}

/**
 * In one alphabet or the other, on one line or more; a private key between its two lines is more
 * than that.
 */
function isBase64(bytes: Buffer): boolean {
  return !bytes.includes('-----') && /^[A-Za-z0-9+/_=\s-]+$/.test(bytes.toString('latin1'))
}

/** As long as before; blanks, line ends and padding stay where they are. */
function filledWith(bytes: Buffer, word: string): Buffer {
  let at = 0
  return Buffer.from(
    bytes.toString('latin1').replaceAll(/[^\s=]/g, () => word.charAt(at++ % word.length)),
    'latin1',
  )
}
