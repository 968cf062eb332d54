/**
 * The `github` format: annotations as workflow commands of GitHub Actions, such as `::error
 * file=a.env,line=3,title=…::…`. Every line is either a command or Oakum's own text, so nothing has
 * to be disabled with `::stop-commands::`.
 */
import type { Finding } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { compareSeverity } from '../../model/rule.ts'
import { nextSteps } from '../next-steps/next-steps.ts'
import type { ReportOptions } from '../options.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { countOf } from '../terminal/units.ts'
import { verdictText } from '../wording/coverage.ts'
import { exposureText } from '../wording/finding.ts'
import { mainPlace, placeText } from '../wording/places.ts'
import { scrubResult } from '../wording/scrub.ts'
import { verificationText } from '../wording/verification.ts'

/** GitHub shows at most ten annotations of each level per step, and drops the rest silently. */
const MAX_PER_LEVEL = 10

/** Maximum characters of a message; GitHub collapses longer ones. */
const MAX_MESSAGE_LENGTH = 4000

const MAX_TITLE_LENGTH = 255

/**
 * Writes annotations of the worst findings, then the verdict. Findings that fail the build are
 * errors, others are warnings.
 */
export function githubReport(result: ScanResult, { failOn = 'medium' }: ReportOptions): string {
  const { findings, receipt } = scrubResult(result)
  const failsBuild = ({ severity }: Finding): boolean => compareSeverity(severity, failOn) >= 0
  const incomplete = receipt.complete ? [] : [incompleteAnnotation(result)]
  const errors = findings.filter(failsBuild).slice(0, MAX_PER_LEVEL - incomplete.length)
  const warnings = findings.filter((finding) => !failsBuild(finding)).slice(0, MAX_PER_LEVEL)
  const more = findings.length - errors.length - warnings.length
  return [
    ...errors.map((finding) => annotation('error', finding)),
    ...warnings.map((finding) => annotation('warning', finding)),
    ...incomplete,
    ...(more === 0 ? [] : [omissionNotice(more)]),
    verdictText(result),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

function incompleteAnnotation(result: ScanResult): string {
  return workflowCommand(
    'error',
    { title: 'Oakum: incomplete' },
    `${verdictText(result)} An incomplete scan says nothing about what it did not read.`,
  )
}

function omissionNotice(count: number): string {
  return workflowCommand(
    'notice',
    { title: 'Oakum' },
    `${countOf(count, 'more finding')}: GitHub limits annotations, see the summary or the report.`,
  )
}

function annotation(level: 'error' | 'warning', finding: Finding): string {
  const { severity, rule } = finding
  const title = escapeForTerminal(`${severity}: ${rule.description} (${rule.id})`)
  return workflowCommand(
    level,
    { ...fileProperties(finding), title: title.slice(0, MAX_TITLE_LENGTH) },
    annotationMessage(finding),
  )
}

function annotationMessage(finding: Finding): string {
  const { parts, attribution, verification, fingerprint } = finding
  const verified = verificationText(verification)
  const first = attribution?.first
  const redacted = parts.map((part) => `${part.role} ${part.redacted}`).join(', ')
  return [
    `${redacted} in ${placeText(mainPlace(finding))}`,
    ...(first
      ? [
          `Introduced by ${first.commit.slice(0, 12)} of ${first.date.slice(0, 10)}, ${first.author}`,
        ]
      : []),
    `Exposure: ${exposureText(finding)}`,
    ...(verified === undefined ? [] : [`Verification: ${verified}`]),
    ...nextSteps(finding).map(
      ({ text, command }, index) =>
        `${index + 1}. ${command === undefined ? text : `${text} ${command}`}`,
    ),
    `Fingerprint: ${fingerprint}`,
  ]
    .map(escapeForTerminal)
    .join('\n')
    .slice(0, MAX_MESSAGE_LENGTH)
}

/**
 * The file and line to annotate. A secret that is gone from HEAD has no file, and a secret in an
 * archive or in a file name has no line.
 */
function fileProperties(finding: Finding): Readonly<Record<string, string>> {
  const { origin, span } = mainPlace(finding)
  if (origin.path === undefined || finding.attribution?.inHead === false) return {}
  const file = escapeForTerminal(origin.path.text)
  if (origin.member !== undefined || origin.inName === true) return { file }
  const { line, endLine, column, endColumn } = span
  return {
    file,
    line: String(line),
    endLine: String(endLine),
    ...(line === endLine && { col: String(column), endColumn: String(endColumn) }),
  }
}

/** A workflow command, escaped as `@actions/core` does it. */
function workflowCommand(
  name: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const list = Object.entries(properties).map(
    ([key, value]) => `${key}=${escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  )
  return `::${name} ${list.join(',')}::${escapeData(message)}`
}

/** Escapes `%` first, so that the escapes added afterwards stay intact. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
