// The pairing of parts: an id, its secret and its token become one credential.
import type { Candidate, Part } from '../../model/model.ts'
import type { Severity } from '../../model/rule.ts'
import { levelsBetween } from './layout.ts'
import { gap, pair, type Pairing, type RuledPart } from './pairing.ts'

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
    const ofSecrets = yield* pair(
      ids.filter(({ pairs }) => pairs !== 'tokens'),
      secrets,
    )
    const { partnerOf: tokenOf } = yield* pair(ids, tokens)
    const paired = new Set([...ofSecrets.partnerOf.values(), ...tokenOf.values()])
    for (const id of ids) {
      const secret = ofSecrets.partnerOf.get(id)
      if (secret !== undefined || id.alone !== 'never')
        candidates.push(
          withOtherIds(credential(blob, id, secret, tokenOf.get(id)), secret, ofSecrets),
        )
      yield
    }
    for (const part of [...secrets, ...tokens]) {
      if (!paired.has(part) && part.alone !== 'never')
        candidates.push(withOtherIds(credential(blob, part), part, ofSecrets))
    }
  }
  return candidates
}

/** Adds the ids to which a secret may belong too, and says so. */
function withOtherIds(
  candidate: Candidate,
  secret: RuledPart | undefined,
  { otherIdsOf }: Pairing,
): Candidate {
  const otherIds = secret === undefined ? undefined : otherIdsOf.get(secret)
  if (otherIds === undefined) return candidate
  const others = otherIds.length === 1 ? 'one other id' : `${otherIds.length} other ids`
  const isPaired = candidate.parts.some(({ role }) => role === 'id')
  const reason = isPaired
    ? `the secret may belong to ${others} near it instead`
    : `the secret may belong to ${otherIds.length === 1 ? 'an id' : `one of ${otherIds.length} ids`} near it`
  return { ...candidate, otherIds, explanation: [...candidate.explanation, reason] }
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
