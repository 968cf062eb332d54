/** The output of `oakum rules explain`: every candidate in a text, and the verdict on it. */
import type { Origin, Skip } from '../model/model.ts'
import type { ExplainedCandidate } from '../model/outcome.ts'
import { scrubber } from '../model/scrubber.ts'
import { skipJson } from './formats/json.ts'
import { escapeForTerminal, escapeJson } from './terminal/escape.ts'
import { skipText } from './wording/coverage.ts'

type ExplainedPart = ExplainedCandidate['parts'][number]

/** Writes candidates as text: the rule, the place of each part and its keyword, and the verdict. */
export function renderExplanation(
  candidates: readonly ExplainedCandidate[],
  skips: readonly Skip[],
): string {
  const scrub = scrubber(candidates)
  const blocks = candidates.map((candidate) =>
    candidateLines(candidate)
      .map((line) => `${escapeForTerminal(scrub(line))}\n`)
      .join(''),
  )
  const skipped = skips.map((skip) => `skipped  ${scrub(skipText(skip))}\n`)
  return [
    ...(blocks.length === 0 ? ['No candidates: no pattern matches around any keyword.\n'] : blocks),
    ...(skipped.length === 0 ? [] : [skipped.join('')]),
  ].join('\n')
}

/** Writes candidates as JSON. */
export function renderExplanationJson(
  candidates: readonly ExplainedCandidate[],
  skips: readonly Skip[],
): string {
  const scrub = scrubber(candidates)
  const explanation = {
    candidates: candidates.map(candidateJson),
    skipped: skips.map(skipJson),
  }
  const json = JSON.stringify(
    explanation,
    (_key, value: unknown) => (typeof value === 'string' ? scrub(value) : value),
    2,
  )
  return `${escapeJson(json)}\n`
}

function candidateLines({
  rule,
  origin,
  parts,
  severity,
  explanation,
  suppression,
}: ExplainedCandidate): readonly string[] {
  const [first] = parts
  const position = first === undefined ? '' : `:${first.span.line}:${first.span.column}`
  const verdict =
    suppression === undefined
      ? `a finding, ${severity}`
      : `not a finding, by ${suppression.by}: ${suppression.reason}`
  return [
    `${originName(origin)}${position}  ${rule.id}: ${rule.description}`,
    ...parts.flatMap(partLines),
    ...explanation.map((line) => labelledLine('joined', line)),
    labelledLine('verdict', verdict),
  ]
}

function partLines({ role, redacted, span, found, anchor }: ExplainedPart): readonly string[] {
  const position = `${span.line}:${span.column}, bytes ${span.start} to ${span.end}`
  return [
    labelledLine(role, `${redacted} at ${position}`),
    labelledLine('', found),
    ...(anchor === undefined ? [] : [labelledLine('', keywordText(anchor))]),
  ]
}

/** The keyword near a secret: `keyword AKIA at byte 17, 3 bytes before it`. */
function keywordText({ keyword, offset, distance }: NonNullable<ExplainedPart['anchor']>): string {
  const bytes = `${Math.abs(distance)} ${Math.abs(distance) === 1 ? 'byte' : 'bytes'}`
  const position =
    distance === 0
      ? 'where it starts'
      : distance < 0
        ? `${bytes} before it`
        : `${bytes} after its start`
  return `keyword ${keyword}${offset === undefined ? '' : ` at byte ${offset}`}, ${position}`
}

function labelledLine(label: string, text: string): string {
  return `  ${label.padEnd(8)}  ${text}`
}

function originName({ kind, path, inName, member }: Origin): string {
  const container = kind === 'stdin' ? 'standard input' : (path?.text ?? '')
  const name = member === undefined ? container : `${container} > ${member}`
  return inName === true ? `the name of ${name}` : name
}

function candidateJson({
  rule,
  origin,
  parts,
  severity,
  explanation,
  suppression,
}: ExplainedCandidate): object {
  return {
    rule: rule.id,
    title: rule.description,
    path: origin.path?.text ?? null,
    inName: origin.inName === true,
    ...(origin.member !== undefined && { member: origin.member }),
    parts: parts.map(({ role, redacted, span, found, anchor }) => ({
      role,
      redacted,
      span,
      found,
      anchor: anchor ?? null,
    })),
    joined: explanation,
    finding: suppression === undefined,
    severity,
    suppression: suppression ?? null,
  }
}
