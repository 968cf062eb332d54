/**
 * A shell that kills git processes when this process is gone, however it ended. Many gits end by
 * themselves when their pipe breaks; one that walks or packs objects in silence does not notice.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'

/** A git that ends sooner is not watched: starting the shell would cost more than it saves. */
const MIN_RUN_MS = 1000

/**
 * Reads `+<id>` and `-<id>` lines. When its input ends, which the system does for a process that is
 * killed, it kills the ids that are left. A negative id is that of a process group. The signals of a
 * terminal must not end it before this process.
 */
const script = `
trap '' HUP INT TERM
ids=
while read -r line; do
  case $line in
    +*) ids="$ids \${line#+}" ;;
    -*)
      left=
      for id in $ids; do [ "$id" = "\${line#-}" ] || left="$left $id"; done
      ids=$left ;;
  esac
done
for id in $ids; do kill -s KILL -- "$id"; done 2>/dev/null
`

type Shell = ChildProcessByStdio<Writable, null, null>

let shell: Shell | undefined

/**
 * Has a process killed at the end of this one, if it runs for more than a second. Call the result
 * when it has ended. Windows has neither `sh` nor these signals: there nothing is watched.
 */
export function killWithParent(id: number | undefined): () => void {
  if (id === undefined || process.platform === 'win32') return () => {}
  let isWatched = false
  const timer = setTimeout(() => {
    isWatched = true
    shell ??= startShell()
    shell.stdin.write(`+${id}\n`)
  }, MIN_RUN_MS).unref()
  return () => {
    clearTimeout(timer)
    if (isWatched) shell?.stdin.write(`-${id}\n`)
  }
}

/** Starts the shell in a session of its own, so that it outlives a kill of the process group. */
function startShell(): Shell {
  const child = spawn('/bin/sh', ['-c', script], {
    cwd: '/',
    env: {},
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Without a shell git is not watched, and all else works.
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  child.unref()
  // Node's type of a child's stdin lacks `unref`, which its sockets have: the pipe must not keep
  // this process alive.
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  return child
}
