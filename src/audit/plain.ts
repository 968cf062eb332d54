import { type DetailsPage, findingDetailLines } from './verdict/finding-details.ts'
import type { ShownAudit, ShownContext, ShownFinding } from '../model/shown.ts'
import type { Audit } from './audit.ts'
import { createCleaner } from './clean.ts'
import { ContextReader } from './context.ts'
import { readMarks } from './marks-file.ts'
import { byFingerprint } from './shown-audit.ts'
import { readLife } from './timeline.ts'

/** Findings whose life and surroundings are read: each costs a git or two. */
const MAX_DETAILED = 100

/** And in a long history those take their time. */
const MAX_DETAILS_MS = 30_000

/** Places whose surroundings are shown, of one finding. */
const MAX_CONTEXTS = 3

/** What the screen shows of each finding, one after the other. */
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
  for (const [at, one] of shown.findings.entries()) {
    const finding = findings.get(one.fingerprint)
    const told =
      at < MAX_DETAILED && finding !== undefined && performance.now() - startedAt < MAX_DETAILS_MS
    if (told) count += 1
    const extras = {
      mark: marks.get(one.fingerprint),
      contexts: told ? await readContexts(contexts, one, signal) : new Map<number, ShownContext>(),
      ...(told && {
        life: await readLife(finding, audit.repository, clean, signal).catch(() => ({
          changes: [],
          note: 'git could not tell',
        })),
      }),
    }
    lines.push(
      '',
      page.paint('dim', '─'.repeat(Math.min(page.columns, 60))),
      ...findingDetailLines(one, extras, page).map(({ text }) => text),
    )
  }
  if (count < shown.findings.length)
    lines.push(
      `The life and the surroundings of the first ${count} findings were read; the screen reads those of any.`,
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
