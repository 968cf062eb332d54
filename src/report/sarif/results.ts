import type { Attribution, Finding, Introduction, Place, Suppressed } from '../../model/model.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { exposureOf } from '../wording/exposure.ts'
import type { ReportOptions } from '../options.ts'
import { groupPlaces, mainPlace } from '../wording/places.ts'
import { verificationText } from '../wording/verified.ts'
import { whereText } from '../wording/where.ts'
import { locationOf } from './locations.ts'
import { type RuleTable, levelOf, messageText } from './rules.ts'

/** GitHub refuses a result with more, and shows a hundred. */
const [maxLocations, maxUsually] = [1000, 100] as const

/** A finding. What tells it from others is its fingerprint, so lines and files may move. */
export function resultOf(finding: Finding, rules: RuleTable, options: ReportOptions): object {
  const { rule, severity, fingerprint, parts, facts, verification, explanation, lapsed } = finding
  const main = mainPlace(finding)
  return {
    ...rules.take(rule, severity),
    kind: 'fail',
    level: levelOf(severity),
    message: { text: messageOf(finding) },
    locations: [locationOf(main)],
    ...relatedOf(finding, main, options),
    fingerprints: { 'oakum/v1': fingerprint },
    partialFingerprints: { primaryLocationLineHash: `${fingerprint}:1` },
    properties: {
      severity,
      redacted: parts.map(({ role, redacted }) => `${role} ${redacted}`),
      where: whereText(main),
      ...(finding.attribution && { attribution: attributionOf(finding.attribution) }),
      verification: { ...verification },
      facts,
      explanation: lapsed === undefined ? explanation : [...explanation, lapsed],
    },
  }
}

/**
 * What was ruled out, marked as such. GitHub shows it all the same, so it is written only when
 * asked for.
 */
export function suppressedOf(
  { rule, suppression, redacted, place, finding }: Suppressed,
  rules: RuleTable,
): object {
  const { by, reason } = suppression
  return {
    ...(finding === undefined
      ? rules.takeUnknown(rule)
      : rules.take(finding.rule, finding.severity)),
    kind: 'fail',
    level: finding === undefined ? 'note' : levelOf(finding.severity),
    message: {
      text: messageText(`${finding?.rule.description ?? rule} (${redacted}), suppressed`),
    },
    locations: [locationOf(place)],
    ...(finding && {
      fingerprints: { 'oakum/v1': finding.fingerprint },
      partialFingerprints: { primaryLocationLineHash: `${finding.fingerprint}:1` },
    }),
    suppressions: [
      {
        kind: by === 'inline' ? 'inSource' : 'external',
        status: 'accepted',
        justification: escapeForTerminal(`${by}: ${reason}`),
      },
    ],
  }
}

/**
 * Names of a repository stand in locations and properties, not here: viewers read links in
 * messages.
 */
function messageOf(finding: Finding): string {
  const { rule, parts, verification, attribution } = finding
  const [part] = parts
  const verified = verificationText(verification)
  const first = attribution?.first
  return [
    `${rule.description}${part === undefined ? '' : ` (${part.redacted})`}.`,
    `Exposure: ${exposureOf(finding)}`,
    ...(verified === undefined ? [] : [`Verification: ${verified}.`]),
    ...(first
      ? [`It came in with commit ${first.commit.slice(0, 12)} of ${first.date.slice(0, 10)}.`]
      : []),
    rule.remedy,
  ]
    .filter((sentence) => sentence !== '')
    .map(messageText)
    .join(' ')
}

/** Where else it stands. */
function relatedOf(finding: Finding, main: Place, { allOrigins }: ReportOptions): object {
  const places =
    allOrigins === true ? finding.places : groupPlaces(finding.places).map(([place]) => place)
  const others = places.filter(
    (place) =>
      place.span !== main.span ||
      place.origin.commit !== main.origin.commit ||
      place.origin.path?.text !== main.origin.path?.text,
  )
  const related = others
    .slice(0, (allOrigins === true ? maxLocations : maxUsually) - 1)
    .map((place, index) => ({
      id: index + 1,
      ...locationOf(place),
      message: {
        text: `${place.role}${place.origin.commit === undefined ? '' : ` in commit ${escapeForTerminal(place.origin.commit)}`}`,
      },
    }))
  return related.length === 0 ? {} : { relatedLocations: related }
}

function attributionOf({ first, last, removed, inHead, refs, exposure }: Attribution): object {
  return {
    first: first && introductionOf(first),
    last: last && introductionOf(last),
    ...(removed && { removed: introductionOf(removed) }),
    inHead,
    refs: refs.slice(0, maxUsually),
    exposure,
  }
}

function introductionOf({ commit, author, date, path }: Introduction): object {
  return { commit, author, date, path: path?.text ?? null }
}
