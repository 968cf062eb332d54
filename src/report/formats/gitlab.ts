/** GitLab's report of secret detection, version 15.2.1. */
import type { Finding } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import type { Severity } from '../../model/rule.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { exposureOf } from '../wording/exposure.ts'
import { laidOutJson } from './laid-out-json.ts'
import { linksOf } from '../wording/links.ts'
import type { ReportOptions } from '../options.ts'
import { mainPlace } from '../wording/places.ts'
import { scrubResult } from '../wording/scrub.ts'
import { stepsFor } from '../wording/steps.ts'
import { skipText } from '../terminal/summary.ts'
import { verdictText } from '../wording/verdict.ts'
import { verificationText } from '../wording/verified.ts'
import { nameText } from '../wording/where.ts'

/** GitLab refuses a report over one of these. */
const [maxName, maxSolution] = [255, 7000] as const

/** What is named of all that was not read. */
const maxMessages = 100

/** What GitLab's own analyser says where there is no commit. */
const noCommit = '0000000'

const severityNames: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
}

/** One vulnerability a finding, tracked by its fingerprint. An incomplete scan is a failure. */
export function gitlabReport(result: ScanResult, options: ReportOptions): string {
  const shown = scrubResult(result)
  const { findings, receipt } = shown
  const product = {
    id: 'oakum',
    name: 'Oakum',
    version: options.version,
    vendor: { name: 'Oakum' },
  }
  const end = options.endedAt ?? new Date(0)
  const report = {
    version: '15.2.1',
    scan: {
      analyzer: product,
      scanner: product,
      type: 'secret_detection',
      start_time: timeOf(new Date(end.getTime() - receipt.durationMs)),
      end_time: timeOf(end),
      status: receipt.complete ? 'success' : 'failure',
      messages: receipt.complete ? [] : messagesOf(shown),
    },
    vulnerabilities: findings.map(vulnerabilityOf),
  }
  return laidOutJson(report)
}

function messagesOf(result: ScanResult): readonly object[] {
  const failed = result.receipt.skipped.filter(({ outcome }) => outcome === 'failed')
  return [
    { level: 'fatal', value: verdictText(result) },
    ...failed.slice(0, maxMessages).map((skip) => ({ level: 'warn', value: skipText(skip) })),
  ]
}

function vulnerabilityOf(finding: Finding): object {
  const { rule, severity, fingerprint, parts, verification, explanation } = finding
  const verified = verificationText(verification)
  const description = [
    `${rule.description}: ${parts.map(({ role, redacted }) => `${role} ${redacted}`).join(', ')}.`,
    exposureOf(finding),
    ...(verified === undefined ? [] : [`Verification: ${verified}.`]),
    ...explanation,
  ]
  return {
    id: fingerprint,
    name: escapeForTerminal(rule.description).slice(0, maxName),
    description: description.map(plain).join('\n\n'),
    severity: severityNames[severity],
    solution: stepsFor(finding)
      .map(({ text, command }) => plain(command === undefined ? text : `${text} ${command}`))
      .join('\n')
      .slice(0, maxSolution),
    identifiers: identifiersOf(finding),
    location: locationOf(finding),
    tracking: {
      type: 'source',
      items: [{ signatures: [{ algorithm: 'hash', value: fingerprint }] }],
    },
    links: linksOf(rule).map((url) => ({ url })),
  }
}

/** The first is what GitLab groups by. */
function identifiersOf({ rule }: Finding): readonly object[] {
  return [
    {
      type: 'oakum_rule_id',
      name: `Oakum rule ID ${escapeForTerminal(rule.id)}`,
      value: escapeForTerminal(rule.id),
    },
    {
      type: 'cwe',
      name: 'CWE-798',
      value: '798',
      url: 'https://cwe.mitre.org/data/definitions/798.html',
    },
  ]
}

function locationOf(finding: Finding): object {
  const { origin, span } = mainPlace(finding)
  const { attribution } = finding
  const introduction =
    (attribution?.inHead === true ? attribution.last : attribution?.first) ?? undefined
  const commit =
    introduction === undefined
      ? {}
      : { author: escapeForTerminal(introduction.author), date: introduction.date }
  return {
    file:
      origin.path === undefined || origin.member !== undefined
        ? nameText(origin)
        : origin.path.text,
    start_line: span.line,
    end_line: span.endLine,
    commit: { sha: introduction?.commit ?? origin.commit ?? noCommit, ...commit },
  }
}

/**
 * GitLab shows descriptions and solutions as markdown: a backslash before what means something
 * there.
 */
function plain(text: string): string {
  return escapeForTerminal(text).replace(/[\\`*_{}[\]()<>#+\-!|~@&$:]/g, String.raw`\$&`)
}

/** `2026-11-22T09:30:00`, in UTC and without saying so. */
function timeOf(date: Date): string {
  return date.toISOString().slice(0, 19)
}
