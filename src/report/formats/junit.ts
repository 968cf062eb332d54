/**
 * For build servers that show tests: a finding is a test that failed. The form is the one Jenkins,
 * GitLab and Azure read.
 */
import type { Finding, Suppressed } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { compareSeverity } from '../../model/rule.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { exposureOf } from '../wording/exposure.ts'
import type { ReportOptions } from '../options.ts'
import { mainPlace } from '../wording/places.ts'
import { scrubResult } from '../wording/scrub.ts'
import { stepsFor } from '../wording/steps.ts'
import { skipText } from '../terminal/summary.ts'
import { verdictText } from '../wording/verdict.ts'
import { verificationText } from '../wording/verified.ts'
import { whereText } from '../wording/where.ts'

/** Skips named in the one test that stands for them. */
const maxSkips = 100

interface Case {
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped'
  readonly xml: string
}

/**
 * One suite: a test a finding, and one that says whether everything was read. Findings that do not
 * fail the build are skipped tests.
 */
export function junitReport(result: ScanResult, options: ReportOptions): string {
  const shown = scrubResult(result)
  const { findings, suppressed, receipt } = shown
  const cases = [
    coverageCase(shown),
    ...findings.map((finding) => findingCase(finding, options)),
    ...(options.showSuppressed === true ? suppressed.map(suppressedCase) : []),
  ]
  const count = (outcome: Case['outcome']): number =>
    cases.filter((one) => one.outcome === outcome).length
  const counts = {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: (receipt.durationMs / 1000).toFixed(3),
  }
  const at =
    options.endedAt === undefined
      ? {}
      : {
          timestamp: new Date(options.endedAt.getTime() - receipt.durationMs)
            .toISOString()
            .slice(0, 19),
        }
  const name = `oakum ${receipt.target}${options.subject === undefined ? '' : ` of ${options.subject}`}`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'oakum', tests: counts.tests, failures: counts.failures, errors: counts.errors, time: counts.time })}>`,
    `<testsuite${attributes({ name, ...counts, ...at })}>`,
    ...cases.map(({ xml }) => xml),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function coverageCase(result: ScanResult): Case {
  const { complete, skipped, target } = result.receipt
  const failed = skipped.filter(({ outcome }) => outcome === 'failed')
  const listed = failed.slice(0, maxSkips).map(skipText)
  const lines =
    listed.length < failed.length
      ? [...listed, `and ${failed.length - listed.length} more`]
      : listed
  const verdict = verdictText(result)
  const body = complete
    ? ''
    : element('error', { type: 'incomplete', message: verdict }, lines.join('\n') || verdict)
  return testCase(
    complete ? 'passed' : 'error',
    { classname: 'oakum', name: `everything of ${target} was read` },
    body,
  )
}

function findingCase(finding: Finding, { failOn = 'medium' }: ReportOptions): Case {
  const { rule, severity, parts, fingerprint, verification, attribution } = finding
  const where = whereText(mainPlace(finding))
  const message = `${severity}: ${rule.description} in ${where}`
  const verified = verificationText(verification)
  const body = [
    ...parts.map(({ role, redacted }) => `${role}: ${redacted}`),
    `where: ${where}`,
    ...(attribution?.first
      ? [`first: ${attribution.first.commit} ${attribution.first.date} ${attribution.first.author}`]
      : []),
    `exposure: ${exposureOf(finding)}`,
    ...(verified === undefined ? [] : [`verification: ${verified}`]),
    ...stepsFor(finding).map(
      ({ text, command }, index) =>
        `${index + 1}. ${command === undefined ? text : `${text} ${command}`}`,
    ),
    `fingerprint: ${fingerprint}`,
  ]
  const names = { classname: `oakum.${rule.id}`, name: `${where} ${fingerprint}` }
  if (compareSeverity(severity, failOn) < 0)
    return testCase(
      'skipped',
      names,
      element('skipped', { message: `${message}; below what fails` }, ''),
    )
  return testCase(
    'failure',
    names,
    element('failure', { type: severity, message }, body.map(escapeForTerminal).join('\n')),
  )
}

function suppressedCase({ rule, suppression, redacted, place }: Suppressed): Case {
  const names = { classname: `oakum.${rule}`, name: `${whereText(place)} ${redacted}` }
  return testCase(
    'skipped',
    names,
    element('skipped', { message: `suppressed by ${suppression.by}: ${suppression.reason}` }, ''),
  )
}

function testCase(
  outcome: Case['outcome'],
  names: Readonly<Record<string, string>>,
  body: string,
): Case {
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
 * Of text in which nothing acts: line feeds are the only controls left. XML has no way to write the
 * last two code points of a plane's first.
 */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
    .replace(/[\uFFFE\uFFFF]/g, '\u{FFFD}')
}
