/** Suggests the word that a user probably meant. */
/** Returns `; did you mean X?` for the end of an error message, or an empty text. */
export function suggestion(word: string, words: readonly string[]): string {
  const match = nearest(word, words)
  return match === undefined ? '' : `; did you mean ${match}?`
}

/** Returns the closest word: at most a third of its letters differ, and never more than three. */
function nearest(word: string, words: readonly string[]): string | undefined {
  let best: string | undefined
  let smallest = Math.min(3, Math.floor(word.length / 3))
  for (const candidate of words) {
    const distance = editDistance(word.slice(0, 40), candidate)
    if (distance < smallest || (distance === smallest && best === undefined)) {
      best = candidate
      smallest = distance
    }
  }
  return best
}

/**
 * Returns the number of letters to insert, drop, replace or swap with their neighbour (optimal
 * string alignment), computed row by row.
 */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(
        Math.min(
          at(above, j) + 1,
          at(row, j - 1) + 1,
          at(above, j - 1) + (same ? 0 : 1),
          swapped ? at(before, j - 2) + 1 : Infinity,
        ),
      )
    }
    before = above
    above = row
  }
  return at(above, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity
}
