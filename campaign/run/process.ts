/** Runs a program with a time limit, in a process group of its own. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** More output than this is cut: no check needs it. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024

/** Peaks between two looks are seen, since Linux keeps the largest value. */
const MEMORY_INTERVAL_MS = 200

export interface ProcessOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly limitMs: number
  readonly stdin?: string | Buffer
  /** Sent to the program, not to its children, after this time. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly afterMs: number }
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Buffer
  readonly stderr: string
  readonly ms: number
  /** It took longer than its limit and was killed with its children. */
  readonly hung: boolean
  /** The most memory that the program itself held; 0 where the system has no /proc. */
  readonly peakBytes: number
}

/** Programs that run now. When the campaign is ended at once, they end with it. */
const running = new Set<number>()
process.on('exit', () => running.forEach(killGroup))

export async function runProcess(
  command: readonly string[],
  { cwd, env, limitMs, stdin = '', signal }: ProcessOptions,
): Promise<Ended> {
  const started = performance.now()
  const [program = '', ...args] = command
  const child = spawn(program, args, { cwd, env, stdio: 'pipe', detached: true })
  if (child.pid !== undefined) running.add(child.pid)
  let hung = false
  const limit = setTimeout(() => {
    hung = true
    if (child.pid !== undefined) killGroup(child.pid)
  }, limitMs)
  let peakBytes = 0
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid))
  }, MEMORY_INTERVAL_MS)
  const signalled = signal && setTimeout(() => child.kill(signal.name), signal.afterMs)
  // A program that does not read its input closes the pipe.
  child.stdin.on('error', () => undefined)
  child.stdin.end(stdin)
  const stdout = collected(child.stdout)
  const stderr = collected(child.stderr)
  const [code, by] = await new Promise<[number | null, NodeJS.Signals | null]>((done, fail) => {
    child.on('error', fail)
    child.on('exit', (...ended) => {
      // Children that outlive the program keep its pipes open: they are found by `childrenLeft`.
      const patience = setTimeout(() => done(ended), 500)
      child.on('close', () => {
        clearTimeout(patience)
        done(ended)
      })
    })
  })
  if (child.pid !== undefined) running.delete(child.pid)
  clearTimeout(limit)
  clearTimeout(signalled)
  clearInterval(watch)
  const ms = performance.now() - started
  return { code, signal: by, stdout: stdout(), stderr: stderr().toString(), ms, hung, peakBytes }
}

function collected(stream: NodeJS.ReadableStream): () => Buffer {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= MAX_OUTPUT_BYTES) chunks.push(chunk)
  })
  return () => Buffer.concat(chunks)
}

/** The largest resident size of a process so far, which Linux tells while the process runs. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    return 1024 * Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? 0)
  } catch {
    return 0
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended meanwhile.
  }
}

/**
 * Command lines of processes whose temporary folder is this one, which Oakum passes on to every
 * git. Empty where the system has no /proc.
 */
export function processesWith(
  temporaryFolder: string,
): readonly { pid: number; command: string }[] {
  const found: { pid: number; command: string }[] = []
  for (const name of pidNames()) {
    try {
      const environ = readFileSync(`/proc/${name}/environ`, 'latin1').split('\0')
      if (!environ.includes(`TMPDIR=${temporaryFolder}`)) continue
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      // A process that has ended and was not waited for has no command line.
      if (command !== '') found.push({ pid: Number(name), command })
    } catch {
      // It ended meanwhile, or belongs to somebody else.
    }
  }
  return found
}

function pidNames(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}
