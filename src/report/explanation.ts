import type { Origin, Skip } from '../model/model.ts'
import type { ExplainedCandidate } from '../model/outcome.ts'
import { escapeForTerminal, escapeJson } from './terminal/escape.ts'
import { skipJson } from './formats/json.ts'
import { scrubber } from '../model/scrubber.ts'
import { skipText } from './terminal/summary.ts'

type ExplainedPart = ExplainedCandidate['parts'][number]

/** Each candidate: what it is, where its parts stand and what found them, and the verdict. */
export function renderExplanation(
  candidates: readonly ExplainedCandidate[],
  skips: readonly Skip[],
): string {
  const scrub = scrubber(candidates)
  const blocks = candidates.map((candidate) =>
    blockOf(candidate)
      .map((line) => `${escapeForTerminal(scrub(line))}\n`)
      .join(''),
  )
  const left = skips.map((skip) => `left out  ${scrub(skipText(skip))}\n`)
  return [
    ...(blocks.length === 0
      ? ['No candidates: no keyword with a pattern that matches around it.\n']
      : blocks),
    ...(left.length === 0 ? [] : [left.join('')]),
  ].join('\n')
}

/** The same as JSON. */
export function renderExplanationJson(
  candidates: readonly ExplainedCandidate[],
  skips: readonly Skip[],
): string {
  const scrub = scrubber(candidates)
  const json = { candidates: candidates.map(candidateJson), skipped: skips.map(skipJson) }
  return `${escapeJson(JSON.stringify(json, (_key, value: unknown) => (typeof value === 'string' ? scrub(value) : value), 2))}\n`
}

function blockOf({
  rule,
  origin,
  parts,
  severity,
  explanation,
  suppression,
}: ExplainedCandidate): readonly string[] {
  const [first] = parts
  return [
    `${nameOf(origin)}${first === undefined ? '' : `:${first.span.line}:${first.span.column}`}  ${rule.id}: ${rule.description}`,
    ...parts.flatMap(partLines),
    ...explanation.map((line) => labelled('joined', line)),
    labelled(
      'verdict',
      suppression === undefined
        ? `a finding, ${severity}`
        : `no finding, by ${suppression.by}: ${suppression.reason}`,
    ),
  ]
}

function partLines({ role, redacted, span, found, anchor }: ExplainedPart): readonly string[] {
  const near =
    anchor?.distance === 0
      ? 'where it starts'
      : `${Math.abs(anchor?.distance ?? 0)} bytes ${(anchor?.distance ?? 0) < 0 ? 'before it' : 'behind its start'}`
  return [
    labelled(
      role,
      `${redacted} at ${span.line}:${span.column}, bytes ${span.start} to ${span.end}`,
    ),
    labelled('', found),
    ...(anchor === undefined
      ? []
      : [
          labelled(
            '',
            `keyword ${anchor.keyword}${anchor.offset === undefined ? '' : ` at byte ${anchor.offset}`}, ${near}`,
          ),
        ]),
  ]
}

function labelled(label: string, text: string): string {
  return `  ${label.padEnd(8)}  ${text}`
}

function nameOf({ kind, path, inName, member }: Origin): string {
  const outer = kind === 'stdin' ? 'standard input' : (path?.text ?? '')
  return `${inName === true ? 'the name of ' : ''}${outer}${member === undefined ? '' : ` > ${member}`}`
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
