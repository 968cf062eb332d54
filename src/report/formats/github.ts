/**
 * Annotations of GitHub Actions, as workflow commands: `::error file=a.env,line=3,title=…::…`.
 * Each line is one command or plain words of Oakum's own, so there is nothing to put between
 * `::stop-commands::`.
 */
import type { Finding } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { compareSeverity } from '../../model/rule.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { exposureOf } from '../wording/exposure.ts'
import type { ReportOptions } from '../options.ts'
import { mainPlace } from '../wording/places.ts'
import { scrubResult } from '../wording/scrub.ts'
import { stepsFor } from '../wording/steps.ts'
import { countOf } from '../terminal/units.ts'
import { verdictText } from '../wording/verdict.ts'
import { verificationText } from '../wording/verified.ts'
import { whereText } from '../wording/where.ts'

/** GitHub shows ten annotations of each level a step, and drops the rest without a word. */
const maxOfLevel = 10

/** Long enough for what to do; an annotation folds what is longer. */
const maxMessage = 4000

/** Annotations of the worst findings, errors for those that fail the build, then the verdict. */
export function githubReport(result: ScanResult, { failOn = 'medium' }: ReportOptions): string {
  const { findings, receipt } = scrubResult(result)
  const fails = (finding: Finding): boolean => compareSeverity(finding.severity, failOn) >= 0
  const incomplete = receipt.complete
    ? []
    : [
        command(
          'error',
          { title: 'Oakum: incomplete' },
          `${verdictText(result)} A scan that is not complete has shown nothing of the rest.`,
        ),
      ]
  const errors = findings.filter(fails).slice(0, maxOfLevel - incomplete.length)
  const warnings = findings.filter((finding) => !fails(finding)).slice(0, maxOfLevel)
  const more = findings.length - errors.length - warnings.length
  return [
    ...errors.map((finding) => annotation('error', finding)),
    ...warnings.map((finding) => annotation('warning', finding)),
    ...incomplete,
    ...(more === 0
      ? []
      : [
          command(
            'notice',
            { title: 'Oakum' },
            `${countOf(more, 'finding')} more than GitHub shows as annotations: see the summary or the report.`,
          ),
        ]),
    verdictText(result),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

function annotation(level: 'error' | 'warning', finding: Finding): string {
  const place = mainPlace(finding)
  const { severity, rule, parts, attribution, verification, fingerprint } = finding
  const verified = verificationText(verification)
  const message = [
    `${parts.map(({ role, redacted }) => `${role} ${redacted}`).join(', ')} in ${whereText(place)}`,
    ...(attribution?.first
      ? [
          `Came in with ${attribution.first.commit.slice(0, 12)} of ${attribution.first.date.slice(0, 10)}, ${attribution.first.author}`,
        ]
      : []),
    `Exposure: ${exposureOf(finding)}`,
    ...(verified === undefined ? [] : [`Verification: ${verified}`]),
    ...stepsFor(finding).map(
      ({ text, command: line }, index) =>
        `${index + 1}. ${line === undefined ? text : `${text} ${line}`}`,
    ),
    `Fingerprint: ${fingerprint}`,
  ]
    .map(escapeForTerminal)
    .join('\n')
    .slice(0, maxMessage)
  return command(
    level,
    {
      ...locationOf(finding),
      title: escapeForTerminal(`${severity}: ${rule.description} (${rule.id})`).slice(0, 255),
    },
    message,
  )
}

/**
 * Only what stands in the file as it is now has a line there. In an archive, or in a name, there is
 * none.
 */
function locationOf(finding: Finding): Readonly<Record<string, string>> {
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

/**
 * As `@actions/core` escapes: `%` first, then what ends a line, and in properties what ends those.
 */
function command(
  name: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const listed = Object.entries(properties).map(
    ([key, value]) => `${key}=${escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  )
  return `::${name} ${listed.join(',')}::${escapeData(message)}`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
