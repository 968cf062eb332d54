/**
 * What must stand in the bytes of every match: a run of characters, perhaps behind others. Told by
 * the pattern's text; most windows have none.
 */
export interface RequiredChars {
  /** So many characters one behind the other, each of which is 1 in `run`. */
  readonly length: number
  readonly run: Uint8Array
  /**
   * What stands before the run, with nothing but `glue` in between; undefined where that may be
   * anything.
   */
  readonly before: Uint8Array | undefined
  readonly glue: Uint8Array
  /** One of these is in the run, behind what stands before it; undefined where that may be any. */
  readonly among: Uint8Array | undefined
}

/** Shorter runs stand everywhere. */
const SHORTEST = 12

/** A piece of a pattern, so many times at least. */
interface Element {
  readonly min: number
  /** What its characters are written as: `[a-z]`, `\\x2f`. */
  readonly atoms: readonly string[]
  /** Is it one of them, `min` times? */
  readonly plain: boolean
  /**
   * It takes nothing, and says what comes: characters of the first kind, and then one of the
   * second.
   */
  readonly ahead?: readonly [through: string, to: string]
}

/**
 * What needs more than this to be understood: what was matched before, control characters,
 * properties, flags in the middle.
 */
const BEYOND = /\\[1-9ckpP]|\(\?[a-z-]+:/i

const known = new WeakMap<RegExp, RequiredChars | 'nothing'>()

/** What a pattern needs; nothing where its text does not tell, or that is in most texts. */
export function requiredCharsOf(pattern: RegExp): RequiredChars | 'nothing' {
  const told =
    known.get(pattern) ??
    (BEYOND.test(pattern.source)
      ? 'nothing'
      : deduced(elementsOf(pattern.source), pattern.ignoreCase))
  known.set(pattern, told)
  return told
}

/** Does what is needed stand in `bytes` from `from` up to `to`, or begin before that? */
export function isThere(
  { length, run, before, glue, among }: RequiredChars,
  bytes: Uint8Array,
  from: number,
  to: number,
): boolean {
  for (let at = from + length - 1; at < to; at += length) {
    if (run[bytes[at] ?? 0] === 0) continue
    let start = at
    while (start > from && run[bytes[start - 1] ?? 0] === 1) start -= 1
    while (at < to && run[bytes[at] ?? 0] === 1) at += 1
    if (at - start < length) continue
    let end = at
    if (among !== undefined) while (end > start && among[bytes[end - 1] ?? 0] === 0) end -= 1
    if (end === start) continue
    if (before === undefined) return true
    for (let place = start; place < Math.min(at - length, end - 1); place += 1)
      if (before[bytes[place] ?? 0] === 1) return true
    let place = start - 1
    while (place >= 0 && glue[bytes[place] ?? 0] === 1 && before[bytes[place] ?? 0] === 0)
      place -= 1
    if (place >= 0 && before[bytes[place] ?? 0] === 1) return true
  }
  return false
}

function deduced(elements: readonly Element[], ignoreCase: boolean): RequiredChars | 'nothing' {
  let longest = -1
  elements.forEach(({ min, plain }, at) => {
    if (plain && min >= Math.max(SHORTEST, elements[longest]?.min ?? 0)) longest = at
  })
  const found = elements[longest]
  if (found === undefined) return 'nothing'
  const before = elements.findLastIndex(({ min }, at) => at < longest && min > 0)
  const run = charsOf(found.atoms, ignoreCase)
  return {
    length: found.min,
    run,
    among: amongOf(elements.slice(before + 1, longest), run, ignoreCase),
    before: before < 0 ? undefined : charsOf(elements[before]?.atoms ?? [], ignoreCase),
    glue: charsOf(
      elements.slice(before + 1, longest).flatMap(({ atoms }) => atoms),
      ignoreCase,
    ),
  }
}

/**
 * What was said right before a run is to come in it, if it is said of nothing but characters of the
 * run.
 */
function amongOf(
  elements: readonly Element[],
  run: Uint8Array,
  ignoreCase: boolean,
): Uint8Array | undefined {
  for (const { ahead } of elements.slice(
    elements.findLastIndex((element) => element.ahead === undefined) + 1,
  )) {
    if (ahead === undefined) continue
    const [through, to] = ahead.map((atom) => charsOf([atom], ignoreCase))
    if (
      through?.every((is, char) => is <= (run[char] ?? 0)) === true &&
      to?.every((is, char) => is <= (run[char] ?? 0)) === true
    )
      return to
  }
  return undefined
}

const REPETITION = String.raw`(?:[*+?]|\{\d+(?:,\d*)?\})?\??`
const TOKEN = new RegExp(
  String.raw`(?<open>\((?:\?(?:<?[=!]|:|<\w+>))?)|(?<close>\)${REPETITION})|(?<or>\|)|(?<edge>[\^$]|\\[bB])|(?<atom>\\(?:x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|[^])|\[(?:\\[^]|[^\]\\])*\]|[^])(?<often>${REPETITION})`,
  'g',
)

/** What a group is made of, as far as it was read. */
interface Group {
  /** `(`, `(?:`, `(?<name>`, or what looks around: `(?=`, `(?!`, `(?<=`, `(?<!`. */
  readonly open: string
  readonly alternatives: Element[][]
}

/**
 * The elements of a pattern in their order, those of groups that stand once and have one
 * alternative among them.
 */
function elementsOf(source: string): readonly Element[] {
  const groups: Group[] = [{ open: '(', alternatives: [[]] }]
  for (const { groups: token = {} } of source.matchAll(TOKEN)) {
    const group = groups.at(-1)
    if (token['open'] !== undefined) groups.push({ open: token['open'], alternatives: [[]] })
    else if (token['or'] !== undefined) group?.alternatives.push([])
    else if (token['close'] !== undefined) {
      groups.pop()
      if (group !== undefined)
        groups
          .at(-1)
          ?.alternatives.at(-1)
          ?.push(...closed(group, leastOf(token['close'].slice(1))))
    } else if (token['atom'] !== undefined)
      group?.alternatives
        .at(-1)
        ?.push({ min: leastOf(token['often'] ?? ''), atoms: [token['atom']], plain: true })
  }
  return groups.length === 1 && groups[0]?.alternatives.length === 1
    ? (groups[0].alternatives[0] ?? [])
    : []
}

/** A group as elements of what is around it. */
function closed({ open, alternatives }: Group, min: number): readonly Element[] {
  const [only, ...others] = alternatives
  if (/[=!]$/.test(open)) return open === '(?=' && others.length === 0 ? aheadOf(only ?? []) : []
  if (only !== undefined && others.length === 0 && min === 1) return only
  const mayBeEmpty = alternatives.some((elements) => elements.every((element) => element.min === 0))
  return [
    {
      min: mayBeEmpty ? 0 : min,
      atoms: alternatives.flat().flatMap(({ atoms }) => atoms),
      plain: false,
    },
  ]
}

/** `(?=[\w+]{0,119}?[0-9])`: what comes first may be none, and then comes that. */
function aheadOf(elements: readonly Element[]): readonly Element[] {
  const [first, second] = elements
  const [through, to] = [first?.atoms[0], second?.atoms[0]]
  if (
    through === undefined ||
    to === undefined ||
    first?.min !== 0 ||
    second?.min !== 1 ||
    !first.plain ||
    !second.plain
  )
    return []
  return [{ min: 0, atoms: [], plain: false, ahead: [through, to] }]
}

/** `{16,120}` → 16. */
function leastOf(repetition: string): number {
  if (repetition === '' || repetition.startsWith('+')) return 1
  return /^[*?]/.test(repetition) ? 0 : Number.parseInt(repetition.slice(1), 10)
}

const ALL = Array.from({ length: 256 }, (_, char) => String.fromCharCode(char)).join('')

/**
 * The characters of one byte that atoms stand for: those that go when these are taken out of all.
 */
function charsOf(atoms: readonly string[], ignoreCase: boolean): Uint8Array {
  const chars = new Uint8Array(256)
  if (atoms.length === 0) return chars
  const others = ALL.replace(new RegExp(atoms.join('|'), ignoreCase ? 'gi' : 'g'), '')
  chars.fill(1)
  for (let at = 0; at < others.length; at += 1) chars[others.charCodeAt(at)] = 0
  return chars
}
