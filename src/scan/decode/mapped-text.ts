/** Decoded text, one character a byte, in which each character knows the bytes it was written as. */
export interface MappedText {
  readonly text: string
  /** Returns the offset of the first byte that a character was written as. */
  readonly startOf: (index: number) => number
  /** Returns the offset behind the last byte that a character was written as. */
  readonly endOf: (index: number) => number
}

/** Text that replaces a range. Each of its characters comes from a range within that range. */
export interface Replacement {
  readonly text: string
  /**
   * Returns the range that character `index` comes from, relative to the replaced range. Without
   * it, every character comes from all of the range.
   */
  readonly rangeOf?: (index: number) => readonly [from: number, to: number]
}

/** A replacement of the characters in `[from, to)`. */
export interface Edit extends Replacement {
  readonly from: number
  readonly to: number
}

/** Wraps text that stands in bytes as it is, its first byte at `offset`. */
export function plainText(text: string, offset: number): MappedText {
  return { text, startOf: (index) => offset + index, endOf: (index) => offset + index + 1 }
}

/**
 * Replaces every match of a pattern by the result of `replace`, unless that is undefined. Returns
 * the same object when nothing was replaced.
 */
export function replaceMatches(
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
  return applyEdits(source, edits)
}

/**
 * Applies edits of ascending ranges that do not overlap. The bytes of a character are computed only
 * when they are needed.
 */
export function applyEdits(source: MappedText, edits: readonly Edit[]): MappedText {
  if (edits.length === 0) return source
  let text = ''
  let copiedTo = 0
  /** Index in the new text at which each edit begins. */
  const starts: number[] = []
  for (const edit of edits) {
    text += source.text.slice(copiedTo, edit.from)
    starts.push(text.length)
    text += edit.text
    copiedTo = edit.to
  }
  text += source.text.slice(copiedTo)

  const rangeOf = (index: number): readonly [from: number, to: number] => {
    const at = lastAtMost(starts, index)
    const [edit, start] = [edits[at], starts[at]]
    if (edit === undefined || start === undefined) return [index, index + 1]
    const indexInEdit = index - start
    const behind = indexInEdit - edit.text.length
    if (behind >= 0) return [edit.to + behind, edit.to + behind + 1]
    const [from, to] = edit.rangeOf?.(indexInEdit) ?? [0, edit.to - edit.from]
    return [edit.from + from, edit.from + to]
  }
  return {
    text,
    startOf: (index) => source.startOf(rangeOf(index)[0]),
    endOf: (index) => source.endOf(rangeOf(index)[1] - 1),
  }
}

/** Returns the place of the last number up to `limit` in an ascending list; -1 for none. */
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
