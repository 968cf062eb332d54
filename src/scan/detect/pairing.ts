// The choice of a partner, a secret or a token, for each id of a blob: by names, then by structure
// and order, then by distance.
import type { Part } from '../../model/model.ts'
import type { Rule } from '../../model/rule.ts'
import { type Layout, levelsBetween } from './layout.ts'
import { listsIn, type ListPosition, orderCost } from './list-order.ts'
import { comparableNames, nameCost } from './name-cost.ts'

/** Parts on each side of an id that are considered as its partner. */
const MAX_NEIGHBOURS = 8

/** Partners with exactly the words of an id that are considered wherever they stand. */
const MAX_NAMESAKES = 4

/** Ids, besides its own, that a partner is kept as a possible partner of. */
const MAX_OTHER_IDS = 4

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

export type RuledPart = Part & { readonly rule: Rule; readonly layout?: Layout }

/** The partners of the ids of a blob. */
export interface Pairing {
  readonly partnerOf: ReadonlyMap<RuledPart, RuledPart>
  /** For each partner the ids, besides its own, that it may belong to; the likeliest first. */
  readonly otherIdsOf: ReadonlyMap<RuledPart, readonly RuledPart[]>
}

interface PossiblePair {
  readonly id: RuledPart
  readonly partner: RuledPart
  /** All but the distance, which alone is weak evidence. */
  readonly evidence: number
}

/**
 * Pairs ids with secrets or tokens, both ascending by offset, in the order of cost, each value with
 * one value only. The distance doubles for a partner before its id, since nearly every layout names
 * the id first. In a blob with as many partners as ids that begins with a partner and ends with an
 * id it doubles for a partner behind its id instead.
 */
export function* pair(
  ids: readonly RuledPart[],
  partners: readonly RuledPart[],
): Generator<undefined, Pairing> {
  const isReversed =
    ids.length === partners.length &&
    isBefore(partners[0], ids[0]) &&
    isBefore(partners.at(-1), ids.at(-1))
  const names = comparableNames(ids, partners)
  const positions = listsIn(ids, partners)
  const namesakes = partnersByName(partners, names)
  // Pairs of one cost are in the order of their offsets, as ids and partners are.
  const byCost = new Map<number, PossiblePair[]>()
  for (const id of ids) {
    const words = names.get(id) ?? []
    const near = new Set(neighboursOf(id, partners))
    if (words.length > 0)
      for (const partner of namesakes.get(words.join(' ')) ?? []) near.add(partner)
    for (const partner of positions.get(id)?.others ?? []) near.add(partner)
    for (const partner of near) {
      if (isTooFar(id, partner)) continue
      const evidence =
        nameCost(words, names.get(partner) ?? []) + evidenceOf(id, partner, positions)
      const isUnlikelyOrder = isBefore(partner, id) !== isReversed
      const cost = evidence + gap(id, partner) * (isUnlikelyOrder ? 2 : 1)
      const pairs = byCost.get(cost)
      if (pairs === undefined) byCost.set(cost, [{ id, partner, evidence }])
      else pairs.push({ id, partner, evidence })
    }
    yield
  }
  return yield* choosePairs(byCost)
}

function partnersByName(
  partners: readonly RuledPart[],
  names: ReadonlyMap<RuledPart, readonly string[]>,
): ReadonlyMap<string, readonly RuledPart[]> {
  const byName = new Map<string, RuledPart[]>()
  for (const partner of partners) {
    const name = (names.get(partner) ?? []).join(' ')
    const namesakes = byName.get(name) ?? []
    byName.set(name, namesakes)
    if (namesakes.length < MAX_NAMESAKES) namesakes.push(partner)
  }
  return byName
}

/** Takes each pair whose id is free and whose values are not paired with other values. */
function* choosePairs(
  byCost: ReadonlyMap<number, readonly PossiblePair[]>,
): Generator<undefined, Pairing> {
  const partnerOf = new Map<RuledPart, RuledPart>()
  const evidenceOfId = new Map<RuledPart, number>()
  const evidenceOfPartner = new Map<RuledPart, number>()
  const idOfValue = new Map<string, string>()
  const valueOfId = new Map<string, string>()
  for (const { id, partner, evidence } of cheapestFirst(byCost)) {
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
    evidenceOfId.set(id, evidence)
    evidenceOfPartner.set(partner, Math.min(evidence, evidenceOfPartner.get(partner) ?? Infinity))
    idOfValue.set(value, idValue)
    valueOfId.set(idValue, value)
  }
  const otherIdsOf = new Map<RuledPart, RuledPart[]>()
  for (const { id, partner, evidence } of cheapestFirst(byCost)) {
    yield
    if (idOfValue.get(partner.secret.reveal()) === id.secret.reveal()) continue
    const isAsLikely =
      evidence <= (evidenceOfPartner.get(partner) ?? ACCOUNT_COST - 1) ||
      evidence <= (evidenceOfId.get(id) ?? -1)
    const others = otherIdsOf.get(partner) ?? []
    if (!isAsLikely || others.length >= MAX_OTHER_IDS || hasValue(others, id)) continue
    otherIdsOf.set(partner, [...others, id])
  }
  return { partnerOf, otherIdsOf }
}

function* cheapestFirst(
  byCost: ReadonlyMap<number, readonly PossiblePair[]>,
): Generator<PossiblePair> {
  for (const cost of Float64Array.from(byCost.keys()).sort()) yield* byCost.get(cost) ?? []
}

function hasValue(parts: readonly RuledPart[], part: RuledPart): boolean {
  return parts.some(({ secret }) => secret.reveal() === part.secret.reveal())
}

function neighboursOf(id: RuledPart, partners: readonly RuledPart[]): readonly RuledPart[] {
  const next = firstAfter(partners, id.span.start)
  return partners.slice(Math.max(0, next - MAX_NEIGHBOURS), next + MAX_NEIGHBOURS)
}

/** True for a secret whose name says nothing, too far away from an id. */
function isTooFar(id: RuledPart, partner: RuledPart): boolean {
  return partner.alone === 'never' && partner.pairs !== 'named' && gap(id, partner) > UNNAMED_COST
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

function evidenceOf(
  id: RuledPart,
  partner: RuledPart,
  positions: ReadonlyMap<RuledPart, ListPosition>,
): number {
  return (
    layoutCost(id.layout, partner.layout) +
    orderCost(positions.get(id), positions.get(partner)) +
    (isOfAnotherAccount(id, partner) ? ACCOUNT_COST : 0) +
    (partner.alone === 'never' && partner.pairs !== 'named' && partner.role === 'secret'
      ? UNNAMED_COST
      : 0)
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
export function gap(a: RuledPart, b: RuledPart): number {
  return Math.max(a.span.start, b.span.start) - Math.min(a.span.end, b.span.end)
}
