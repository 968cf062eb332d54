/**
 * Draws one line on stderr that shows the progress of a scan:
 * `oakum: 1,200 of 90,000 objects, 85 MB/s, 12 s left, 3 findings`.
 */
import type { ScanEvent } from '../../model/outcome.ts'
import { countOf, formatCount } from '../../report/terminal/units.ts'
import { isCi } from '../arguments/environment.ts'
import type { Io } from '../process/io.ts'

/** Time between two draws. A scan that ends sooner draws nothing. */
const INTERVAL_MS = 100

const ERASE_LINE = '\r\u001B[2K'

interface ScanProgress {
  readonly onEvent: (event: ScanEvent) => void
  /** Erases the line; call this before anything else is written. */
  readonly clear: () => void
}

interface ProgressCounts {
  /** Number of objects to read; 0 while unknown. */
  readonly planned: number
  readonly objects: number
  readonly bytes: number
  readonly findings: number
  readonly elapsedMs: number
}

/** Starts the progress line of a scan. The caller checks that stderr is a terminal. */
export function startProgress({ stderr, now }: Pick<Io, 'stderr' | 'now'>): ScanProgress {
  const startedAt = now()
  const line = new ProgressLine({ stderr, now }, startedAt)
  let [planned, objects, bytes, findings] = [0, 0, 0, 0]
  return {
    onEvent(event) {
      if (event.type === 'planned') planned = event.objects
      else if (event.type === 'finding') findings += 1
      else if (event.type === 'scanned') {
        objects += Object.values(event.objects).reduce((sum, count) => sum + count, 0)
        bytes += event.bytes
      } else return
      line.draw((at) =>
        progressText({ planned, objects, bytes, findings, elapsedMs: at - startedAt }),
      )
    },
    clear: () => line.clear(),
  }
}

/** Starts a line that counts items; it stays silent without a terminal, in CI and with `quiet`. */
export function startCount(
  io: Io,
  textOf: (done: number, total: number) => string,
  quiet: boolean,
): { readonly onProgress: (done: number, total: number) => void; readonly clear: () => void } {
  const isVisible = io.stderr.isTTY && !isCi(io.env) && !quiet
  const line = new ProgressLine(io, io.now())
  return {
    onProgress(done, total) {
      if (isVisible) line.draw(() => `oakum: ${textOf(done, total)}`)
    },
    clear: () => line.clear(),
  }
}

/** A line on stderr that is redrawn in place, at most ten times a second. */
class ProgressLine {
  readonly #io: Pick<Io, 'stderr' | 'now'>
  #drawnAt: number
  #isShown = false

  constructor(io: Pick<Io, 'stderr' | 'now'>, startedAt: number) {
    this.#io = io
    this.#drawnAt = startedAt
  }

  draw(textAt: (now: number) => string): void {
    const { stderr, now } = this.#io
    const at = now()
    if (at - this.#drawnAt < INTERVAL_MS) return
    this.#drawnAt = at
    this.#isShown = true
    stderr.write(ERASE_LINE + textAt(at).slice(0, Math.max(0, stderr.columns - 1)))
  }

  clear(): void {
    if (this.#isShown) this.#io.stderr.write(ERASE_LINE)
    this.#isShown = false
  }
}

/** Formats the line, without colour; omits the total and the time left while they are unknown. */
export function progressText({
  planned,
  objects,
  bytes,
  findings,
  elapsedMs,
}: ProgressCounts): string {
  const seconds = elapsedMs / 1000
  const isTotalKnown = planned > 0 && planned >= objects
  const secondsLeft = (seconds * (planned - objects)) / objects
  const parts = [
    isTotalKnown
      ? `${formatCount(objects)} of ${countOf(planned, 'object')}`
      : countOf(objects, 'object'),
    seconds > 0 ? `${(bytes / 1e6 / seconds).toFixed(0)} MB/s` : '',
    isTotalKnown && objects > 0 ? `${formatDuration(secondsLeft)} left` : '',
    countOf(findings, 'finding'),
  ]
  return `oakum: ${parts.filter(Boolean).join(', ')}`
}

/** Formats seconds as `12 s`, `3 min` or `2 h 5 min`. */
function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
