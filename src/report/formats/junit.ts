/**
 * The `junit` format, for build servers that show test results: each finding is a failed test. The
 * elements and attributes are those that Jenkins, GitLab and Azure Pipelines read.
 */
import type { Finding, Suppressed } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { compareSeverity } from '../../model/rule.ts'
import { nextSteps } from '../next-steps/next-steps.ts'
import type { ReportOptions } from '../options.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { canaryText, skipText, verdictText } from '../wording/coverage.ts'
import { exposureText } from '../wording/finding.ts'
import { mainPlace, placeText } from '../wording/places.ts'
import { scrubResult } from '../wording/scrub.ts'
import { verificationText } from '../wording/verification.ts'

/** Maximum number of unreadable items listed in the coverage test. */
const MAX_SKIPS = 100

interface TestCase {
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped'
  readonly xml: string
}

/**
 * Writes one suite: a test for the coverage of the scan, which fails if the scan is incomplete, and
 * a test per finding. Findings below `failOn` are skipped tests.
 */
export function junitReport(result: ScanResult, options: ReportOptions): string {
  const scrubbed = scrubResult(result)
  const { findings, suppressed, receipt } = scrubbed
  const cases = [
    coverageCase(scrubbed),
    ...findings.map((finding) => findingCase(finding, options)),
    ...(options.showSuppressed === true ? suppressed.map(suppressedCase) : []),
  ]
  const count = (outcome: TestCase['outcome']): number =>
    cases.filter((one) => one.outcome === outcome).length
  const tests = cases.length
  const failures = count('failure')
  const errors = count('error')
  const skipped = count('skipped')
  const time = (receipt.durationMs / 1000).toFixed(3)
  const start = startTime(receipt.durationMs, options.endedAt)
  const subject = options.subject === undefined ? '' : ` of ${options.subject}`
  const name = `oakum ${receipt.target}${subject}`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'oakum', tests, failures, errors, time })}>`,
    `<testsuite${attributes({ name, tests, failures, errors, skipped, time, ...start })}>`,
    ...cases.map(({ xml }) => xml),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function startTime(
  durationMs: number,
  endedAt: Date | undefined,
): Readonly<Record<string, string>> {
  if (endedAt === undefined) return {}
  return { timestamp: new Date(endedAt.getTime() - durationMs).toISOString().slice(0, 19) }
}

function coverageCase(result: ScanResult): TestCase {
  const { complete, skipped, target } = result.receipt
  const failed = skipped.filter(({ outcome }) => outcome === 'failed')
  const listed = failed.slice(0, MAX_SKIPS).map(skipText)
  const lines =
    listed.length < failed.length
      ? [...listed, `and ${failed.length - listed.length} more`]
      : listed
  const verdict = verdictText(result)
  const note = canaryText(result)
  const body = complete
    ? note === undefined
      ? ''
      : element('system-out', {}, note)
    : element('error', { type: 'incomplete', message: verdict }, lines.join('\n') || verdict)
  return testCase(
    complete ? 'passed' : 'error',
    { classname: 'oakum', name: `everything of ${target} was read` },
    body,
  )
}

function findingCase(finding: Finding, { failOn = 'medium' }: ReportOptions): TestCase {
  const { rule, severity, fingerprint } = finding
  const place = placeText(mainPlace(finding))
  const message = `${severity}: ${rule.description} in ${place}`
  const names = { classname: `oakum.${rule.id}`, name: `${place} ${fingerprint}` }
  if (compareSeverity(severity, failOn) < 0) {
    const reason = `${message}; below the severity that fails`
    return testCase('skipped', names, element('skipped', { message: reason }, ''))
  }
  const body = findingLines(finding, place).map(escapeForTerminal).join('\n')
  return testCase('failure', names, element('failure', { type: severity, message }, body))
}

function findingLines(finding: Finding, place: string): readonly string[] {
  const { parts, attribution, verification, fingerprint } = finding
  const verified = verificationText(verification)
  const first = attribution?.first
  return [
    ...parts.map(({ role, redacted }) => `${role}: ${redacted}`),
    `where: ${place}`,
    ...(first ? [`first: ${first.commit} ${first.date} ${first.author}`] : []),
    `exposure: ${exposureText(finding)}`,
    ...(verified === undefined ? [] : [`verification: ${verified}`]),
    ...nextSteps(finding).map(
      ({ text, command }, index) =>
        `${index + 1}. ${command === undefined ? text : `${text} ${command}`}`,
    ),
    `fingerprint: ${fingerprint}`,
  ]
}

function suppressedCase({ rule, suppression, redacted, place }: Suppressed): TestCase {
  const names = { classname: `oakum.${rule}`, name: `${placeText(place)} ${redacted}` }
  const message = `suppressed by ${suppression.by}: ${suppression.reason}`
  return testCase('skipped', names, element('skipped', { message }, ''))
}

function testCase(
  outcome: TestCase['outcome'],
  names: Readonly<Record<string, string>>,
  body: string,
): TestCase {
  return { outcome, xml: `<testcase${attributes({ ...names, time: '0' })}>${body}</testcase>` }
}

function element(name: string, fields: Readonly<Record<string, string>>, body: string): string {
  return `<${name}${attributes(fields)}>${escapeXml(body)}</${name}>`
}

function attributes(fields: Readonly<Record<string, string | number>>): string {
  return Object.entries(fields)
    .map(([name, value]) => ` ${name}="${escapeXml(escapeForTerminal(String(value)))}"`)
    .join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Escapes text whose control characters are already escaped, except line feeds. U+FFFE and U+FFFF
 * cannot be represented in XML 1.0 at all, and become U+FFFD.
 */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
    .replace(/[\uFFFE\uFFFF]/g, '\u{FFFD}')
}
