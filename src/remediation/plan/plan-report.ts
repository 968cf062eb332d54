/**
 * Formats a plan as text, Markdown and JSON. All are scrubbed of secrets, and escaped for terminals
 * or pages.
 */
import type { Finding, Skip } from '../../model/model.ts'
import { adviceFor } from '../../report/next-steps/next-steps.ts'
import { escapeForTerminal, escapeJson } from '../../report/terminal/escape.ts'
import { wrap } from '../../report/terminal/fit.ts'
import { type Scrub, scrubber } from '../../model/scrubber.ts'
import type { RewritePlan } from './make-plan.ts'
import { type PlanItem, planSections, type PlanSection } from './plan-sections.ts'

/** Columns of the text; longer lines are wrapped. */
const TEXT_WIDTH = 100

/** Formats a plan for a terminal; `folder` has the files of the plan, if they were written. */
export function planText(plan: RewritePlan, folder?: string): string {
  return sectionsOf(plan, folder)
    .flatMap(({ title, items }) => [title, ...items.flatMap(textLines), ''])
    .map((line) => `${line}\n`)
    .join('')
}

/** Formats a plan for a file or a ticket. */
export function planMarkdown(plan: RewritePlan, folder?: string): string {
  const body = sectionsOf(plan, folder).flatMap(({ title, items }) => [
    `## ${asMarkdown(title)}`,
    '',
    ...items.flatMap(markdownLines),
    '',
  ])
  return ['# Rotation and rewrite plan', '', ...body].map((line) => `${line}\n`).join('')
}

/** Returns the JSON form of a credential. */
function findingJson(finding: Finding): object {
  const { fingerprint, rule, severity, parts, attribution } = finding
  return {
    fingerprint,
    rule: rule.id,
    severity,
    redacted: parts.map(({ redacted }) => redacted),
    refs: attribution?.refs ?? [],
    first: attribution?.first?.commit ?? null,
    steps: adviceFor(finding),
  }
}

/** Formats a plan as one JSON object. */
export function planJson(plan: RewritePlan): string {
  const {
    published,
    pending,
    local,
    edits,
    impact,
    replacements,
    removePaths,
    envPaths,
    people,
    remotes,
    skipped,
    complete,
  } = plan
  const json = JSON.stringify(
    {
      schema: 1,
      complete,
      rotate: published.map(findingJson),
      rewrite: [...published, ...pending].map(({ fingerprint }) => fingerprint),
      pending: pending.map(findingJson),
      local: local.map(findingJson),
      versions: edits.blobs.size,
      archives: edits.whole.size,
      messages: edits.messages.size,
      commits: { total: impact.commits, changed: impact.changed, first: impact.first },
      refs: {
        branches: impact.branches,
        tags: impact.tags,
        remotes: impact.remotes,
        others: impact.others,
      },
      removePaths,
      envPaths,
      notReachedByFilterRepo: { binary: replacements.binary, plain: replacements.plain },
      people,
      remotes,
      skipped: skipped.map(skipJson),
    },
    null,
    2,
  )
  return `${escapeJson(scrubberOf(plan)(json))}\n`
}

function skipJson({ outcome, reason, path, object, detail }: Skip): object {
  return {
    outcome,
    reason,
    path: path?.text ?? null,
    object: object ?? null,
    detail: detail ?? null,
  }
}

function scrubberOf({ published, pending, local, inTexts }: RewritePlan): Scrub {
  return scrubber([...published, ...pending, ...local, ...inTexts])
}

/** Returns the sections, scrubbed of secrets and escaped; writers only lay them out. */
function sectionsOf(plan: RewritePlan, folder: string | undefined): readonly PlanSection[] {
  const scrub = scrubberOf(plan)
  const safe = (text: string): string => escapeForTerminal(scrub(text))
  return planSections(plan, folder).map(({ title, items }) => ({
    title: safe(title),
    items: items.map((item) =>
      'command' in item ? { command: safe(item.command) } : { ...item, text: safe(item.text) },
    ),
  }))
}

function textLines(item: PlanItem): readonly string[] {
  if ('command' in item) return [`      ${item.command}`]
  const indent = item.nested === true ? '      ' : '   '
  return wrap(item.text, TEXT_WIDTH - indent.length).map((line) => indent + line)
}

function markdownLines(item: PlanItem): readonly string[] {
  if (!('command' in item)) return [`${item.nested === true ? '  ' : ''}- ${asMarkdown(item.text)}`]
  const longest = Math.max(2, ...(item.command.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return ['', `  ${fence}sh`, `  ${item.command}`, `  ${fence}`, '']
}

/** Keeps code in backquotes, and escapes everything else that has a meaning in Markdown. */
function asMarkdown(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((piece, index) =>
      index % 2 === 1 ? piece : piece.replaceAll(/[\\`*_[\]<>#|!~&@]/g, String.raw`\$&`),
    )
    .join('')
}
