// The choice between candidates that different rules found in the same bytes.
import type { Candidate, Part, Span } from '../../model/model.ts'
import { type Rule, type Severity, worseOf } from '../../model/rule.ts'

interface Interval {
  readonly start: number
  readonly end: number
  readonly owner: Candidate
}

/**
 * Keeps, of two candidates in the same bytes, the more specific one: a provider's rule before a
 * generic one, then the longer secret. It takes the severity of a generic or own rule when that is
 * worse, since such a rule knows the name of the secret. A credential stays when only its less
 * important parts overlap, such as the id in a signed address whose secret stands elsewhere.
 */
export function resolveOverlaps(candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.length < 2) return candidates
  const dropped = new Set<Candidate>()
  const raised = new Map<Candidate, Severity>()
  for (const [first, second] of overlapping(candidates)) {
    if (
      dropped.has(first) ||
      dropped.has(second) ||
      first.rule === second.rule ||
      areUnrelated(first, second)
    )
      continue
    const isFirst = isMoreSpecific(first, second)
    const [winner, loser] = isFirst ? [first, second] : [second, first]
    // A flaw of one value says nothing about another value.
    const isLoserRight = isFlawed(winner) && !isFlawed(loser) && !settles(winner, loser)
    if (isLoserRight || !overlapsPart(loser.parts[0].span, winner)) continue
    dropped.add(loser)
    const knowsName = loser.rule.generic || loser.rule.own === true
    if (knowsName && isFlawed(winner) === isFlawed(loser))
      raised.set(winner, worseOf(raised.get(winner) ?? winner.severity, loser.severity))
  }
  return candidates
    .filter((candidate) => !dropped.has(candidate))
    .map((candidate) => ({ ...candidate, severity: raised.get(candidate) ?? candidate.severity }))
}

/**
 * Returns parts, ascending by offset, without those that are a slice of another part of the same
 * rule and role: of a token with escapes the plain text shows only what precedes the first escape.
 */
export function removeSlices<T extends SlicedPart>(parts: readonly T[]): readonly T[] {
  const longest = new Map<string, T>()
  const slices = new Set<T>()
  for (const part of parts) {
    const key = `${part.rule.id} ${part.role}`
    const open = longest.get(key)
    if (open !== undefined && isSlice(part, open)) slices.add(part)
    else if (open !== undefined && isSlice(open, part)) slices.add(open)
    if (open === undefined || part.span.end >= open.span.end) longest.set(key, part)
  }
  return slices.size === 0 ? parts : parts.filter((part) => !slices.has(part))
}

type SlicedPart = Pick<Part, 'role' | 'span' | 'flaw'> & { readonly rule: Rule }

function isSlice(slice: SlicedPart, whole: SlicedPart): boolean {
  if (whole.flaw !== undefined && slice.flaw === undefined) return false
  const [a, b] = [slice.span, whole.span]
  return b.start <= a.start && a.end <= b.end && b.end - b.start > a.end - a.start
}

function* overlapping(
  candidates: readonly Candidate[],
): Generator<readonly [Candidate, Candidate]> {
  const intervals: Interval[] = candidates.flatMap((owner) =>
    owner.parts.map(({ span }) => ({ start: span.start, end: span.end, owner })),
  )
  intervals.sort((a, b) => a.start - b.start)
  let open: Interval[] = []
  for (const interval of intervals) {
    open = open.filter((earlier) => earlier.end > interval.start)
    for (const earlier of open)
      if (earlier.owner !== interval.owner) yield [earlier.owner, interval.owner]
    open.push(interval)
  }
}

function overlapsPart(span: Span, { parts }: Candidate): boolean {
  return parts.some((part) => part.span.start < span.end && span.start < part.span.end)
}

/** Compares last by severity and id, so that the order of discovery makes no difference. */
function isMoreSpecific(one: Candidate, other: Candidate): boolean {
  if (one.rule.generic !== other.rule.generic) return other.rule.generic
  if (one.rule.own !== other.rule.own) return other.rule.own === true
  if (isFoundByCode(one) !== isFoundByCode(other)) return isFoundByCode(one)
  if (length(one) !== length(other)) return length(one) > length(other)
  if (one.severity !== other.severity) return worseOf(one.severity, other.severity) === one.severity
  return one.rule.id <= other.rule.id
}

/** True for a rule without patterns, such as that for entries of env files. */
function isFoundByCode({ rule }: Candidate): boolean {
  return rule.parts.length === 0
}

/**
 * True for a user's own rule and a built-in one that found different values. A wide own rule must
 * not hide what stands within its match: it could be made for that.
 */
function areUnrelated(one: Candidate, other: Candidate): boolean {
  if (one.rule.own === other.rule.own) return false
  const [a, b] = [one.parts[0].span, other.parts[0].span]
  return a.start !== b.start || a.end !== b.end
}

/**
 * True when the flaw of a candidate is that everybody knows its value, and a generic rule found the
 * same value: under that rule it is no secret either.
 */
function settles(
  { parts: [{ flaw, span }] }: Candidate,
  { rule, parts: [other] }: Candidate,
): boolean {
  const isKnown =
    flaw?.by === 'placeholder' || /sample|documentation|public/.test(flaw?.reason ?? '')
  return isKnown && rule.generic && span.start === other.span.start && span.end === other.span.end
}

function length(candidate: Candidate): number {
  return candidate.parts[0].span.end - candidate.parts[0].span.start
}

function isFlawed(candidate: Candidate): boolean {
  return candidate.parts[0].flaw !== undefined
}
