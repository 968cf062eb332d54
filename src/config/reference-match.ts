import type { Rule, RulePart } from '../model/rule.ts'
import { shannon } from '../rules/validators/entropy.ts'

/**
 * What a rule finds in a text, the plain way: its patterns on the windows around its keywords, then
 * floor and validator. Says what the detector has to find, in one window and without anything that
 * makes it fast. Each as `role start-end`, sorted.
 */
export function findReferenceMatches(text: string, rule: Rule): readonly string[] {
  const found = rule.parts.flatMap((part) =>
    windowsOf(text, part).flatMap(([start, end]) => {
      const spans = spansIn(text.slice(start, end), part.pattern).map(([from, to]) => ({
        role: part.role,
        start: start + from,
        end: start + to,
      }))
      return spans.filter((span) => stands(text.slice(span.start, span.end), part))
    }),
  )
  return [...new Set(found.map(({ role, start, end }) => `${role} ${start}-${end}`))].sort()
}

/** As `matchAll`, which would make a plain pattern of one that watches its time. */
function spansIn(text: string, pattern: RegExp): readonly (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    spans.push(match.indices?.groups?.['secret'] ?? [match.index, match.index])
    if (match[0] === '') pattern.lastIndex += 1
  }
  return spans
}

function windowsOf(text: string, part: RulePart): readonly (readonly [number, number])[] {
  const spots = part.keywords.flatMap((keyword) => {
    const [hay, needle] = keyword.ignoreCase
      ? [text.toLowerCase(), keyword.text.toLowerCase()]
      : [text, keyword.text]
    const starts: number[] = []
    for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1)) starts.push(at)
    return starts.map((at): [number, number] => [
      Math.max(0, at - part.window),
      Math.min(text.length, at + needle.length + part.window),
    ])
  })
  const merged: [number, number][] = []
  for (const spot of spots.sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last !== undefined && spot[0] <= last[1]) last[1] = Math.max(last[1], spot[1])
    else merged.push([...spot])
  }
  return merged
}

function stands(value: string, part: RulePart): boolean {
  return (
    value !== '' && shannon(value) >= part.minEntropy && (part.validator?.(value).valid ?? true)
  )
}
