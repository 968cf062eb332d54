/** Formats a fix as a diff. It shows added lines only, so that no existing line shows a value. */
import { latin1ToUtf8 } from './byte-paths.ts'
import type { Fix } from './plan-fix.ts'

/** Returns the lines of the diff, decoded from UTF-8 and not yet escaped for a terminal. */
export function diffLines({
  changes,
  untrack,
}: Pick<Fix, 'changes' | 'untrack'>): readonly string[] {
  return [
    ...changes.flatMap(({ path, before, after }) => {
      const beforeLength = before?.length ?? 0
      const lineCount = linesOf(before ?? Buffer.alloc(0)).length
      // An incomplete last line gets a line end, which is not an added line.
      const added = linesOf(after.subarray(beforeLength)).filter(
        (line, index) => index > 0 || line !== '' || beforeLength === 0 || before?.at(-1) === 0x0a,
      )
      const name = latin1ToUtf8(path)
      return [
        before === undefined ? '--- /dev/null' : `--- a/${name}`,
        `+++ b/${name}`,
        `@@ -${lineCount},0 +${lineCount + 1},${added.length} @@`,
        ...added.map((line) => `+${line}`),
        '',
      ]
    }),
    ...untrack.map((path) => `git rm --cached ${latin1ToUtf8(path)}   # from the index only`),
  ]
}

function linesOf(bytes: Buffer): readonly string[] {
  if (bytes.length === 0) return []
  return bytes
    .toString('utf8')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
}
