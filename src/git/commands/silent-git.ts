/** Ends a git that prints nothing: it may be visiting paths without end, and filling its memory. */
import type { GitProcess } from './run.ts'

/** Ticks of the clock that measures silence. A busy main thread makes it miss some. */
const TICKS = 4

/**
 * Yields the output of git. When git prints nothing for some time, git is stopped, and `failure`
 * says why.
 */
export async function* outputUntilSilent(
  { stdout, stop }: GitProcess,
  maxSilenceMs: number,
): AsyncGenerator<Buffer> {
  let silentTicks = 0
  const timer = setInterval(() => {
    silentTicks += 1
    if (silentTicks === TICKS) stop(`it printed nothing for ${maxSilenceMs / 1000} seconds`)
  }, maxSilenceMs / TICKS)
  try {
    for await (const chunk of stdout) {
      silentTicks = 0
      yield chunk
    }
  } finally {
    clearInterval(timer)
  }
}
