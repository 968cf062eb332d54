/**
 * A plain implementation of rule matching: it defines what the optimized detector must find, and
 * `oakum rules check` and tests use it.
 */
import type { EntryReader, Keyword, Role, Rule, RulePart } from '../../model/rule.ts'
import { shannon } from '../../rules/validators/entropy.ts'
import { standsBeside } from '../detect/beside.ts'
import { searchEntries } from '../entries/search-entries.ts'

/** The place of a match in a text, and what its part says of it. */
interface Match {
  readonly role: Role
  readonly alone: RulePart['alone']
  readonly start: number
  readonly end: number
}

/**
 * Returns all matches of a rule in a text: its patterns applied to the windows around its keywords,
 * then filtered by minimum entropy and validator, and the entries that are judged to be secrets and
 * no placeholders. What counts only beside another part (`alone: never`) needs a match of another
 * role. The result is sorted; each item has the form `role start-end`.
 */
export function findReferenceMatches(text: string, rule: Rule): readonly string[] {
  const matches = rule.parts.flatMap((part) =>
    part.entry === undefined ? patternMatches(text, part) : entryMatches(text, part, part.entry),
  )
  const counting = matches.filter(
    ({ role, alone }) => alone !== 'never' || matches.some((other) => other.role !== role),
  )
  return [...new Set(counting.map(({ role, start, end }) => `${role} ${start}-${end}`))].sort()
}

function patternMatches(text: string, part: RulePart): readonly Match[] {
  return keywordWindows(text, part).flatMap(([start, end]) => {
    const spans = secretSpans(text.slice(start, end), part.pattern).map(([from, to]) => ({
      role: part.role,
      alone: part.alone,
      start: start + from,
      end: start + to,
    }))
    return spans.filter((span) => isAccepted(text.slice(span.start, span.end), part))
  })
}

/** Returns the entries of low severity too: the judge gives it to what may be a secret. */
function entryMatches(text: string, part: RulePart, entry: EntryReader): readonly Match[] {
  const bytes = Buffer.from(text, 'latin1')
  const hits = part.keywords
    .flatMap((keyword) =>
      keywordStarts(text, keyword).filter(
        (at) =>
          keyword.beside === undefined ||
          standsBeside(keyword.beside, bytes, at + keyword.text.length),
      ),
    )
    .sort((a, b) => a - b)
  return Array.from(searchEntries({ bytes }, { ...part, pattern: part.pattern, entry }, hits))
    .filter(({ flaw }) => flaw === undefined)
    .map(({ start, end }) => ({ role: part.role, alone: part.alone, start, end }))
}

/**
 * Returns the spans of the group `secret`. `String.matchAll` would do the same, and would copy a
 * BoundedPattern into a plain RegExp that has no time limit.
 */
function secretSpans(text: string, pattern: RegExp): readonly (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    spans.push(match.indices?.groups?.['secret'] ?? [match.index, match.index])
    if (match[0] === '') pattern.lastIndex += 1
  }
  return spans
}

function keywordStarts(text: string, keyword: Keyword): readonly number[] {
  const [haystack, needle] = keyword.ignoreCase
    ? [text.toLowerCase(), keyword.text.toLowerCase()]
    : [text, keyword.text]
  const starts: number[] = []
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1))
    starts.push(at)
  return starts
}

/** Returns the windows around all keywords of a part; overlapping windows are merged. */
function keywordWindows(text: string, part: RulePart): readonly (readonly [number, number])[] {
  const windows = part.keywords.flatMap((keyword) =>
    keywordStarts(text, keyword).map((at): [number, number] => [
      Math.max(0, at - part.window),
      Math.min(text.length, at + keyword.text.length + part.window),
    ]),
  )
  const merged: [number, number][] = []
  for (const window of windows.sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last !== undefined && window[0] <= last[1]) last[1] = Math.max(last[1], window[1])
    else merged.push([...window])
  }
  return merged
}

function isAccepted(value: string, part: RulePart): boolean {
  return (
    value !== '' && shannon(value) >= part.minEntropy && (part.validator?.(value).valid ?? true)
  )
}
