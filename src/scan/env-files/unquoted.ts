/** Reads values without quotes, up to a comment, a next entry or the end of the line. */
import {
  lineEndOf,
  type ValueToken,
  type ParsedValue,
  valueBetween,
  trimmedEnd,
} from './parsed-value.ts'

/** The next assignment on a line of a shell: `export A=1 B=2; export C=3`. */
const nextInShell = /;[ \t]|[ \t]&&[ \t]|[ \t](?=[A-Za-z_]\w{0,100}=)/

/** Limit of lines joined by backslashes at their ends. */
const MAX_JOINED_LINES = 64

/**
 * Reads the unquoted value at `at`. The longest value comes first: up to a `#` behind a blank.
 * dotenv and Node end it at any `#`; Compose and Python let it begin with a `#`; a shell removes
 * quotes and backslashes inside it, and continues on the next line behind a backslash (`mayGoOn`).
 */
export function readUnquoted(
  text: string,
  at: number,
  { inShell, mayGoOn }: { readonly inShell: boolean; readonly mayGoOn: () => boolean },
): ValueToken {
  const lineEnd = lineEndOf(text, at)
  const line = text.slice(at, lineEnd)
  const comment = /^#|[ \t]#/.exec(line)?.index ?? line.length
  const shell = inShell ? (nextInShell.exec(line)?.index ?? line.length) : line.length
  const end = trimmedEnd(text, at, at + Math.min(comment, shell))
  const plain = valueBetween(text, at, end)
  const joined =
    end === lineEnd && text.charAt(end - 1) === '\\' && mayGoOn()
      ? joinedLines(text, at, lineEnd)
      : undefined
  if (joined !== undefined) return { ...joined, next: joined.end, alternatives: [plain] }
  const word = shellWord(plain)
  if (inShell && word !== undefined)
    return { ...word, next: end, alternatives: [plain, ...cutAtHash(text, plain, lineEnd)] }
  return {
    ...plain,
    next: end,
    alternatives: [...cutAtHash(text, plain, lineEnd), ...(word === undefined ? [] : [word])],
  }
}

function cutAtHash(
  text: string,
  { value, start }: ParsedValue,
  lineEnd: number,
): readonly ParsedValue[] {
  const hash = value.indexOf('#')
  if (hash > 0) return [valueBetween(text, start, trimmedEnd(text, start, start + hash))]
  if (value !== '' || text.charAt(start) !== '#') return []
  const whole = /^[^\s]{2,}(?=[ \t]*$|[ \t]+#)/.exec(text.slice(start, lineEnd))
  return whole === null ? [] : [valueBetween(text, start, start + whole[0].length)]
}

/**
 * Joins lines that end in a backslash, as a shell does: `abc\⏎def` is abcdef. The blanks before
 * `def` are removed unless the value has blanks of its own.
 */
function joinedLines(text: string, at: number, lineEnd: number): ParsedValue | undefined {
  let value = ''
  let from = at
  let end = lineEnd
  for (let count = 0; count < MAX_JOINED_LINES && isContinued(text, from, end); count++) {
    value += text.slice(from, end - 1)
    from = end + (text.startsWith('\r\n', end) ? 2 : 1)
    while (/[ \t]/.test(text.charAt(from)) && !/\s/.test(value)) from++
    end = lineEndOf(text, from)
  }
  if (from === at) return undefined
  end = trimmedEnd(text, from, end)
  return { value: value + text.slice(from, end), start: at, end }
}

/**
 * True when the line from `from` to `end` ends in a single backslash and another line follows. A
 * pair `\\` is an escaped backslash.
 */
function isContinued(text: string, from: number, end: number): boolean {
  return (
    end > from &&
    end + 1 < text.length &&
    /(?<!\\)(?:\\\\){0,20}\\$/.test(text.slice(Math.max(from, end - 42), end))
  )
}

/**
 * Returns a word as a shell reads it: `a\ b'c d'"e"` → `a bc de`. Returns undefined for words
 * without quotes and backslashes, and where a quote is not closed.
 */
function shellWord({ value, start, end }: ParsedValue): ParsedValue | undefined {
  if (!/["'\\]/.test(value)) return undefined
  let word = ''
  let rest = value
  while (rest !== '') {
    const part =
      /^(?:\\(?<escaped>[^])|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[^])*)"|(?<bare>[^\\'"]+))/.exec(
        rest,
      )
    if (part === null) return undefined
    const { escaped, single, double, bare } = part.groups ?? {}
    word += escaped ?? single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? bare ?? ''
    rest = rest.slice(part[0].length)
  }
  return word === value ? undefined : { value: word, start, end }
}
