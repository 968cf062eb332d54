// The pairing of parts: an id, its secret and its token become one credential.
import type { Candidate, Part } from '../../model/model.ts'
import type { Rule, Severity } from '../../model/rule.ts'
import { type Layout, levelsBetween } from './layout.ts'

/** Parts on each side of an id that are considered as its partner. */
const MAX_NEIGHBOURS = 8

/** Extra distance, in bytes, of a secret without a name, and the most at which it is paired. */
const UNNAMED_COST = 2000

/** Extra distances, in bytes: of each level of structure between two parts, and of another line. */
const LEVEL_COST = 1000
const LINE_COST = 1000

/** Extra distance, in bytes, of an empty line between two parts. */
const PARAGRAPH_COST = 500

/**
 * Extra distance, in bytes, of another account. Tokens and newer ids contain their account, and a
 * pair of two accounts is made only when there is no other partner.
 */
const ACCOUNT_COST = 1e6

type RuledPart = Part & { readonly rule: Rule; readonly layout?: Layout }
type BlobOrigin = Candidate['blob']

/**
 * Joins the parts of a blob, ascending by offset, into credentials. Parts with a flaw are joined
 * with each other only, so that a placeholder never takes the place of a real id. Yields after each
 * short step, as a file may have a hundred thousand parts.
 */
export function* joinParts(
  parts: readonly RuledPart[],
  blob: BlobOrigin,
): Generator<undefined, readonly Candidate[]> {
  const candidates: Candidate[] = []
  for (const group of groupsOf(parts, (part) => `${part.rule.id} ${part.flaw === undefined}`)) {
    const ids = group.filter((part) => part.role === 'id')
    const secrets = group.filter((part) => part.role === 'secret')
    const tokens = group.filter((part) => part.role === 'token')
    const secretOf = yield* pair(ids, secrets)
    const tokenOf = yield* pair(ids, tokens)
    const paired = new Set([...secretOf.values(), ...tokenOf.values()])
    for (const id of ids) {
      candidates.push(credential(blob, id, secretOf.get(id), tokenOf.get(id)))
      yield
    }
    for (const part of [...secrets, ...tokens]) {
      if (!paired.has(part) && part.alone !== 'never') candidates.push(credential(blob, part))
    }
  }
  return candidates
}

interface PossiblePair {
  readonly id: RuledPart
  readonly partner: RuledPart
}

/**
 * Pairs ids with secrets or tokens, in the order of cost, each value with one value only. The cost
 * doubles for a partner before its id, since nearly every layout names the id first. In a blob with
 * as many partners as ids that begins with a partner and ends with an id it doubles for a partner
 * behind its id instead.
 */
function* pair(
  ids: readonly RuledPart[],
  partners: readonly RuledPart[],
): Generator<undefined, Map<RuledPart, RuledPart>> {
  const isReversed =
    ids.length === partners.length &&
    isBefore(partners[0], ids[0]) &&
    isBefore(partners.at(-1), ids.at(-1))
  // Pairs of one cost are in the order of their offsets, as ids and partners are.
  const byCost = new Map<number, PossiblePair[]>()
  for (const id of ids) {
    for (const partner of neighboursOf(id, partners)) {
      const cost = costOf(id, partner, isReversed)
      const pairs = byCost.get(cost)
      if (pairs === undefined) byCost.set(cost, [{ id, partner }])
      else pairs.push({ id, partner })
    }
    yield
  }
  return yield* choosePairs(byCost)
}

/** Takes each pair whose id is free and whose values are not paired with other values. */
function* choosePairs(
  byCost: ReadonlyMap<number, readonly PossiblePair[]>,
): Generator<undefined, Map<RuledPart, RuledPart>> {
  const partnerOf = new Map<RuledPart, RuledPart>()
  const idOfValue = new Map<string, string>()
  const valueOfId = new Map<string, string>()
  for (const { id, partner } of cheapestFirst(byCost)) {
    yield
    const idValue = id.secret.reveal()
    const value = partner.secret.reveal()
    if (
      partnerOf.has(id) ||
      (idOfValue.get(value) ?? idValue) !== idValue ||
      (valueOfId.get(idValue) ?? value) !== value
    )
      continue
    partnerOf.set(id, partner)
    idOfValue.set(value, idValue)
    valueOfId.set(idValue, value)
  }
  return partnerOf
}

function* cheapestFirst(
  byCost: ReadonlyMap<number, readonly PossiblePair[]>,
): Generator<PossiblePair> {
  for (const cost of Float64Array.from(byCost.keys()).sort()) yield* byCost.get(cost) ?? []
}

function neighboursOf(id: RuledPart, partners: readonly RuledPart[]): readonly RuledPart[] {
  const next = firstAfter(partners, id.span.start)
  return partners
    .slice(Math.max(0, next - MAX_NEIGHBOURS), next + MAX_NEIGHBOURS)
    .filter((partner) => partner.alone !== 'never' || gap(id, partner) <= UNNAMED_COST)
}

function isOfAnotherAccount(id: RuledPart, partner: RuledPart): boolean {
  const [idAccount, partnerAccount] = [id.facts['accountId'], partner.facts['accountId']]
  return idAccount !== undefined && partnerAccount !== undefined && idAccount !== partnerAccount
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

function costOf(id: RuledPart, partner: RuledPart, isReversed: boolean): number {
  const isUnlikelyOrder = isBefore(partner, id) !== isReversed
  return (
    gap(id, partner) * (isUnlikelyOrder ? 2 : 1) +
    layoutCost(id.layout, partner.layout) +
    (isOfAnotherAccount(id, partner) ? ACCOUNT_COST : 0) +
    (partner.alone === 'never' && partner.role === 'secret' ? UNNAMED_COST : 0)
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

/** Returns the number of bytes between two parts. */
function gap(a: RuledPart, b: RuledPart): number {
  return Math.max(a.span.start, b.span.start) - Math.min(a.span.end, b.span.end)
}

/** Builds a credential. Its first part is the most important one that was found. */
function credential(
  blob: BlobOrigin,
  part: RuledPart,
  secret?: RuledPart,
  token?: RuledPart,
): Candidate {
  const [first, ...rest] = [secret, token, part].filter((found) => found !== undefined)
  const parts: [Part, ...Part[]] = first === undefined ? [part] : [first, ...rest]
  return {
    rule: part.rule,
    parts,
    severity: secret === undefined ? severityAlone(part) : part.rule.severity,
    blob,
    explanation: [
      ...parts.map(({ found }) => found),
      ...(secret === undefined ? [] : [reasonFor(part, secret)]),
    ],
  }
}

/** Returns why an id and a secret are one credential, in words. */
function reasonFor(id: RuledPart, secret: RuledPart): string {
  const [idLayout, secretLayout] = [id.layout, secret.layout]
  const apart = `id and secret stand ${gap(id, secret)} bytes apart`
  if (idLayout === undefined || secretLayout === undefined) return apart
  if (idLayout.line === secretLayout.line) return `${apart}, on one line`
  return idLayout.openers.length > 0 && levelsBetween(idLayout, secretLayout) === 0
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
