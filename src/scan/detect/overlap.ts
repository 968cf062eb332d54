import type { Candidate, Part, Span } from '../../model/model.ts'
import { type Rule, type Severity, worseOf } from '../../model/rule.ts'

interface Interval {
  readonly start: number
  readonly end: number
  readonly owner: Candidate
}

/**
 * Where two rules found the same bytes, keeps the one that knows more: a provider's rule before a
 * generic one, then the longer secret. The generic one's severity is kept when it is worse, since
 * it knows the name the secret goes by. A credential stays when only its lesser parts are in
 * another one, as the id of a signed address is, whose secret stands elsewhere.
 */
export function overlap(candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.length < 2) return candidates
  const dropped = new Set<Candidate>()
  const raised = new Map<Candidate, Severity>()
  for (const [one, other] of overlapping(candidates)) {
    if (
      dropped.has(one) ||
      dropped.has(other) ||
      one.rule === other.rule ||
      areStrangers(one, other)
    )
      continue
    const [kept, lesser] = knowsMore(one, other) ? [one, other] : [other, one]
    // A flawed one says nothing about the value as another rule reads it.
    if ((isFlawed(kept) && !isFlawed(lesser)) || !isWithinReach(lesser.parts[0].span, kept))
      continue
    dropped.add(lesser)
    if ((lesser.rule.generic || lesser.rule.own === true) && isFlawed(kept) === isFlawed(lesser))
      raised.set(kept, worseOf(raised.get(kept) ?? kept.severity, lesser.severity))
  }
  return candidates
    .filter((candidate) => !dropped.has(candidate))
    .map((candidate) => ({ ...candidate, severity: raised.get(candidate) ?? candidate.severity }))
}

/**
 * Parts, ascending by offset, without those that are a slice of another part of the same kind: of a
 * token with escapes, the text as it stands shows only what precedes the first.
 */
export function withoutSlices<T extends SlicedPart>(parts: readonly T[]): readonly T[] {
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

function isWithinReach(span: Span, { parts }: Candidate): boolean {
  return parts.some((part) => part.span.start < span.end && span.start < part.span.end)
}

/** In the end by severity and id, so that it is the same in whatever order they were found. */
function knowsMore(one: Candidate, other: Candidate): boolean {
  if (one.rule.generic !== other.rule.generic) return other.rule.generic
  if (one.rule.own !== other.rule.own) return other.rule.own === true
  if (isOfCode(one) !== isOfCode(other)) return isOfCode(one)
  if (length(one) !== length(other)) return length(one) > length(other)
  if (one.severity !== other.severity) return worseOf(one.severity, other.severity) === one.severity
  return one.rule.id <= other.rule.id
}

/** Found by code that read its file as what it is, as entries of an env file are. */
function isOfCode({ rule }: Candidate): boolean {
  return rule.parts.length === 0
}

/**
 * A rule of the user's own and one of ours, of which each found something else. A wide rule must
 * not put out of sight what stands within its reach: it could be made for that.
 */
function areStrangers(one: Candidate, other: Candidate): boolean {
  if (one.rule.own === other.rule.own) return false
  const [a, b] = [one.parts[0].span, other.parts[0].span]
  return a.start !== b.start || a.end !== b.end
}

function length(candidate: Candidate): number {
  return candidate.parts[0].span.end - candidate.parts[0].span.start
}

function isFlawed(candidate: Candidate): boolean {
  return candidate.parts[0].flaw !== undefined
}
