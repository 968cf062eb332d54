/**
 * One line on stderr that says how far a scan is: `oakum: 1,200 of 90,000 objects, 85 MB/s, 12 s
 * left, 3 findings`.
 */
import type { ScanEvent } from '../../model/outcome.ts'
import { countOf, formatCount } from '../../report/terminal/units.ts'
import { isCi } from '../arguments/environment.ts'
import type { Io } from '../process/io.ts'

/** Ten times a second at most; and a scan that takes no longer than this shows nothing. */
const intervalMs = 100

const eraseLine = '\r\u001B[2K'

interface Progress {
  readonly onEvent: (event: ScanEvent) => void
  /** Takes the line away, before anything else is written. */
  readonly clear: () => void
}

interface Counts {
  readonly planned: number
  readonly objects: number
  readonly bytes: number
  readonly findings: number
  readonly elapsedMs: number
}

/** Draws on the terminal behind stderr while events come in. */
export function startProgress({ stderr, now }: Pick<Io, 'stderr' | 'now'>): Progress {
  const startedAt = now()
  let drawnAt = startedAt
  let shown = false
  let [planned, objects, bytes, findings] = [0, 0, 0, 0]

  const draw = () => {
    const at = now()
    if (at - drawnAt < intervalMs) return
    drawnAt = at
    shown = true
    const text = progressText({ planned, objects, bytes, findings, elapsedMs: at - startedAt })
    stderr.write(eraseLine + text.slice(0, Math.max(0, stderr.columns - 1)))
  }

  return {
    onEvent(event) {
      if (event.type === 'planned') planned = event.objects
      else if (event.type === 'finding') findings += 1
      else if (event.type === 'scanned') {
        objects += Object.values(event.objects).reduce((sum, count) => sum + count, 0)
        bytes += event.bytes
      } else return
      draw()
    },
    clear() {
      if (shown) stderr.write(eraseLine)
      shown = false
    },
  }
}

/** The same for what is counted one by one; nothing where nobody watches. */
export function startCount(
  io: Io,
  textOf: (done: number, total: number) => string,
  quiet: boolean,
): { readonly onProgress: (done: number, total: number) => void; readonly clear: () => void } {
  const { stderr, now } = io
  const isWatched = stderr.isTTY && !isCi(io.env) && !quiet
  let drawnAt = now()
  let shown = false
  return {
    onProgress(done, total) {
      if (!isWatched || now() - drawnAt < intervalMs) return
      drawnAt = now()
      shown = true
      stderr.write(
        eraseLine + `oakum: ${textOf(done, total)}`.slice(0, Math.max(0, stderr.columns - 1)),
      )
    },
    clear() {
      if (shown) stderr.write(eraseLine)
      shown = false
    },
  }
}

/** The line, without colour; what is not known yet is left out. */
export function progressText({ planned, objects, bytes, findings, elapsedMs }: Counts): string {
  const seconds = elapsedMs / 1000
  const known = planned > 0 && planned >= objects
  const parts = [
    known ? `${formatCount(objects)} of ${countOf(planned, 'object')}` : countOf(objects, 'object'),
    seconds > 0 ? `${(bytes / 1e6 / seconds).toFixed(0)} MB/s` : '',
    known && objects > 0 ? `${duration((seconds * (planned - objects)) / objects)} left` : '',
    countOf(findings, 'finding'),
  ]
  return `oakum: ${parts.filter(Boolean).join(', ')}`
}

/** `12 s`, `3 min`, `2 h 5 min`. */
function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
