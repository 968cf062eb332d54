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

/**
 * Places shown of one finding. A screen goes through no more, and `count` tells how many there are.
 */
const MAX_PLACES = 200

/**
 * Findings whose names were scrubbed of secrets → what people see of them: escaped, and without the
 * secrets themselves.
 */
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
 * While a scan runs not all secrets are known, so a name could hold one that is found later:
 * nothing is told that came from a name.
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

/** Skips in lines, those that stand for several last. */
export function showSkips(skips: readonly Skip[]): readonly ShownSkip[] {
  return skips.map((skip) => ({
    outcome: skip.outcome,
    text: skipText(skip),
    count: skip.count ?? 1,
  }))
}

/**
 * What an allow entry says, of a finding that it suppressed; undefined where something else did.
 */
export function acceptanceOf({ suppression, finding }: Suppressed): Acceptance | undefined {
  return suppression.by === 'allowlist' && finding !== undefined
    ? { reason: escapeForTerminal(suppression.reason) }
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

function showAttribution({ first, last, inHead, refs, exposure }: Attribution): ShownAttribution {
  return {
    first: first && showIntroduction(first),
    last: last && showIntroduction(last),
    inHead,
    refs: refs.map(escapeForTerminal),
    exposure,
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

/** What a provider answers is not the repository's, and still not ours. */
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
