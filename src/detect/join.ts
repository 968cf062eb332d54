import type { Candidate, Part } from '../model.ts'
import type { Rule, Severity } from '../rule.ts'

/** How many neighbours on each side are considered for a pair. */
const NEIGHBOURS = 8

/** A secret without a name must be this much closer than one that has one. */
const UNNAMED_COST = 2000

type RuledPart = Part & { readonly rule: Rule }
type Where = Candidate['blob']

/**
 * Joins the parts of a blob, ascending by offset, into credentials. Sound parts go with sound ones and flawed with
 * flawed ones, so that a placeholder never takes a real id's place.
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
 * The nearest goes with the nearest, each value once: costs are bytes between them, doubled for a secret that stands
 * before its id, since nearly every layout names the id first.
 */
function pair(ids: readonly RuledPart[], others: readonly RuledPart[]): Map<RuledPart, RuledPart> {
  const edges = ids.flatMap((id) => neighboursOf(id, others).map((other) => ({ id, other, cost: costOf(id, other) })))
  edges.sort((a, b) => a.cost - b.cost || a.id.span.start - b.id.span.start || a.other.span.start - b.other.span.start)
  const partner = new Map<RuledPart, RuledPart>()
  const owner = new Map<string, string>()
  const ownedBy = new Map<string, string>()
  for (const { id, other } of edges) {
    const idValue = id.secret.reveal()
    const value = other.secret.reveal()
    if (partner.has(id) || (owner.get(value) ?? idValue) !== idValue || (ownedBy.get(idValue) ?? value) !== value) continue
    partner.set(id, other)
    owner.set(value, idValue)
    ownedBy.set(idValue, value)
  }
  return partner
}

function neighboursOf(id: RuledPart, others: readonly RuledPart[]): readonly RuledPart[] {
  const after = firstAfter(others, id.span.start)
  return others.slice(Math.max(0, after - NEIGHBOURS), after + NEIGHBOURS).filter((other) => other.alone !== 'never' || gap(id, other) <= UNNAMED_COST)
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

function costOf(id: RuledPart, other: RuledPart): number {
  const before = other.span.start < id.span.start
  return gap(id, other) * (before ? 2 : 1) + (other.alone === 'never' && other.role === 'secret' ? UNNAMED_COST : 0)
}

function gap(a: RuledPart, b: RuledPart): number {
  return Math.max(a.span.start, b.span.start) - Math.min(a.span.end, b.span.end)
}

/** Of the parts that were found; the one that matters most comes first. */
function credential(blob: Where, part: RuledPart, secret?: RuledPart, token?: RuledPart): Candidate {
  const [first, ...rest] = [secret, token, part].filter((one) => one !== undefined)
  const parts: [Part, ...Part[]] = first === undefined ? [part] : [first, ...rest]
  return {
    rule: part.rule,
    parts,
    severity: secret === undefined ? severityAlone(part) : part.rule.severity,
    blob,
    explanation: [...parts.map((one) => one.found), ...(secret === undefined ? [] : [`id and secret stand ${gap(part, secret)} bytes apart`])],
  }
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
