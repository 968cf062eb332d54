/** The `gitlab` format: GitLab's secret detection report, schema version 15.2.1. */
import type { Finding } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import type { Severity } from '../../model/rule.ts'
import { nextSteps } from '../next-steps/next-steps.ts'
import type { ReportOptions } from '../options.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { canaryText, skipText, verdictText } from '../wording/coverage.ts'
import { exposureText, referenceUrls } from '../wording/finding.ts'
import { mainPlace, originText } from '../wording/places.ts'
import { scrubResult } from '../wording/scrub.ts'
import { verificationText } from '../wording/verification.ts'
import { indentedJson } from './indented-json.ts'

const SCHEMA_VERSION = '15.2.1'

/** GitLab rejects a report in which one of these texts is longer. */
const MAX_NAME_LENGTH = 255
const MAX_SOLUTION_LENGTH = 7000

/** Maximum number of unreadable items listed as messages. */
const MAX_MESSAGES = 100

/** The commit id that GitLab's own analyser reports if there is no commit. */
const NO_COMMIT = '0000000'

const severityNames: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
}

/**
 * Writes one vulnerability per finding, tracked by its fingerprint. The status of an incomplete
 * scan is `failure`.
 */
export function gitlabReport(result: ScanResult, options: ReportOptions): string {
  const scrubbed = scrubResult(result)
  const { findings, receipt } = scrubbed
  const product = {
    id: 'oakum',
    name: 'Oakum',
    version: options.version,
    vendor: { name: 'Oakum' },
  }
  const end = options.endedAt ?? new Date(0)
  return indentedJson({
    version: SCHEMA_VERSION,
    scan: {
      analyzer: product,
      scanner: product,
      type: 'secret_detection',
      start_time: timestamp(new Date(end.getTime() - receipt.durationMs)),
      end_time: timestamp(end),
      status: receipt.complete ? 'success' : 'failure',
      messages: receipt.complete ? canaryMessages(scrubbed) : scanMessages(scrubbed),
    },
    vulnerabilities: findings.map(vulnerability),
  })
}

function canaryMessages(result: ScanResult): readonly object[] {
  const value = canaryText(result)
  return value === undefined ? [] : [{ level: 'info', value }]
}

function scanMessages(result: ScanResult): readonly object[] {
  const failed = result.receipt.skipped.filter(({ outcome }) => outcome === 'failed')
  return [
    { level: 'fatal', value: verdictText(result) },
    ...failed.slice(0, MAX_MESSAGES).map((skip) => ({ level: 'warn', value: skipText(skip) })),
  ]
}

function vulnerability(finding: Finding): object {
  const { rule, severity, fingerprint } = finding
  const steps = nextSteps(finding).map(({ text, command }) =>
    escapeMarkdown(command === undefined ? text : `${text} ${command}`),
  )
  return {
    id: fingerprint,
    name: escapeForTerminal(rule.description).slice(0, MAX_NAME_LENGTH),
    description: vulnerabilityDescription(finding),
    severity: severityNames[severity],
    solution: steps.join('\n').slice(0, MAX_SOLUTION_LENGTH),
    identifiers: identifiers(finding),
    location: vulnerabilityLocation(finding),
    tracking: {
      type: 'source',
      items: [{ signatures: [{ algorithm: 'hash', value: fingerprint }] }],
    },
    links: referenceUrls(rule).map((url) => ({ url })),
  }
}

function vulnerabilityDescription(finding: Finding): string {
  const { rule, parts, verification, explanation } = finding
  const verified = verificationText(verification)
  const redacted = parts.map((part) => `${part.role} ${part.redacted}`).join(', ')
  return [
    `${rule.description}: ${redacted}.`,
    exposureText(finding),
    ...(verified === undefined ? [] : [`Verification: ${verified}.`]),
    ...explanation,
  ]
    .map(escapeMarkdown)
    .join('\n\n')
}

/** GitLab groups vulnerabilities by the first identifier. */
function identifiers({ rule }: Finding): readonly object[] {
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

function vulnerabilityLocation(finding: Finding): object {
  const { origin, span } = mainPlace(finding)
  const { attribution } = finding
  const introduction =
    (attribution?.inHead === true ? attribution.last : attribution?.first) ?? undefined
  const author =
    introduction === undefined
      ? {}
      : { author: escapeForTerminal(introduction.author), date: introduction.date }
  return {
    file:
      origin.path === undefined || origin.member !== undefined
        ? originText(origin)
        : origin.path.text,
    start_line: span.line,
    end_line: span.endLine,
    commit: { sha: introduction?.commit ?? origin.commit ?? NO_COMMIT, ...author },
  }
}

/** GitLab renders descriptions and solutions as markdown. */
function escapeMarkdown(text: string): string {
  return escapeForTerminal(text).replace(/[\\`*_{}[\]()<>#+\-!|~@&$:]/g, String.raw`\$&`)
}

/** `2026-11-22T09:30:00`: UTC, in the schema's format without a time zone. */
function timestamp(date: Date): string {
  return date.toISOString().slice(0, 19)
}
