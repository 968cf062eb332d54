/** Converts a scan result to the data of the HTML page. */
import type { Attribution, Finding, Introduction, Suppressed } from '../../model/model.ts'
import type { Receipt, ScanResult } from '../../model/outcome.ts'
import { nextSteps } from '../next-steps/next-steps.ts'
import type { ReportOptions } from '../options.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { formatCount, spaceCamelCase } from '../terminal/units.ts'
import { coverageText, skipText, verdictText } from '../wording/coverage.ts'
import { exposureText, exposureWord } from '../wording/finding.ts'
import { groupPlaces, mainPlace, placeText, withIntroducedPath } from '../wording/places.ts'
import { scrubResult } from '../wording/scrub.ts'
import { verificationText } from '../wording/verification.ts'
import type { PageFinding, PageIntroduction, PageReport, PageSuppressed } from './model.ts'

/** Maximum number of places per finding, unless `allOrigins` is set. */
const MAX_PLACES = 10

/** Maximum number of refs per finding, unless the report is verbose. */
const MAX_REFS = 10

const MAX_SKIPS = 500

/**
 * The data of the page. Secrets are scrubbed even with `showSecrets`, because the page is made to
 * be shared.
 */
export function pageReport(result: ScanResult, options: ReportOptions): PageReport {
  const { findings, suppressed, receipt } = scrubResult(result)
  return {
    version: escapeForTerminal(options.version),
    target: receipt.target,
    subject: escapeForTerminal(options.subject ?? ''),
    verdict: verdictText(result),
    complete: receipt.complete,
    endedAt: options.endedAt?.toISOString() ?? null,
    findings: findings.map((finding) => pageFinding(finding, options)),
    suppressed: {
      total: suppressed.length,
      by: countsByReason(suppressed),
      items: options.showSuppressed === true ? suppressed.map(pageSuppressed) : [],
    },
    receipt: receiptRows(receipt),
    skips: receipt.skipped
      .slice(0, MAX_SKIPS)
      .map((skip) => ({ failed: skip.outcome === 'failed', text: skipText(skip) })),
    moreSkips: Math.max(0, receipt.skipped.length - MAX_SKIPS),
  }
}

function countsByReason(suppressed: readonly Suppressed[]): PageReport['suppressed']['by'] {
  const counts = new Map<string, number>()
  for (const { suppression } of suppressed)
    counts.set(suppression.by, (counts.get(suppression.by) ?? 0) + 1)
  return [...counts]
}

function pageFinding(finding: Finding, options: ReportOptions): PageFinding {
  const { severity, rule, parts, attribution, verification, fingerprint, facts } = finding
  const { explanation, lapsed } = finding
  return {
    severity,
    rule: escapeForTerminal(rule.id),
    title: escapeForTerminal(rule.description),
    parts: parts.map(({ role, redacted }) => ({ role, redacted: escapeForTerminal(redacted) })),
    where: placeText(mainPlace(finding)),
    exposure: exposureWord(finding),
    exposureText: exposureText(finding),
    ...pageAttribution(attribution, options),
    ...pagePlaces(finding, options),
    facts: Object.entries(facts).map(([name, value]) => [
      escapeForTerminal(spaceCamelCase(name)),
      escapeForTerminal(value),
    ]),
    verification: {
      status: verification.status,
      text: escapeForTerminal(verificationText(verification) ?? 'not verified'),
    },
    explanation: [...explanation, ...(lapsed === undefined ? [] : [lapsed])].map(escapeForTerminal),
    steps: nextSteps(finding).map(({ text, command }) => ({
      text: escapeForTerminal(text),
      ...(command !== undefined && { command: escapeForTerminal(command) }),
    })),
    fingerprint: escapeForTerminal(fingerprint),
  }
}

type AttributionFields = Pick<
  PageFinding,
  'inHead' | 'inHeadHistory' | 'first' | 'last' | 'removed' | 'refs' | 'moreRefs'
>

function pageAttribution(
  attribution: Attribution | undefined,
  { verbose }: ReportOptions,
): AttributionFields {
  const refs = attribution?.refs ?? []
  const listed = verbose === true ? refs : refs.slice(0, MAX_REFS)
  return {
    inHead: attribution?.inHead ?? null,
    inHeadHistory: attribution?.inHeadHistory ?? null,
    first: pageIntroduction(attribution?.first),
    last: pageIntroduction(attribution?.last),
    removed: pageIntroduction(attribution?.removed),
    refs: listed.map(escapeForTerminal),
    moreRefs: refs.length - listed.length,
  }
}

function pagePlaces(
  finding: Finding,
  { allOrigins }: ReportOptions,
): Pick<PageFinding, 'places' | 'morePlaces' | 'hasMorePaths'> {
  const places = groupPlaces(finding.places).map(([place]) => {
    const { commit, kind } = place.origin
    const where = placeText(withIntroducedPath(place, finding.attribution?.first))
    return commit === undefined || kind === 'message'
      ? where
      : `${where} in ${escapeForTerminal(commit.slice(0, 12))}`
  })
  const listed = allOrigins === true ? places : places.slice(0, MAX_PLACES)
  return {
    places: listed,
    morePlaces: places.length - listed.length,
    hasMorePaths: finding.attribution?.hasMorePaths === true,
  }
}

function pageIntroduction(introduction: Introduction | null | undefined): PageIntroduction | null {
  if (introduction === null || introduction === undefined) return null
  const { commit, author, date, path } = introduction
  return {
    commit: escapeForTerminal(commit.slice(0, 12)),
    author: escapeForTerminal(author),
    date: escapeForTerminal(date),
    path: escapeForTerminal(path?.text ?? ''),
  }
}

function pageSuppressed({ rule, suppression, redacted, place }: Suppressed): PageSuppressed {
  return {
    rule: escapeForTerminal(rule),
    by: suppression.by,
    reason: escapeForTerminal(suppression.reason),
    redacted: escapeForTerminal(redacted),
    where: placeText(place),
  }
}

function receiptRows(receipt: Receipt): PageReport['receipt'] {
  const { complete, rules, config, git, range } = receipt
  const rows = [
    ['scanned', coverageText(receipt)],
    ['complete', complete ? 'yes' : 'no'],
    ...(range === null ? [] : [['range', `${range.base}..${range.head}`]]),
    ['rules', `${formatCount(rules.count)}, digest ${rules.digest}`],
    ['configuration', config.path ?? config.from],
    ['git', git ?? 'not used'],
  ]
  return rows.map(([name = '', value = '']) => [name, escapeForTerminal(value)])
}
