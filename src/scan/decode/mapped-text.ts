/**
 * Text that was read out of other text, one character a byte, and what each character was written
 * as.
 */
export interface MappedText {
  readonly text: string
  /** Offset of the first byte of what a character was written as. */
  readonly startOf: (index: number) => number
  /** Offset behind the last byte of it. */
  readonly endOf: (index: number) => number
}

/** What stands in place of a range: a text whose characters come from ranges within it. */
export interface Replacement {
  readonly text: string
  /**
   * Of character `index`, relative to the range; without it every character comes from all of it.
   */
  readonly rangeOf?: (index: number) => readonly [from: number, to: number]
}

/** A range of characters, and what stands in its place. */
export interface Edit extends Replacement {
  readonly from: number
  readonly to: number
}

/** Text as it stands in bytes, the first of which is at `offset`. */
export function plainText(text: string, offset: number): MappedText {
  return { text, startOf: (index) => offset + index, endOf: (index) => offset + index + 1 }
}

/**
 * The text with every match replaced by what `replace` gives for it, and as it is where that is
 * nothing. The very same object when nothing was replaced.
 */
export function rewrite(
  source: MappedText,
  pattern: RegExp,
  replace: (match: RegExpExecArray) => Replacement | undefined,
): MappedText {
  const edits: Edit[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(source.text); match !== null; match = pattern.exec(source.text)) {
    const replacement = replace(match)
    if (replacement !== undefined)
      edits.push({ from: match.index, to: match.index + match[0].length, ...replacement })
  }
  return edit(source, edits)
}

/**
 * The text with ascending ranges, which do not overlap, replaced. What was written where is worked
 * out only when asked for.
 */
export function edit(source: MappedText, edits: readonly Edit[]): MappedText {
  if (edits.length === 0) return source
  let text = ''
  let done = 0
  /** Where in the new text each edit begins. */
  const places: number[] = []
  for (const one of edits) {
    text += source.text.slice(done, one.from)
    places.push(text.length)
    text += one.text
    done = one.to
  }
  text += source.text.slice(done)

  const rangeOf = (index: number): readonly [from: number, to: number] => {
    const at = lastAtMost(places, index)
    const one = edits[at]
    const place = places[at]
    if (one === undefined || place === undefined) return [index, index + 1]
    const into = index - place
    if (into >= one.text.length)
      return [one.to + into - one.text.length, one.to + into - one.text.length + 1]
    const [from, to] = one.rangeOf?.(into) ?? [0, one.to - one.from]
    return [one.from + from, one.from + to]
  }
  return {
    text,
    startOf: (index) => source.startOf(rangeOf(index)[0]),
    endOf: (index) => source.endOf(rangeOf(index)[1] - 1),
  }
}

/** The place in an ascending list of its last number that is at most `limit`; -1 for none. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((numbers[middle] ?? Infinity) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}
