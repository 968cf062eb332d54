/** SARIF results: findings and suppressed candidates. */
import type { Attribution, Finding, Introduction, Place, Suppressed } from '../../model/model.ts'
import type { ReportOptions } from '../options.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { exposureText } from '../wording/finding.ts'
import { groupPlaces, mainPlace, placeText } from '../wording/places.ts'
import { verificationText } from '../wording/verification.ts'
import { sarifLocation } from './locations.ts'
import { messageText, type RuleTable, sarifLevel } from './rules.ts'

/** GitHub rejects a result with more than 1,000 locations, and shows 100. */
const MAX_LOCATIONS = 1000
const MAX_SHOWN_LOCATIONS = 100

const MAX_REFS = 100

/**
 * A finding as a result. Its identity is the fingerprint, so an alert survives moved lines and
 * renamed files.
 */
export function sarifResult(finding: Finding, rules: RuleTable, options: ReportOptions): object {
  const { rule, severity, fingerprint, parts, facts, verification, explanation, lapsed } = finding
  const main = mainPlace(finding)
  return {
    ...rules.ruleFor(rule, severity),
    kind: 'fail',
    level: sarifLevel(severity),
    message: { text: resultMessage(finding) },
    locations: [sarifLocation(main)],
    ...relatedLocations(finding, main, options),
    fingerprints: { 'oakum/v1': fingerprint },
    partialFingerprints: { primaryLocationLineHash: `${fingerprint}:1` },
    properties: {
      severity,
      redacted: parts.map(({ role, redacted }) => `${role} ${redacted}`),
      where: placeText(main),
      ...(finding.attribution && { attribution: attributionProperties(finding.attribution) }),
      verification: { ...verification },
      facts,
      explanation: lapsed === undefined ? explanation : [...explanation, lapsed],
    },
  }
}

/**
 * A suppressed candidate as a result with `suppressions`. GitHub code scanning ignores that field
 * and shows an alert, so these results are written only with `--show-suppressed`.
 */
export function sarifSuppressed(
  { rule, suppression, redacted, place, finding }: Suppressed,
  rules: RuleTable,
): object {
  const { by, reason } = suppression
  const title = finding?.rule.description ?? rule
  return {
    ...(finding === undefined
      ? rules.unknownRule(rule)
      : rules.ruleFor(finding.rule, finding.severity)),
    kind: 'fail',
    level: finding === undefined ? 'note' : sarifLevel(finding.severity),
    message: { text: messageText(`${title} (${redacted}), suppressed`) },
    locations: [sarifLocation(place)],
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
 * The message of a result. It contains no names from the repository, because SARIF viewers render
 * links in messages; those names are in locations and properties.
 */
function resultMessage(finding: Finding): string {
  const { rule, parts, verification, attribution } = finding
  const [part] = parts
  const verified = verificationText(verification)
  const first = attribution?.first
  return [
    `${rule.description}${part === undefined ? '' : ` (${part.redacted})`}.`,
    `Exposure: ${exposureText(finding)}`,
    ...(verified === undefined ? [] : [`Verification: ${verified}.`]),
    ...(first
      ? [`Introduced by commit ${first.commit.slice(0, 12)} of ${first.date.slice(0, 10)}.`]
      : []),
    rule.remedy,
  ]
    .filter((sentence) => sentence !== '')
    .map(messageText)
    .join(' ')
}

/** The places other than the main one: all of them with `allOrigins`, else one per group. */
function relatedLocations(finding: Finding, main: Place, { allOrigins }: ReportOptions): object {
  const places =
    allOrigins === true ? finding.places : groupPlaces(finding.places).map(([place]) => place)
  const maxLocations = allOrigins === true ? MAX_LOCATIONS : MAX_SHOWN_LOCATIONS
  const related = places
    .filter((place) => !isSamePlace(place, main))
    .slice(0, maxLocations - 1)
    .map((place, index) => ({
      id: index + 1,
      ...sarifLocation(place),
      message: { text: relatedMessage(place) },
    }))
  return related.length === 0 ? {} : { relatedLocations: related }
}

function isSamePlace(a: Place, b: Place): boolean {
  return (
    a.span === b.span &&
    a.origin.commit === b.origin.commit &&
    a.origin.path?.text === b.origin.path?.text
  )
}

function relatedMessage({ role, origin: { commit } }: Place): string {
  return commit === undefined ? role : `${role} in commit ${escapeForTerminal(commit)}`
}

function attributionProperties({
  first,
  last,
  removed,
  inHead,
  refs,
  exposure,
  hasMorePaths,
}: Attribution): object {
  return {
    first: first && introductionProperties(first),
    last: last && introductionProperties(last),
    ...(removed && { removed: introductionProperties(removed) }),
    inHead,
    refs: refs.slice(0, MAX_REFS),
    exposure,
    ...(hasMorePaths && { morePaths: true }),
  }
}

function introductionProperties({ commit, author, date, path }: Introduction): object {
  return { commit, author, date, path: path?.text ?? null }
}
