/**
 * One file, and what the program it was written for reads in it: key, value, and the line the value
 * begins on.
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

/** Rows as cases. */
export function casesOf(rows: readonly Row[]): readonly Case[] {
  return rows.map(([name, text, ...entries]) => ({ name, text, entries }))
}
