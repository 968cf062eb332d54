/** Joins the id and the secret of a credential that were found in different files or commits. */
import type { Finding, Place } from '../../model/model.ts'
import { compareSeverity } from '../../model/rule.ts'
import { idFingerprint } from '../shards/id-fingerprints.ts'
import { compareFindings } from './order.ts'
import { otherIdsField } from './other-ids.ts'
import { mergeRegions } from './regions.ts'
import { isExpired } from './downgrade-expired.ts'

/** Levels of proximity, the nearest first. Two places with the same key are near to each other. */
const proximityLevels: readonly {
  readonly keyOf: (place: Place) => string | undefined
  readonly reason: string
}[] = [
  {
    keyOf: ({ origin }) => pathOf(origin),
    reason: 'id and secret stood in one file, at different times',
  },
  {
    keyOf: ({ origin }) => folderOf(origin),
    reason:
      'id and secret stand in different files of one folder, each the only one there without the other',
  },
  {
    keyOf: ({ origin }) => origin.commit,
    reason: 'id and secret came with one commit, each the only one there without the other',
  },
  {
    keyOf: () => '',
    reason:
      'id and secret stand in different places, ' +
      'and of all that was scanned each is the only one without the other',
  },
]

/**
 * Joins ids found without their secret with secrets found without their id, in different files or
 * commits. Only unambiguous pairs are joined: a part that could belong to two others stays alone,
 * and its explanation says so. A lone id that exactly one pair has too becomes a place of that
 * pair. The result is sorted, worst first.
 */
export function joinAcrossFiles(findings: readonly Finding[]): readonly Finding[] {
  const all = new Set(findings)
  addLoneIdsToPairs(all)
  for (const { keyOf, reason } of proximityLevels) {
    for (const [id, secret] of soleMatches([...all], keyOf)) {
      all.delete(id)
      all.delete(secret)
      all.add(joinPair(secret, id, reason))
    }
  }
  return explainUnjoined(withNearIds([...all])).toSorted(compareFindings)
}

/** Moves the places of a lone id to the pair with the same id, if there is only one. */
function addLoneIdsToPairs(all: Set<Finding>): void {
  const pairs = new Map<string, Finding | null>()
  for (const finding of all) {
    const id = nameOfId(finding)
    if (id === undefined || !finding.parts.some(({ role }) => role === 'secret')) continue
    const key = `${finding.rule.family} ${id}`
    pairs.set(key, pairs.has(key) ? null : finding)
  }
  for (const lone of [...all].filter(isLoneId)) {
    const key = `${lone.rule.family} ${nameOfId(lone) ?? ''}`
    const pair = pairs.get(key)
    if (pair === undefined || pair === null) continue
    const merged: Finding = { ...pair, places: [...pair.places, ...lone.places] }
    all.delete(lone)
    all.delete(pair)
    all.add(merged)
    pairs.set(key, merged)
  }
}

/**
 * Returns the lone ids and lone secrets that are each the only one near the other. Expired
 * credentials and canary tokens stay alone: a live secret elsewhere does not belong to them.
 */
function soleMatches(
  findings: readonly Finding[],
  keyOf: (place: Place) => string | undefined,
): readonly (readonly [id: Finding, secret: Finding])[] {
  const live = findings.filter(({ facts }) => !isExpired(facts))
  const secretsAt = placesByKey(live.filter(isLoneSecret), keyOf)
  const idsAt = placesByKey(live.filter(isLoneId), keyOf)
  const soleSecret = soleNeighbours(idsAt, secretsAt)
  const soleId = soleNeighbours(secretsAt, idsAt)
  return [...soleSecret].flatMap(([id, secret]) =>
    secret !== null && soleId.get(secret) === id ? [[id, secret] as const] : [],
  )
}

type FindingsByKey = ReadonlyMap<string, ReadonlySet<Finding>>

function placesByKey(
  findings: readonly Finding[],
  keyOf: (place: Place) => string | undefined,
): FindingsByKey {
  const byKey = new Map<string, Set<Finding>>()
  for (const finding of findings) {
    for (const place of finding.places) {
      const near = keyOf(place)
      if (near === undefined) continue
      const key = `${finding.rule.family}\0${near}`
      const group = byKey.get(key) ?? new Set()
      byKey.set(key, group.add(finding))
    }
  }
  return byKey
}

/**
 * Maps each finding of one kind to the only finding of the other kind near it, or to null where
 * there are several.
 */
