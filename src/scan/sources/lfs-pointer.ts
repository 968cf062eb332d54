const BEGINNING = Buffer.from('version https://')

/**
 * Does a blob begin as pointers do? A reader that leaves out what holds nothing must hand these
 * out.
 */
export function isLfsPointer(bytes: Uint8Array): boolean {
  return bytes[0] === BEGINNING[0] && BEGINNING.equals(bytes.subarray(0, BEGINNING.length))
}
