/**
 * A fix as people read changes. Only what is added is shown, so that no line of a file that is
 * there can show a value.
 */
import type { Fix } from './plan-fix.ts'

/** Lines, not yet safe for a terminal; what came from files is UTF-8 again. */
export function diffLines({
  changes,
  untrack,
}: Pick<Fix, 'changes' | 'untrack'>): readonly string[] {
  return [
    ...changes.flatMap(({ path, before, after }) => {
      const kept = before?.length ?? 0
      const there = linesOf(before ?? Buffer.alloc(0)).length
      // A last line without an end gets one; it is no new line.
      const added = linesOf(after.subarray(kept)).filter(
        (line, at) => at > 0 || line !== '' || kept === 0 || before?.at(-1) === 0x0a,
      )
      const name = latin1ToUtf8(path)
      return [
        before === undefined ? '--- /dev/null' : `--- a/${name}`,
        `+++ b/${name}`,
        `@@ -${there},0 +${there + 1},${added.length} @@`,
        ...added.map((line) => `+${line}`),
        '',
      ]
    }),
    ...untrack.map((path) => `git rm --cached ${latin1ToUtf8(path)}   # from the index only`),
  ]
}

/** Bytes, one a character, as the text they are. */
export function latin1ToUtf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

function linesOf(bytes: Buffer): readonly string[] {
  return bytes.length === 0
    ? []
    : bytes
        .toString('utf8')
        .replace(/\r?\n$/, '')
        .split(/\r?\n/)
}
