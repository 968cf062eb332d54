import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { AuditMessage, StartRequest, AuditCommand } from './messages.ts'

/** So long a thread has to stop what it started. */
const MAX_STOP_MS = 300

/** What a scan makes is soon gone again: more room for it only takes memory. */
const MAX_YOUNG_MB = 12

/**
 * Seven times what half a million objects with five thousand findings need. With a bound garbage
 * goes earlier: a hundred megabytes of it.
 */
const MAX_OLD_MB = 768

/** An audit in a thread of its own, so that whoever shows it always answers to keys. */
export interface Session {
  readonly send: (question: AuditCommand) => void
  /** Ends the thread, done or not. */
  readonly end: () => Promise<void>
}

/** Starts an audit; `onAnswer` hears what it says, and of its end if that comes early. */
export function startSession(
  duty: StartRequest,
  onAnswer: (answer: AuditMessage) => void,
): Session {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: { ...duty, env: { ...duty.env } },
    env: {},
    argv: [],
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: MAX_YOUNG_MB, maxOldGenerationSizeMb: MAX_OLD_MB },
  })
  let ended = false
  const failed = (message: string): void => {
    if (!ended) onAnswer({ type: 'failed', message, foreseen: false, incomplete: true })
    ended = true
  }
  worker.on('message', (answer: AuditMessage) => {
    if (!ended) onAnswer(answer)
  })
  worker.on('error', (error) =>
    failed(
      'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? 'out of memory: oakum audit --plain has more'
        : error.name,
    ),
  )
  worker.on('exit', () => failed('its thread ended early'))
  return {
    send: (question) => worker.postMessage(question, []),
    async end() {
      ended = true
      const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
      worker.postMessage({ type: 'stop' } satisfies AuditCommand, [])
      // It stops the gits that it started, and ends by itself; unless it is busy.
      await Promise.race([gone, setTimeout(MAX_STOP_MS, undefined, { ref: false })])
      await worker.terminate()
    },
  }
}
