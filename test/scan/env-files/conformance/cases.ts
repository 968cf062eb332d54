/**
 * A file, and the entries that the program it was written for reads: key, value, and the line on
 * which the value begins.
 */
export interface Case {
  readonly name: string
  readonly text: string
  readonly entries: readonly (readonly [key: string, value: string, line: number])[]
}

type Row = readonly [
  name: string,
  text: string,
  ...entries: (readonly [key: string, value: string, line: number])[],
]

/** Turns rows into cases. */
export function casesOf(rows: readonly Row[]): readonly Case[] {
  return rows.map(([name, text, ...entries]) => ({ name, text, entries }))
}
