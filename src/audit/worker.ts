import { parentPort, workerData } from 'node:worker_threads'
import { isExpected } from '../model/errors.ts'
import { escapeForTerminal } from '../report/terminal/escape.ts'
import { type Audit, auditRepository } from './audit.ts'
import { cleanerOf } from './clean.ts'
import { Contexts } from './context.ts'
import { LiveFindings } from './live.ts'
import type { Answer, Duty, Question } from './messages.ts'
import type { ShownFinding } from '../model/shown.ts'
import { byFingerprint, showAudit } from './shown-audit.ts'
import { readLife } from './timeline.ts'
import { planVerification, verifyFindings } from './verifying.ts'

/** Findings in one message: whoever takes it has other things to do in between. */
const FINDINGS_AT_ONCE = 100

const duty: Duty = workerData
const stopped = new AbortController()
const { signal } = stopped

/** The program of the thread that audits: it keeps the secrets, and tells what may be shown. */
async function serve(): Promise<void> {
  const live = new LiveFindings(say)
  const audit = await auditRepository(duty, signal, live)
  live.end()
  const { findings, name, coverage } = showAudit(audit)
  for (let at = 0; at < findings.length; at += FINDINGS_AT_ONCE)
    say({
      type: 'settled',
      findings: findings
        .slice(at, at + FINDINGS_AT_ONCE)
        .map((finding) => ({ ...finding, advice: [], explanation: [] })),
    })
  const clean = cleanerOf(audit)
  known = {
    audit,
    clean,
    words: new Map(
      findings.map(({ fingerprint, advice, explanation }) => [
        fingerprint,
        { advice, explanation },
      ]),
    ),
    contexts: new Contexts(audit, byFingerprint(audit), clean),
  }
  say({ type: 'finished', name, coverage })
  for (const question of early.splice(0)) await answer(question)
}

/** What there is to tell, once the scan is done. */
interface Known {
  audit: Audit
  readonly contexts: Contexts
  readonly clean: (text: string) => string
  /** By fingerprint. */
  readonly words: ReadonlyMap<string, Pick<ShownFinding, 'advice' | 'explanation'>>
}

/** Asked before there is anything to say. */
const early: Question[] = []
let known: Known | undefined

async function answer(question: Question): Promise<void> {
  if (question.type === 'stop') {
    stopped.abort()
    parentPort?.close()
  } else if (known === undefined) {
    early.push(question)
  } else {
    await answerOf(question, known)
  }
}

async function answerOf(
  question: Exclude<Question, { readonly type: 'stop' }>,
  now: Known,
): Promise<void> {
  const { audit, contexts, clean } = now
  switch (question.type) {
    case 'life': {
      const { fingerprint } = question
      const finding = byFingerprint(audit).get(fingerprint)
      if (finding !== undefined)
        say({
          type: 'life',
          fingerprint,
          ...(now.words.get(fingerprint) ?? { advice: [], explanation: [] }),
          life: await readLife(finding, audit.repository, clean, signal).catch(() => ({
            changes: [],
            note: 'git could not tell',
          })),
        })
      return
    }
    case 'context': {
      const { fingerprint, place, reveal } = question
      say({
        type: 'context',
        fingerprint,
        place,
        revealed: reveal,
        context: await contexts.around(fingerprint, place, { reveal, signal }),
      })
      return
    }
    case 'plan':
      say(await planVerification(audit, question.fingerprints, duty))
      return
    case 'verify':
      now.audit = await verifyFindings(audit, question.fingerprints, duty, { say, signal })
  }
}

function say(message: Answer): void {
  parentPort?.postMessage(message, [])
}

parentPort?.on('message', (question: Question) => void answer(question))
serve().catch((error: unknown) => {
  const foreseen = isExpected(error)
  const message = foreseen ? error.message : error instanceof Error ? error.name : 'something'
  say({
    type: 'failed',
    message: escapeForTerminal(message),
    foreseen,
    incomplete: !foreseen || error.name === 'ScanError',
  })
})
