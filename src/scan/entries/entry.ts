/** The entry: a name, a value, and the syntax that ties the two. A line of `.env` is one syntax. */

/**
 * Ways in which text ties a value to a name. `assignment`: `NAME = value`, `name: value`.
 * `argument`: the name is a string and the value the next one. `call`: the name is a function.
 * `option`: `--name value`, `ENV NAME value`. `markup`: tags and attributes. `sibling`: name and
 * value are fields of one object. `prose`: tables and sentences. `header`: of HTTP. `address`: a
 * password before the host of a URL. `position`: the place among arguments gives the meaning.
 */
export type Syntax =
  | 'assignment'
  | 'argument'
  | 'call'
  | 'option'
  | 'markup'
  | 'sibling'
  | 'prose'
  | 'header'
  | 'address'
  | 'position'

/** A name and a value found in a text of any language. Offsets are into that text. */
export interface TextEntry {
  readonly name: string
  /** The value as the program reads it, without quotes and escapes. */
  readonly value: string
  readonly start: number
  readonly end: number
  readonly syntax: Syntax
  /** True when quotes or tags show where the value ends. */
  readonly delimited: boolean
  /** The user whose password the value is, where the text has one. */
  readonly user?: string
  /** True when the value was in base64 and `value` is what it says. */
  readonly decoded?: true
}

/** The text around one keyword. */
export interface KeywordText {
  readonly text: string
  /** Offset of the keyword in the text. */
  readonly at: number
}

/** Yields the entries that belong to one keyword. Reads nothing but the text around it. */
export type TextReader = (around: KeywordText) => Iterable<TextEntry>
