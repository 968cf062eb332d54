/** Starts an audit in a worker thread, and stops it. */
import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { AuditRequest } from './audit.ts'
import type { AuditCommand, AuditMessage } from './messages.ts'

/** Time that the thread has to stop its git processes before it is terminated. */
const MAX_STOP_MS = 300

/** Young generation of the heap, in MiB. A scan makes short-lived objects; more only uses memory. */
const MAX_YOUNG_MB = 12

/**
 * Old generation of the heap, in MiB: seven times the need of 500,000 objects with 5,000 findings.
 * A bound makes the garbage collector run earlier, which saves a hundred megabytes.
 */
const MAX_OLD_MB = 768

/** Audit in a worker thread, so that the screen always answers to keys. */
export interface Session {
  readonly send: (question: AuditCommand) => void
  /** Stops the thread, finished or not. */
  readonly end: () => Promise<void>
}

/** Starts an audit. `onMessage` gets its messages, and `failed` if the thread ends early. */
export function startSession(
  request: AuditRequest,
  onMessage: (message: AuditMessage) => void,
): Session {
  const worker = new Worker(new URL('../cli/audit-thread.cjs', import.meta.url), {
    workerData: { ...request, env: { ...request.env } },
    env: {},
    argv: [],
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: MAX_YOUNG_MB, maxOldGenerationSizeMb: MAX_OLD_MB },
  })
  let ended = false
  const fail = (message: string): void => {
    if (!ended) onMessage({ type: 'failed', message, foreseen: false, incomplete: true })
    ended = true
  }
  worker.on('message', (message: AuditMessage) => {
    if (!ended) onMessage(message)
  })
  worker.on('error', (error) =>
    fail(
      'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? 'out of memory: oakum audit --plain may use more'
        : error.name,
    ),
  )
  worker.on('exit', () => fail('the thread of the audit ended early'))
  return {
    send: (command) => worker.postMessage(command, []),
    async end() {
      ended = true
      const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
      worker.postMessage({ type: 'stop' } satisfies AuditCommand, [])
      // The thread stops its git processes and exits by itself, unless it is busy.
      await Promise.race([exited, setTimeout(MAX_STOP_MS, undefined, { ref: false })])
      await worker.terminate()
    },
  }
}
