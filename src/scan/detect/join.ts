import type { Candidate, Part } from '../../model/model.ts'
import type { Rule, Severity } from '../../model/rule.ts'
import { type Layout, levelsBetween } from './layout.ts'

/** How many neighbours on each side are considered for a pair. */
const NEIGHBOURS = 8

/** A secret without a name must be this much closer than one that has one. */
const UNNAMED_COST = 2000

/**
 * What each level of brackets, sections and items between two parts counts, in bytes; and that they
 * stand on different lines.
 */
const LEVEL_COST = 1000
const LINE_COST = 1000

/** What an empty line between them counts. */
const PARAGRAPH_COST = 500

/**
 * Tokens and newer ids tell their account: those of different ones go together only where there is
 * no other choice.
 */
const ACCOUNT_COST = 1e6

type RuledPart = Part & { readonly rule: Rule; readonly layout?: Layout }
type Where = Candidate['blob']

/**
 * Joins the parts of a blob, ascending by offset, into credentials. Sound parts go with sound ones
 * and flawed with flawed ones, so that a placeholder never takes a real id's place.
 */
export function join(parts: readonly RuledPart[], blob: Where): readonly Candidate[] {
  const candidates: Candidate[] = []
  for (const group of groupsOf(parts, (part) => `${part.rule.id} ${part.flaw === undefined}`)) {
    const ids = group.filter((part) => part.role === 'id')
    const secrets = group.filter((part) => part.role === 'secret')
    const tokens = group.filter((part) => part.role === 'token')
    const secretOf = pair(ids, secrets)
    const tokenOf = pair(ids, tokens)
    const taken = new Set([...secretOf.values(), ...tokenOf.values()])
    for (const id of ids) {
      candidates.push(credential(blob, id, secretOf.get(id), tokenOf.get(id)))
    }
    for (const part of [...secrets, ...tokens]) {
      if (!taken.has(part) && part.alone !== 'never') candidates.push(credential(blob, part))
    }
  }
  return candidates
}

/**
 * What stands in one record goes together, then the nearest with the nearest, each value once:
 * costs are bytes between them, doubled for a secret that stands before its id, since nearly every
 * layout names the id first. Where secrets begin and ids end a file, with as many of them, it is
 * the other way round.
 */
function pair(ids: readonly RuledPart[], others: readonly RuledPart[]): Map<RuledPart, RuledPart> {
  const isReversed =
    ids.length === others.length &&
    isBefore(others[0], ids[0]) &&
    isBefore(others.at(-1), ids.at(-1))
  const edges = ids.flatMap((id) =>
    neighboursOf(id, others).map((other) => ({ id, other, cost: costOf(id, other, isReversed) })),
  )
  edges.sort(
    (a, b) =>
      a.cost - b.cost ||
      a.id.span.start - b.id.span.start ||
      a.other.span.start - b.other.span.start,
  )
  const partner = new Map<RuledPart, RuledPart>()
  const owner = new Map<string, string>()
  const ownedBy = new Map<string, string>()
  for (const { id, other } of edges) {
    const idValue = id.secret.reveal()
    const value = other.secret.reveal()
    if (
      partner.has(id) ||
      (owner.get(value) ?? idValue) !== idValue ||
      (ownedBy.get(idValue) ?? value) !== value
    )
      continue
    partner.set(id, other)
    owner.set(value, idValue)
    ownedBy.set(idValue, value)
  }
  return partner
}

function neighboursOf(id: RuledPart, others: readonly RuledPart[]): readonly RuledPart[] {
  const after = firstAfter(others, id.span.start)
  return others
    .slice(Math.max(0, after - NEIGHBOURS), after + NEIGHBOURS)
    .filter((other) => other.alone !== 'never' || gap(id, other) <= UNNAMED_COST)
}

function isOfAnotherAccount(id: RuledPart, other: RuledPart): boolean {
  const [one, two] = [id.facts['accountId'], other.facts['accountId']]
  return one !== undefined && two !== undefined && one !== two
}

function isBefore(one: RuledPart | undefined, other: RuledPart | undefined): boolean {
  return one !== undefined && other !== undefined && one.span.start < other.span.start
}

function firstAfter(parts: readonly RuledPart[], offset: number): number {
  let low = 0
  let high = parts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((parts[middle]?.span.start ?? Infinity) < offset) low = middle + 1
    else high = middle
  }
  return low
}

function costOf(id: RuledPart, other: RuledPart, isReversed: boolean): number {
  const unlikely = isBefore(other, id) !== isReversed
  return (
    gap(id, other) * (unlikely ? 2 : 1) +
    layoutCost(id.layout, other.layout) +
    (isOfAnotherAccount(id, other) ? ACCOUNT_COST : 0) +
    (other.alone === 'never' && other.role === 'secret' ? UNNAMED_COST : 0)
  )
}

function layoutCost(one: Layout | undefined, other: Layout | undefined): number {
  if (one === undefined || other === undefined) return 0
  return (
    LEVEL_COST * levelsBetween(one, other) +
    (one.line === other.line ? 0 : LINE_COST) +
    (one.paragraph === other.paragraph ? 0 : PARAGRAPH_COST)
  )
}

function gap(a: RuledPart, b: RuledPart): number {
  return Math.max(a.span.start, b.span.start) - Math.min(a.span.end, b.span.end)
}

/** Of the parts that were found; the one that matters most comes first. */
function credential(
  blob: Where,
  part: RuledPart,
  secret?: RuledPart,
  token?: RuledPart,
): Candidate {
  const [first, ...rest] = [secret, token, part].filter((one) => one !== undefined)
  const parts: [Part, ...Part[]] = first === undefined ? [part] : [first, ...rest]
  return {
    rule: part.rule,
    parts,
    severity: secret === undefined ? severityAlone(part) : part.rule.severity,
    blob,
    explanation: [
      ...parts.map((one) => one.found),
      ...(secret === undefined ? [] : [reasonFor(part, secret)]),
    ],
  }
}

/** Why an id and a secret are taken for one credential, in words. */
function reasonFor(id: RuledPart, secret: RuledPart): string {
  const [one, other] = [id.layout, secret.layout]
  const apart = `id and secret stand ${gap(id, secret)} bytes apart`
  if (one === undefined || other === undefined) return apart
  if (one.line === other.line) return `${apart}, on one line`
  return one.openers.length > 0 && levelsBetween(one, other) === 0
    ? `${apart}, in one section, item or pair of brackets`
    : apart
}

function severityAlone(part: RuledPart): Severity {
  return part.alone === 'never' ? 'low' : part.alone
}

function groupsOf<T>(items: readonly T[], keyOf: (item: T) => string): Iterable<readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups.values()
}
