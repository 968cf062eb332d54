/** Program of the worker thread that audits: it keeps the secrets and sends what may be shown. */
import { parentPort, workerData } from 'node:worker_threads'
import { isExpected } from '../model/errors.ts'
import { escapeForTerminal } from '../report/terminal/escape.ts'
import { type Audit, type AuditRequest, auditRepository } from './audit.ts'
import { createCleaner } from './clean.ts'
import { ContextReader } from './context.ts'
import { LiveFindings } from './live.ts'
import type { AuditCommand, AuditMessage } from './messages.ts'
import type { ShownFinding } from '../model/shown.ts'
import { byFingerprint, showAudit } from './shown-audit.ts'
import { maskRandom, type Scrub } from '../model/scrubber.ts'
import { readLife } from './timeline.ts'
import { describeVerification, verifyFindings } from './verifying.ts'

/** Findings in one message: between two messages the screen can answer to keys. */
const MAX_FINDINGS_PER_MESSAGE = 100

const request: AuditRequest = workerData
const abortController = new AbortController()
const { signal } = abortController

/** Audits, sends the findings, and then answers the commands that came early. */
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
  for (const command of earlyCommands.splice(0)) await handleCommand(command)
}

/** State of the thread after the audit. */
interface FinishedAudit {
  audit: Audit
  readonly contexts: ContextReader
  readonly clean: Scrub
  /** Advice and explanation by fingerprint. */
  readonly texts: ReadonlyMap<string, Pick<ShownFinding, 'advice' | 'explanation'>>
}

/** Commands that came before the audit was finished. */
const earlyCommands: AuditCommand[] = []
let finishedAudit: FinishedAudit | undefined

async function handleCommand(command: AuditCommand): Promise<void> {
  if (command.type === 'stop') {
    abortController.abort()
    parentPort?.close()
  } else if (finishedAudit === undefined) {
    earlyCommands.push(command)
  } else {
    await answerCommand(command, finishedAudit)
  }
}

async function answerCommand(
  command: Exclude<AuditCommand, { readonly type: 'stop' }>,
  finished: FinishedAudit,
): Promise<void> {
  const { audit, contexts, clean } = finished
  switch (command.type) {
    case 'life': {
      const { fingerprint } = command
      const finding = byFingerprint(audit).get(fingerprint)
      if (finding !== undefined)
        send({
          type: 'life',
          fingerprint,
          ...(finished.texts.get(fingerprint) ?? { advice: [], explanation: [] }),
          life: await readLife(finding, audit.repository, clean, signal).catch(() => ({
            changes: [],
            note: 'git could not read the history',
          })),
        })
      return
    }
    case 'context': {
      const { fingerprint, place, reveal } = command
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
      send(await describeVerification(audit, command.fingerprints, request))
      return
    case 'verify':
      finished.audit = await verifyFindings(audit, command.fingerprints, request, {
        send,
        signal,
      })
  }
}

function send(message: AuditMessage): void {
  parentPort?.postMessage(message, [])
}

parentPort?.on('message', (command: AuditCommand) => void handleCommand(command))
run().catch((error: unknown) => {
  const foreseen = isExpected(error)
  const message = foreseen ? error.message : error instanceof Error ? error.name : 'unknown error'
  send({
    type: 'failed',
    message: escapeForTerminal(maskRandom(message)),
    foreseen,
    incomplete: !foreseen || error.name === 'ScanError',
  })
})
