/** Globs of policy files: decoding and matching against paths. */
import type { ReportProblem } from '../rules/fields.ts'

const globPattern = /^[^/\0-\x1f\x7f][^\0-\x1f\x7f]{0,499}$/

/** Returns the value when it is a valid glob; reports any other value and returns an empty text. */
export function decodeGlob(value: unknown, field: string, report: ReportProblem): string {
  if (typeof value === 'string' && globPattern.test(value)) return value
  report(field, 'a glob relative to the top of the repository, such as docs/**')
  return ''
}

/**
 * Returns a test of paths. `*` matches any characters within a name, `?` one character, `**` any
 * number of folders and, after the last `/`, everything below. All other characters match
 * themselves. The time is at most proportional to the glob's length times the path's length.
 */
export function globMatcher(glob: string): (path: string) => boolean {
  const patternNames = glob
    .split('/')
    .flatMap((name, index, all) =>
      name === '**' && index === all.length - 1 ? ['**', '*'] : [name],
    )
  return (path) =>
    matchesSequence(path.split('/'), patternNames, {
      isWildcard: (name) => name === '**',
      matchesOne: matchesName,
    })
}

/** Returns a test that accepts paths matching at least one of the globs. */
export function anyGlob(globs: readonly string[]): (path: string) => boolean {
  const matchers = globs.map(globMatcher)
  return (path) => matchers.some((matches) => matches(path))
}

function matchesName(name: string, pattern: string): boolean {
  return matchesSequence([...name], [...pattern], {
    isWildcard: (symbol) => symbol === '*',
    matchesOne: (letter, symbol) => symbol === '?' || symbol === letter,
  })
}

interface SymbolMatcher {
  /** True when the symbol matches any number of items. */
  readonly isWildcard: (symbol: string) => boolean
  /** True when the symbol, which is no wildcard, matches the item. */
  readonly matchesOne: (item: string, symbol: string) => boolean
}

/**
 * True when the items match the symbols, in which wildcards match any number of items. On a
 * mismatch only the latest wildcard takes one more item; earlier ones never need to change, which
 * keeps the time quadratic.
 */
function matchesSequence(
  items: readonly string[],
  symbols: readonly string[],
  { isWildcard, matchesOne }: SymbolMatcher,
): boolean {
  let [itemIndex, symbolIndex] = [0, 0]
  let retry: { itemIndex: number; readonly symbolIndex: number } | undefined
  while (itemIndex < items.length) {
    const symbol = symbols[symbolIndex]
    if (symbol !== undefined && isWildcard(symbol)) {
      retry = { itemIndex, symbolIndex: symbolIndex + 1 }
      symbolIndex += 1
    } else if (symbol !== undefined && matchesOne(items[itemIndex] ?? '', symbol)) {
      itemIndex += 1
      symbolIndex += 1
    } else if (retry !== undefined) {
      retry.itemIndex += 1
      itemIndex = retry.itemIndex
      symbolIndex = retry.symbolIndex
    } else return false
  }
  return symbols.slice(symbolIndex).every(isWildcard)
}