function soleNeighbours(
  ofKind: FindingsByKey,
  ofOtherKind: FindingsByKey,
): ReadonlyMap<Finding, Finding | null> {
  const sole = new Map<Finding, Finding | null>()
  for (const [key, group] of ofKind) {
    // Two neighbours are enough to make a pair ambiguous.
    const near = [...(ofOtherKind.get(key) ?? [])].slice(0, 2)
    for (const finding of group) {
      for (const neighbour of near)
        sole.set(
          finding,
          (sole.get(finding) ?? neighbour) === neighbour && sole.get(finding) !== null
            ? neighbour
            : null,
        )
    }
  }
  return sole
}

function joinPair(secret: Finding, id: Finding, reason: string): Finding {
  const { rule } = secret
  const parts = [
    ...secret.parts,
    ...id.parts.filter((part) => !secret.parts.some(({ role }) => role === part.role)),
  ]
  const { otherIds: _, ...rest } = secret
  return {
    ...rest,
    severity:
      [rule.severity, secret.severity, id.severity].toSorted(compareSeverity).at(-1) ??
      rule.severity,
    parts,
    facts: { ...id.facts, ...secret.facts },
    places: [...secret.places, ...id.places],
    ...mergeRegions(secret, id),
    ...otherIdsField({ rule, parts }, [secret, id]),
    explanation: [...new Set([...secret.explanation, ...id.explanation, reason])],
  }
}

/** Levels within which an id may belong to a secret though others are as near. */
const POSSIBLE_LEVELS = proximityLevels.slice(0, 2)

/** Adds to each secret that stays alone the ids in its file, else in its folder, to verify it with. */
function withNearIds(findings: readonly Finding[]): readonly Finding[] {
  const live = findings.filter(({ facts }) => !isExpired(facts))
  const [secrets, ids] = [live.filter(isLoneSecret), live.filter(isLoneId)]
  if (secrets.length === 0 || ids.length === 0) return findings
  const nearIds = new Map<Finding, readonly Finding[]>()
  for (const { keyOf } of POSSIBLE_LEVELS) {
    const idsAt = placesByKey(ids, keyOf)
    for (const [key, group] of placesByKey(secrets, keyOf))
      for (const secret of group)
        if (!nearIds.has(secret) && idsAt.has(key)) nearIds.set(secret, [...(idsAt.get(key) ?? [])])
  }
  return findings.map((finding) => {
    const near = nearIds.get(finding)
    return near === undefined
      ? finding
      : { ...finding, ...otherIdsField(finding, [finding, ...near]) }
  })
}

/** Adds to each finding that stays alone beside others an explanation why it was not joined. */
function explainUnjoined(findings: readonly Finding[]): readonly Finding[] {
  const counts = new Map<string, { ids: number; secrets: number }>()
  for (const finding of findings) {
    const count = counts.get(finding.rule.family) ?? { ids: 0, secrets: 0 }
    counts.set(finding.rule.family, count)
    if (isLoneId(finding)) count.ids += 1
    if (isLoneSecret(finding)) count.secrets += 1
  }
  return findings.map((finding) => {
    const { ids, secrets } = counts.get(finding.rule.family) ?? { ids: 0, secrets: 0 }
    if (ids === 0 || secrets === 0 || !(isLoneId(finding) || isLoneSecret(finding))) return finding
    return {
      ...finding,
      explanation: [
        ...finding.explanation,
        `not joined: ids without a secret: ${ids}, secrets without an id: ${secrets}, ` +
          'and nothing says which belong together',
      ],
    }
  })
}

function isLoneId({ rule, parts }: Finding): boolean {
  return (
    parts.length === 1 &&
    parts[0]?.role === 'id' &&
    parts[0].isSigned !== true &&
    rule.parts.some(({ role }) => role === 'secret')
  )
}

function isLoneSecret({ rule, parts }: Finding): boolean {
  return (
    parts.some(({ role }) => role === 'secret') &&
    !parts.some(({ role }) => role === 'id') &&
    rule.parts.some(({ role }) => role === 'id')
  )
}

function nameOfId({ rule, parts }: Finding): string | undefined {
  const id = parts.find(({ role }) => role === 'id')
  return id && idFingerprint(rule, id)
}

function pathOf({ path }: Place['origin']): string | undefined {
  return path?.text
}

function folderOf({ path }: Place['origin']): string | undefined {
  return path?.text.slice(0, path.text.lastIndexOf('/') + 1)
}
