import { parentPort, workerData } from 'node:worker_threads'
import { isExpected } from '../model/errors.ts'
import { escapeForTerminal } from '../report/terminal/escape.ts'
import { type Audit, auditRepository } from './audit.ts'
import { createCleaner } from './clean.ts'
import { ContextReader } from './context.ts'
import { LiveFindings } from './live.ts'
import type { AuditMessage, StartRequest, AuditCommand } from './messages.ts'
import type { ShownFinding } from '../model/shown.ts'
import { byFingerprint, showAudit } from './shown-audit.ts'
import { readLife } from './timeline.ts'
import { describeVerification, verifyFindings } from './verifying.ts'

/** Findings in one message: whoever takes it has other things to do in between. */
const MAX_FINDINGS_PER_MESSAGE = 100

const request: StartRequest = workerData
const abortController = new AbortController()
const { signal } = abortController

/** The program of the thread that audits: it keeps the secrets, and tells what may be shown. */
async function run(): Promise<void> {
  const live = new LiveFindings(send)
  const audit = await auditRepository(request, signal, live)
  live.end()
  const { findings, name, coverage } = showAudit(audit)
  for (let at = 0; at < findings.length; at += MAX_FINDINGS_PER_MESSAGE)
    send({
      type: 'settled',
      findings: findings
        .slice(at, at + MAX_FINDINGS_PER_MESSAGE)
        .map((finding) => ({ ...finding, advice: [], explanation: [] })),
    })
  const clean = createCleaner(audit)
  finishedAudit = {
    audit,
    clean,
    texts: new Map(
      findings.map(({ fingerprint, advice, explanation }) => [
        fingerprint,
        { advice, explanation },
      ]),
    ),
    contexts: new ContextReader(audit, byFingerprint(audit), clean),
  }
  send({ type: 'finished', name, coverage })
  for (const question of earlyCommands.splice(0)) await handleCommand(question)
}

/** What there is to tell, once the scan is done. */
interface FinishedAudit {
  audit: Audit
  readonly contexts: ContextReader
  readonly clean: (text: string) => string
  /** By fingerprint. */
  readonly texts: ReadonlyMap<string, Pick<ShownFinding, 'advice' | 'explanation'>>
}

/** Asked before there is anything to say. */
const earlyCommands: AuditCommand[] = []
let finishedAudit: FinishedAudit | undefined

async function handleCommand(question: AuditCommand): Promise<void> {
  if (question.type === 'stop') {
    abortController.abort()
    parentPort?.close()
  } else if (finishedAudit === undefined) {
    earlyCommands.push(question)
  } else {
    await answerCommand(question, finishedAudit)
  }
}

async function answerCommand(
  question: Exclude<AuditCommand, { readonly type: 'stop' }>,
  now: FinishedAudit,
): Promise<void> {
  const { audit, contexts, clean } = now
  switch (question.type) {
    case 'life': {
      const { fingerprint } = question
      const finding = byFingerprint(audit).get(fingerprint)
      if (finding !== undefined)
        send({
          type: 'life',
          fingerprint,
          ...(now.texts.get(fingerprint) ?? { advice: [], explanation: [] }),
          life: await readLife(finding, audit.repository, clean, signal).catch(() => ({
            changes: [],
            note: 'git could not tell',
          })),
        })
      return
    }
    case 'context': {
      const { fingerprint, place, reveal } = question
      send({
        type: 'context',
        fingerprint,
        place,
        revealed: reveal,
        context: await contexts.read(fingerprint, place, { reveal, signal }),
      })
      return
    }
    case 'plan':
      send(await describeVerification(audit, question.fingerprints, request))
      return
    case 'verify':
      now.audit = await verifyFindings(audit, question.fingerprints, request, { say: send, signal })
  }
}

function send(message: AuditMessage): void {
  parentPort?.postMessage(message, [])
}

parentPort?.on('message', (question: AuditCommand) => void handleCommand(question))
run().catch((error: unknown) => {
  const foreseen = isExpected(error)
  const message = foreseen ? error.message : error instanceof Error ? error.name : 'something'
  send({
    type: 'failed',
    message: escapeForTerminal(message),
    foreseen,
    incomplete: !foreseen || error.name === 'ScanError',
  })
})
