import type { Finding, Introduction, Suppressed } from '../../model/model.ts'
import type { Receipt, ScanResult } from '../../model/outcome.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { exposureOf, exposureWord } from '../wording/exposure.ts'
import type { ReportOptions } from '../options.ts'
import { groupPlaces, mainPlace, namedBy } from '../wording/places.ts'
import { scrubResult } from '../wording/scrub.ts'
import { stepsFor } from '../wording/steps.ts'
import { coverageOf, skipText } from '../terminal/summary.ts'
import { formatCount, wordsOf } from '../terminal/units.ts'
import { verdictText } from '../wording/verdict.ts'
import { verificationText } from '../wording/verified.ts'
import { whereText } from '../wording/where.ts'
import type { PageFinding, PageIntroduction, PageReport, PageSuppressed } from './model.ts'

/** Named of each finding; all of them with `allOrigins` and `verbose`. */
const [maxPlaces, maxRefs] = [10, 10] as const

const maxSkips = 500

/**
 * Everything the page shows. Secrets are scrubbed whatever the options say: a page is made to be
 * passed on.
 */
export function pageReport(result: ScanResult, options: ReportOptions): PageReport {
  const { findings, suppressed, receipt } = scrubResult(result)
  const by = new Map<string, number>()
  for (const { suppression } of suppressed)
    by.set(suppression.by, (by.get(suppression.by) ?? 0) + 1)
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
      by: [...by],
      items: options.showSuppressed === true ? suppressed.map(pageSuppressed) : [],
    },
    receipt: receiptRows(receipt),
    skips: receipt.skipped
      .slice(0, maxSkips)
      .map((skip) => ({ failed: skip.outcome === 'failed', text: skipText(skip) })),
    moreSkips: Math.max(0, receipt.skipped.length - maxSkips),
  }
}

function pageFinding(finding: Finding, { allOrigins, verbose }: ReportOptions): PageFinding {
  const {
    severity,
    rule,
    parts,
    attribution,
    verification,
    fingerprint,
    facts,
    explanation,
    lapsed,
  } = finding
  const places = placesOf(finding)
  const listed = allOrigins === true ? places : places.slice(0, maxPlaces)
  const refs =
    verbose === true ? (attribution?.refs ?? []) : (attribution?.refs ?? []).slice(0, maxRefs)
  return {
    severity,
    rule: escapeForTerminal(rule.id),
    title: escapeForTerminal(rule.description),
    parts: parts.map(({ role, redacted }) => ({ role, redacted: escapeForTerminal(redacted) })),
    where: whereText(mainPlace(finding)),
    exposure: exposureWord(finding),
    exposureText: exposureOf(finding),
    inHead: attribution?.inHead ?? null,
    inHeadHistory: attribution?.inHeadHistory ?? null,
    first: introductionOf(attribution?.first),
    last: introductionOf(attribution?.last),
    removed: introductionOf(attribution?.removed),
    refs: refs.map(escapeForTerminal),
    moreRefs: (attribution?.refs.length ?? 0) - refs.length,
    places: listed,
    morePlaces: places.length - listed.length,
    facts: Object.entries(facts).map(([name, value]) => [
      escapeForTerminal(wordsOf(name)),
      escapeForTerminal(value),
    ]),
    verification: {
      status: verification.status,
      text: escapeForTerminal(verificationText(verification) ?? 'not tried: nobody was asked'),
    },
    because: [...explanation, ...(lapsed === undefined ? [] : [lapsed])].map(escapeForTerminal),
    steps: stepsFor(finding).map(({ text, command }) => ({
      text: escapeForTerminal(text),
      ...(command !== undefined && { command: escapeForTerminal(command) }),
    })),
    fingerprint: escapeForTerminal(fingerprint),
  }
}

function placesOf(finding: Finding): readonly string[] {
  return groupPlaces(finding.places).map(([place]) => {
    const { commit } = place.origin
    return `${whereText(namedBy(place, finding.attribution?.first))}${commit === undefined || place.origin.kind === 'message' ? '' : ` in ${escapeForTerminal(commit.slice(0, 12))}`}`
  })
}

function introductionOf(introduction: Introduction | null | undefined): PageIntroduction | null {
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
    where: whereText(place),
  }
}

function receiptRows(receipt: Receipt): PageReport['receipt'] {
  const { complete, rules, config, git, range } = receipt
  const rows = [
    ['read', coverageOf(receipt)],
    ['complete', complete ? 'yes: everything that was asked for was read' : 'no'],
    ...(range === null ? [] : [['range', `${range.base}..${range.head}`]]),
    ['rules', `${formatCount(rules.count)}, digest ${rules.digest}`],
    ['configuration', config.path ?? config.from],
    ['git', git ?? 'not used'],
  ]
  return rows.map(([name = '', value = '']) => [name, escapeForTerminal(value)])
}
