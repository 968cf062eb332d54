import { styleText } from 'node:util'

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'cyan' | 'green'

/** Puts a style on text that is already escaped and cut. */
export type Paint = (style: Style, text: string) => string

/**
 * Paints, or with `colour: false` leaves text as it is. Whether the terminal takes colours is
 * decided by the caller.
 */
export function painter(colour: boolean): Paint {
  return colour
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_style, text) => text
}
