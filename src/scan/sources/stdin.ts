import { windowsOf } from '../../git/objects/windows.ts'
import { repoPath } from '../../git/commands/path.ts'
import type { Origin, Source } from '../../model/model.ts'

/**
 * Reads the bytes of a pipe as one blob, or as the message of a commit that is being made. `path`
 * names the file whose bytes they are, so that they are read by its format.
 */
export function stdinSource(
  stream: AsyncIterable<Uint8Array>,
  kind: 'stdin' | 'message' = 'stdin',
  path?: string,
): Source {
  const origin: Origin = path === undefined ? { kind } : { kind, path: repoPath(Buffer.from(path)) }
  return {
    async *blobs(signal) {
      for await (const window of windowsOf(untilAborted(stream, signal))) {
        yield [{ id: 'stdin', kind: 'blob', origins: [origin], ...window }]
      }
    },
  }
}

/** Ends when the scan is aborted, even while the pipe stays silent. */
async function* untilAborted<T>(stream: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const chunks = stream[Symbol.asyncIterator]()
  for (;;) {
    const step = await nextUnlessAborted(chunks, signal)
    if (step === undefined || step.done) return
    yield step.value
  }
}

function nextUnlessAborted<T>(
  chunks: AsyncIterator<T>,
  signal: AbortSignal,
): Promise<IteratorResult<T> | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    chunks
      .next()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop))
  })
}
