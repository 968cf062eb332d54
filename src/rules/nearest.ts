/** The one of `names` that takes the fewest edits to become from `word`; the first of several. */
export function nearest(word: string, names: readonly string[]): string {
  const start = word.slice(0, 100)
  const byDistance = names.map((name) => ({ name, distance: distanceOf(start, name) })).sort((a, b) => a.distance - b.distance)
  return byDistance[0]?.name ?? ''
}

/** Levenshtein's: insertions, deletions and replacements, row by row. */
function distanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [i, character] of [...from].entries()) {
    const next = [i + 1]
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] ?? 0) + (character === to[j] ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
