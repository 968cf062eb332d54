import { windowsOf } from '../git/windows.ts'
import type { Source } from '../model.ts'

/** Bytes from a pipe. */
export function stdinSource(stream: AsyncIterable<Uint8Array>): Source {
  return {
    async *blobs(signal) {
      for await (const window of windowsOf(stream)) {
        if (signal.aborted) return
        yield [{ id: 'stdin', kind: 'blob', origins: [{ kind: 'stdin' }], ...window }]
      }
    },
  }
}
