/** Converts findings to the plain data that may be shown: escaped, and without secrets. */
import type { Attribution, Finding, Introduction, Skip, Suppressed } from '../model/model.ts'
import { adviceFor } from '../report/next-steps/next-steps.ts'
import { escapeForTerminal } from '../report/terminal/escape.ts'
import { groupPlaces, type PlaceGroup } from '../report/wording/places.ts'
import { skipText } from '../report/wording/coverage.ts'
import type {
  Acceptance,
  ShownAttribution,
  ShownFinding,
  ShownIntroduction,
  ShownPlace,
  ShownSkip,
} from '../model/shown.ts'

/** Places shown of one finding; `count` holds the number of all. */
const MAX_PLACES = 200

/** Converts a finding whose names no longer hold secrets: escapes them and drops the secrets. */
export function showFinding(finding: Finding, accepted?: Acceptance): ShownFinding {
  const groups = groupPlaces(finding.places)
  const {
    fingerprint,
    rule,
    severity,
    parts,
    facts,
    attribution,
    verification,
    lapsed,
    explanation,
  } = finding
  return {
    fingerprint,
    rule: { id: escapeForTerminal(rule.id), description: escapeForTerminal(rule.description) },
    severity,
    parts: parts.map(({ role, redacted }) => ({ role, redacted: escapeForTerminal(redacted) })),
    facts: Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [
        escapeForTerminal(name),
        escapeForTerminal(value),
      ]),
    ),
    count: groups.length,
    places: groups.slice(0, MAX_PLACES).map(showPlace),
    ...(attribution && { attribution: showAttribution(attribution) }),
    verification: showVerification(verification),
    ...(lapsed !== undefined && { lapsed: escapeForTerminal(lapsed) }),
    explanation: explanation.map(escapeForTerminal),
    advice: adviceFor(finding).map(escapeForTerminal),
    ...(accepted && { accepted }),
  }
}

/**
 * Converts a finding of a running scan. A name may hold a secret that the scan finds only later, so
 * nothing that comes from a name is included.
 */
export function showEarly({
  fingerprint,
  rule,
  severity,
  parts,
  places,
  verification,
}: Finding): ShownFinding {
  return {
    fingerprint,
    rule: { id: escapeForTerminal(rule.id), description: escapeForTerminal(rule.description) },
    severity,
    parts: parts.map(({ role, redacted }) => ({ role, redacted: escapeForTerminal(redacted) })),
    facts: {},
    count: places.length,
    places: [],
    verification: showVerification(verification),
    explanation: [],
    advice: [],
  }
}

/** Converts skips to lines of text. */
export function showSkips(skips: readonly Skip[]): readonly ShownSkip[] {
  return skips.map((skip) => ({
    outcome: skip.outcome,
    text: skipText(skip),
    count: skip.count ?? 1,
  }))
}

/** Returns the reason of an allow entry; undefined when something else suppressed the finding. */
export function acceptanceOf(
  { suppression, finding }: Suppressed,
  clean: (text: string) => string,
): Acceptance | undefined {
  return suppression.by === 'allowlist' && finding !== undefined
    ? { reason: clean(suppression.reason) }
    : undefined
}

function showPlace([first, ...others]: PlaceGroup): ShownPlace {
  const { origin, span } = first
  const { kind, path, member, object, commit, inName, state } = origin
  return {
    kind,
    ...(path !== undefined && { path: escapeForTerminal(path.text) }),
    ...(member !== undefined && { member: escapeForTerminal(member) }),
    ...(object !== undefined && { object }),
    ...(commit !== undefined && { commit }),
    ...(inName && { inName }),
    ...(state !== undefined && { state }),
    line: span.line,
    column: span.column,
    roles: [...new Set([first, ...others].map(({ role }) => role))],
  }
}

function showAttribution({
  first,
  last,
  inHead,
  refs,
  exposure,
  hasMorePaths,
}: Attribution): ShownAttribution {
  return {
    first: first && showIntroduction(first),
    last: last && showIntroduction(last),
    inHead,
    refs: refs.map(escapeForTerminal),
    exposure,
    ...(hasMorePaths && { hasMorePaths }),
  }
}

function showIntroduction({ commit, author, date, path }: Introduction): ShownIntroduction {
  return {
    commit,
    author: escapeForTerminal(author),
    date: escapeForTerminal(date),
    ...(path && { path: escapeForTerminal(path.text) }),
  }
}

/** Escapes a verification: its texts come from the provider and may hold control characters. */
function showVerification({
  status,
  reason,
  identity,
  partition,
}: Finding['verification']): Finding['verification'] {
  return {
    status,
    ...(partition !== undefined && { partition: escapeForTerminal(partition) }),
    ...(reason !== undefined && { reason: escapeForTerminal(reason) }),
    ...(identity && {
      identity: {
        ...identity,
        account: escapeForTerminal(identity.account),
        arn: escapeForTerminal(identity.arn),
        userId: escapeForTerminal(identity.userId),
      },
    }),
  }
}
