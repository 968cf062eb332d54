import { parentPort, workerData } from 'node:worker_threads'
import { isExpected } from '../errors.ts'
import { escapeForTerminal } from '../report/escape.ts'
import { type Audit, auditRepository } from './audit.ts'
import { cleanerOf } from './clean.ts'
import { Contexts } from './context.ts'
import { LiveFindings } from './live.ts'
import type { Answer, Duty, Question } from './messages.ts'
import { byFingerprint, showAudit } from './shown-audit.ts'
import { readLife } from './timeline.ts'

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
  for (let at = 0; at < findings.length; at += FINDINGS_AT_ONCE) say({ type: 'settled', findings: findings.slice(at, at + FINDINGS_AT_ONCE) })
  answers = answersOf(audit)
  say({ type: 'finished', name, coverage })
  for (const question of early.splice(0)) await answer(question)
}

interface Answers {
  readonly life: (fingerprint: string) => Promise<Answer | undefined>
  readonly contexts: Contexts
}

/** Asked before there is anything to say. */
const early: Question[] = []
let answers: Answers | undefined

function answersOf(audit: Audit): Answers {
  const findings = byFingerprint(audit)
  const clean = cleanerOf(audit)
  return {
    contexts: new Contexts(audit, findings, clean),
    async life(fingerprint) {
      const finding = findings.get(fingerprint)
      return finding && { type: 'life', fingerprint, life: await readLife(finding, audit.repository, clean, signal).catch(() => ({ changes: [], note: 'git could not tell' })) }
    },
  }
}

async function answer(question: Question): Promise<void> {
  if (question.type === 'stop') {
    stopped.abort()
    parentPort?.close()
    return
  }
  if (answers === undefined) {
    early.push(question)
  } else if (question.type === 'life') {
    const life = await answers.life(question.fingerprint)
    if (life !== undefined) say(life)
  } else {
    const { fingerprint, place, reveal } = question
    const context = await answers.contexts.around(fingerprint, place, { reveal, signal })
    say({ type: 'context', fingerprint, place, revealed: reveal, context })
  }
}

function say(message: Answer): void {
  parentPort?.postMessage(message, [])
}

parentPort?.on('message', (question: Question) => void answer(question))
serve().catch((error: unknown) => {
  const foreseen = isExpected(error)
  const message = foreseen ? error.message : error instanceof Error ? error.name : 'something'
  say({ type: 'failed', message: escapeForTerminal(message), foreseen, incomplete: !foreseen || error.name === 'ScanError' })
})
