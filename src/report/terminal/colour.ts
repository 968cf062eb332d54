/** Applies colours and styles to terminal text. */
import { styleText } from 'node:util'

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'cyan' | 'green'

/** Applies a style to text that is already escaped and cut to its width. */
export type Paint = (style: Style, text: string) => string

/**
 * Returns a function that styles text, or with `colour: false` returns it unchanged. The caller
 * decides whether the terminal supports colours.
 */
export function painter(colour: boolean): Paint {
  return colour
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_style, text) => text
}
