import type { Finding, Place } from '../../model/model.ts'
import { compareSeverity } from '../../model/rule.ts'
import { idFingerprint } from '../shards/id-fingerprints.ts'
import { compareFindings } from './order.ts'
import { regionsOf } from './regions.ts'
import { isExpired } from './downgrade-expired.ts'

/** How near two places are, the nearest first: places of one key are near to each other. */
const levels: readonly {
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
      'id and secret stand in different places, and of all that was scanned each is the only one without the other',
  },
]

/**
 * Joins ids that were found without their secret and secrets that were found without their id, in
 * different files or commits. Only where there is no choice: what could go with two others stays
 * alone, and says so. A lone id that some pair has too is one more place of that pair. Worst first.
 */
export function joinAcrossFiles(findings: readonly Finding[]): readonly Finding[] {
  const all = new Set(findings)
  addLoneIds(all)
  for (const { keyOf, reason } of levels) {
    for (const [id, secret] of soleMatches([...all], keyOf)) {
      all.delete(id)
      all.delete(secret)
      all.add(joined(secret, id, reason))
    }
  }
  return withDoubts([...all]).toSorted(compareFindings)
}

/** Gives the places of a lone id to the one pair that has the same id. */
function addLoneIds(all: Set<Finding>): void {
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
 * Lone ids and lone secrets that stand near only one of the other kind, each. What has expired and
 * bait stay alone: a live secret elsewhere is not theirs.
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

type ByKey = ReadonlyMap<string, ReadonlySet<Finding>>

function placesByKey(
  findings: readonly Finding[],
  keyOf: (place: Place) => string | undefined,
): ByKey {
  const found = new Map<string, Set<Finding>>()
  for (const finding of findings) {
    for (const place of finding.places) {
      const near = keyOf(place)
      if (near === undefined) continue
      const key = `${finding.rule.family}\0${near}`
      const group = found.get(key) ?? new Set()
      found.set(key, group.add(finding))
    }
  }
  return found
}

/**
 * For each of the one kind the only one of the other kind near it, or null where there are several.
 */
function soleNeighbours(one: ByKey, other: ByKey): ReadonlyMap<Finding, Finding | null> {
  const sole = new Map<Finding, Finding | null>()
  for (const [key, group] of one) {
    // More than two say no more than two do.
    const near = [...(other.get(key) ?? [])].slice(0, 2)
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

function joined(secret: Finding, id: Finding, reason: string): Finding {
  const { rule } = secret
  return {
    ...secret,
    severity:
      [rule.severity, secret.severity, id.severity].toSorted(compareSeverity).at(-1) ??
      rule.severity,
    parts: [
      ...secret.parts,
      ...id.parts.filter((part) => !secret.parts.some(({ role }) => role === part.role)),
    ],
    facts: { ...id.facts, ...secret.facts },
    places: [...secret.places, ...id.places],
    ...regionsOf(secret, id),
    explanation: [...new Set([...secret.explanation, ...id.explanation, reason])],
  }
}

/** Says of what stays alone beside others that stay alone why it was not joined. */
function withDoubts(findings: readonly Finding[]): readonly Finding[] {
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
        `not joined: ids without a secret: ${ids}, secrets without an id: ${secrets}, and nothing says which belong together`,
      ],
    }
  })
}

function isLoneId({ rule, parts }: Finding): boolean {
  return (
    parts.length === 1 &&
    parts[0]?.role === 'id' &&
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
