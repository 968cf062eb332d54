import { type MappedText, rewrite } from './mapped-text.ts'

/** What mail has and little else: an escaped `=`, or a line of full length that `=` continues. */
const sign = /=3D|(?<![^\n])[^\n]{60,76}=\r?\n/

/** `KEY=3Dabc=2Fdef` and `KEY=3Dabc=⏎def`. */
const codes = /=(?:\r?\n|([2-7][0-9A-F]))/g

/**
 * Is there a reason to read text as quoted-printable? In other text, `=` and two digits may be
 * meant.
 */
export function isQuotedPrintable(text: string): boolean {
  // The pattern would count the characters of each line.
  return (text.includes('=3D') || text.includes('=\n') || text.includes('=\r\n')) && sign.test(text)
}

/** Reads text as quoted-printable (RFC 2045). */
export function readQuotedPrintable(source: MappedText): MappedText {
  return rewrite(source, codes, ([, hex]) => ({
    text: hex === undefined ? '' : String.fromCharCode(Number.parseInt(hex, 16)),
  }))
}
