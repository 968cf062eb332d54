import { lineEndOf, type RawValue, type Reading, readingOf, trimmedEnd } from './reading.ts'

/** In a shell one line may export twice: `export A=1 B=2; export C=3`. */
const nextInShell = /;[ \t]|[ \t]&&[ \t]|[ \t](?=[A-Za-z_]\w{0,100}=)/

/** Lines that a backslash at their ends joins; more is no value. */
const maxJoined = 64

/**
 * The value without quotes at `at`. The longest first: up to a `#` behind a blank. dotenv and Node
 * end it at any `#`; compose and Python let it begin with one; a shell takes quotes and backslashes
 * in the middle of it away, and goes on behind a backslash at the end (`mayGoOn`).
 */
export function readUnquoted(
  text: string,
  at: number,
  { inShell, mayGoOn }: { readonly inShell: boolean; readonly mayGoOn: () => boolean },
): RawValue {
  const lineEnd = lineEndOf(text, at)
  const line = text.slice(at, lineEnd)
  const comment = /^#|[ \t]#/.exec(line)?.index ?? line.length
  const shell = inShell ? (nextInShell.exec(line)?.index ?? line.length) : line.length
  const end = trimmedEnd(text, at, at + Math.min(comment, shell))
  const plain = readingOf(text, at, end)
  const joined =
    end === lineEnd && text.charAt(end - 1) === '\\' && mayGoOn()
      ? joinedLines(text, at, lineEnd)
      : undefined
  if (joined !== undefined) return { ...joined, next: joined.end, others: [plain] }
  const word = shellWord(plain)
  if (inShell && word !== undefined)
    return { ...word, next: end, others: [plain, ...cutAtHash(text, plain, lineEnd)] }
  return {
    ...plain,
    next: end,
    others: [...cutAtHash(text, plain, lineEnd), ...(word === undefined ? [] : [word])],
  }
}

function cutAtHash(text: string, { value, start }: Reading, lineEnd: number): readonly Reading[] {
  const hash = value.indexOf('#')
  if (hash > 0) return [readingOf(text, start, trimmedEnd(text, start, start + hash))]
  if (value !== '' || text.charAt(start) !== '#') return []
  const whole = /^[^\s]{2,}(?=[ \t]*$|[ \t]+#)/.exec(text.slice(start, lineEnd))
  return whole === null ? [] : [readingOf(text, start, start + whole[0].length)]
}

/**
 * `abc\⏎def` is abcdef in a shell, with the blanks before `def` taken away only if the value has
 * none itself.
 */
function joinedLines(text: string, at: number, lineEnd: number): Reading | undefined {
  let value = ''
  let from = at
  let end = lineEnd
  for (let count = 0; count < maxJoined && isContinued(text, from, end); count++) {
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
 * Does the line from `from` to `end` end in one backslash, and is there a line behind it? `\\` is a
 * backslash itself.
 */
function isContinued(text: string, from: number, end: number): boolean {
  return (
    end > from &&
    end + 1 < text.length &&
    /(?<!\\)(?:\\\\){0,20}\\$/.test(text.slice(Math.max(from, end - 42), end))
  )
}

/** `a\ b'c d'"e"` → `a bc de`; nothing where no quote or backslash stands, or a quote is open. */
function shellWord({ value, start, end }: Reading): Reading | undefined {
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
