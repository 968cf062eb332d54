/** Details of all findings as text, for `oakum audit --plain`. */
import { type DetailsPage, findingDetailLines } from './verdict/finding-details.ts'
import type { ShownAudit, ShownContext, ShownFinding } from '../model/shown.ts'
import type { Audit } from './audit.ts'
import { createCleaner } from './clean.ts'
import { ContextReader } from './context.ts'
import { readMarks } from './marks-file.ts'
import { byFingerprint } from './shown-audit.ts'
import { readLife } from './timeline.ts'

/** Findings whose life and context are read: each starts one or two git processes. */
const MAX_DETAILED = 100

/** Time after which no more life or context is read: in a long history each takes seconds. */
const MAX_DETAILS_MS = 30_000

/** Places of one finding whose context is shown. */
const MAX_CONTEXTS = 3

/** Returns the details page of each finding, one after the other. */
export async function plainLines(
  audit: Audit,
  shown: ShownAudit,
  page: DetailsPage,
): Promise<readonly string[]> {
  const lines: string[] = []
  const findings = byFingerprint(audit)
  const clean = createCleaner(audit)
  const contexts = new ContextReader(audit, findings, clean)
  const { marks } = readMarks(audit.repository.commonDir)
  const { signal } = new AbortController()
  const startedAt = performance.now()
  let count = 0
  for (const [at, shownFinding] of shown.findings.entries()) {
    const finding = findings.get(shownFinding.fingerprint)
    const isDetailed =
      at < MAX_DETAILED && finding !== undefined && performance.now() - startedAt < MAX_DETAILS_MS
    if (isDetailed) count += 1
    const extras = {
      mark: marks.get(shownFinding.fingerprint),
      contexts: isDetailed
        ? await readContexts(contexts, shownFinding, signal)
        : new Map<number, ShownContext>(),
      ...(isDetailed && {
        life: await readLife(finding, audit.repository, clean, signal).catch(() => ({
          changes: [],
          note: 'git could not read the history',
        })),
      }),
    }
    lines.push(
      '',
      page.paint('dim', '─'.repeat(Math.min(page.columns, 60))),
      ...findingDetailLines(shownFinding, extras, page).map(({ text }) => text),
    )
  }
  if (count < shown.findings.length)
    lines.push(
      `Life and context are shown of the first ${count} findings only; the screen shows those of all.`,
    )
  return lines
}

async function readContexts(
  contexts: ContextReader,
  { fingerprint, places }: ShownFinding,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, ShownContext>> {
  const indexes = Array.from({ length: Math.min(places.length, MAX_CONTEXTS) }, (_, index) => index)
  return new Map(
    await Promise.all(
      indexes.map(
        async (index) =>
          [index, await contexts.read(fingerprint, index, { reveal: false, signal })] as const,
      ),
    ),
  )
}
