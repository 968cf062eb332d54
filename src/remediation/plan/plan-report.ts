/**
 * A plan as text, markdown and JSON. No secret is in it, and nothing acts on a terminal or a page.
 */
import type { Finding } from '../../model/model.ts'
import { adviceFor } from '../../report/next-steps/next-steps.ts'
import { escapeForTerminal, escapeJson } from '../../report/terminal/escape.ts'
import { wrap } from '../../report/terminal/fit.ts'
import { scrubber } from '../../model/scrubber.ts'
import type { RewritePlan } from './make-plan.ts'
import { type Item, planSections, type Section } from './plan-sections.ts'

const width = 100

/** For a terminal. */
export function planText(plan: RewritePlan, folder?: string): string {
  return sectionsOf(plan, folder)
    .flatMap(({ title, items }) => [title, ...items.flatMap(textLines), ''])
    .map((line) => `${line}\n`)
    .join('')
}

/** For a file beside the repository, or a ticket. */
export function planMarkdown(plan: RewritePlan, folder?: string): string {
  const body = sectionsOf(plan, folder).flatMap(({ title, items }) => [
    `## ${asMarkdown(title)}`,
    '',
    ...items.flatMap(markdownLines),
    '',
  ])
  return ['# Rotation and rewrite plan', '', ...body].map((line) => `${line}\n`).join('')
}

/** What a program is told of a credential. */
function brief(finding: Finding): object {
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

/** For programs. */
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
      rotate: published.map(brief),
      rewrite: [...published, ...pending].map(({ fingerprint }) => fingerprint),
      pending: pending.map(brief),
      local: local.map(brief),
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
      skipped: skipped.map(({ outcome, reason, path, object, detail }) => ({
        outcome,
        reason,
        path: path?.text ?? null,
        object: object ?? null,
        detail: detail ?? null,
      })),
    },
    null,
    2,
  )
  return `${escapeJson(scrubOf(plan)(json))}\n`
}

function scrubOf({ published, pending, local }: RewritePlan): (text: string) => string {
  return scrubber([...published, ...pending, ...local])
}

/** Scrubbed and escaped, so that what writes them only lays them out. */
function sectionsOf(plan: RewritePlan, folder: string | undefined): readonly Section[] {
  const scrub = scrubOf(plan)
  const safe = (text: string): string => escapeForTerminal(scrub(text))
  return planSections(plan, folder).map(({ title, items }) => ({
    title: safe(title),
    items: items.map((item) =>
      'command' in item ? { command: safe(item.command) } : { ...item, text: safe(item.text) },
    ),
  }))
}

function textLines(item: Item): readonly string[] {
  if ('command' in item) return [`      ${item.command}`]
  const indent = item.inner === true ? '      ' : '   '
  return wrap(item.text, width - indent.length).map((line) => indent + line)
}

function markdownLines(item: Item): readonly string[] {
  if (!('command' in item)) return [`${item.inner === true ? '  ' : ''}- ${asMarkdown(item.text)}`]
  const longest = Math.max(2, ...(item.command.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return ['', `  ${fence}sh`, `  ${item.command}`, `  ${fence}`, '']
}

/** What stands in backquotes stays code; of the rest nothing means anything. */
function asMarkdown(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((piece, at) =>
      at % 2 === 1 ? piece : piece.replaceAll(/[\\`*_[\]<>#|!~&@]/g, String.raw`\$&`),
    )
    .join('')
}
