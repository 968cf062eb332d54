/** What is put where a secret stood. */

/** As `git filter-repo` writes it. */
export const removed = '***REMOVED***'

/** For names of files: every file system takes it. */
export const removedName = 'REMOVED'

/** Bytes of one blob that go, half open. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** Stretches in order; those that touch or overlap are one. */
export function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const sorted = stretches.toSorted((a, b) => a.start - b.start || a.end - b.end)
  const result: Stretch[] = []
  for (const { start, end } of sorted) {
    const last = result.at(-1)
    if (last !== undefined && start <= last.end) result[result.length - 1] = { start: last.start, end: Math.max(last.end, end) }
    else result.push({ start, end })
  }
  return result
}

/** The blob without the secrets that stand in these stretches. Throws a RangeError for a stretch outside of it. */
export function withoutStretches(bytes: Buffer, stretches: readonly Stretch[]): Buffer {
  const isBinary = bytes.includes(0)
  const pieces: Buffer[] = []
  let from = 0
  for (const { start, end } of joined(stretches)) {
    if (start < 0 || end > bytes.length || end <= start) throw new RangeError('a secret is said to stand outside of its blob')
    pieces.push(bytes.subarray(from, start), replacementOf(bytes.subarray(start, end), isBinary))
    from = end
  }
  return Buffer.concat([...pieces, bytes.subarray(from)])
}

/**
 * UTF-16 stays UTF-16, base64 can still be decoded, and the offsets that a binary file keeps to what follows stay right; text
 * gets the words that everybody knows.
 */
export function replacementOf(secret: Buffer, isBinary: boolean): Buffer {
  const wide = widthOf(secret)
  if (wide !== undefined) return Buffer.from([...Buffer.from(removed)].flatMap((byte) => (wide === 'le' ? [byte, 0] : [0, byte])))
  if (isBinary) return Buffer.alloc(secret.length, '*')
  return isBase64(secret) ? filledWith(secret, 'REMOVED') : Buffer.from(removed)
}

/** Is every second byte of it zero, and which? The stretch begins with the byte of a character that is not, or with the zero before it. */
function widthOf(bytes: Buffer): 'le' | 'be' | undefined {
  if (bytes.length < 4) return undefined
  const zeros = (first: number): boolean => bytes.every((byte, at) => (byte === 0) === (at % 2 === first))
  if (zeros(1)) return 'le'
  return zeros(0) ? 'be' : undefined
}

/** Lines of base64, of which nothing says what it decodes to; a secret that is nothing but letters and digits is as well replaced so. */
function isBase64(bytes: Buffer): boolean {
  return bytes.length >= 76 && /^[A-Za-z0-9+/_=\s-]+$/.test(bytes.toString('latin1'))
}

/** As long as before; blanks, line ends and padding stay where they are. */
function filledWith(bytes: Buffer, word: string): Buffer {
  let at = 0
  return Buffer.from(bytes.toString('latin1').replaceAll(/[^\s=]/g, () => word.charAt(at++ % word.length)), 'latin1')
}
