/** Runs Oakum in a case, with the checks that hold for every run, whatever it was given. */
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Trial } from '../trial.ts'
import { oakumEnvironment } from './environment.ts'
import { type Ended, processesWith, runProcess } from './process.ts'
import { leakedSecret } from './secrets.ts'

export interface OakumRun extends Ended {
  /** The JSON report; undefined when there is none, or another format was asked for. */
  readonly report: Report | undefined
  readonly name: string
}

interface Report {
  readonly findings: readonly {
    readonly origins: readonly { readonly blob: string | null; readonly path: string | null }[]
  }[]
  readonly receipt: {
    readonly complete: boolean
    readonly skipped: readonly { readonly outcome: string; readonly reason: string }[]
  }
}

/** Arguments, and standard input where the command reads it. */
export type Command = readonly [args: readonly string[], stdin?: string]

export interface OakumOptions {
  readonly cwd: string
  readonly stdin?: string | undefined
  /** Passed as `--deadline`. */
  readonly deadlineMs?: number | undefined
  readonly signal?: { readonly name: NodeJS.Signals; readonly afterMs: number }
  readonly env?: Readonly<Record<string, string>>
  /** Other runs of the case go on, with children and temporary files of theirs. */
  readonly othersRun?: boolean
}

/** A signal or deadline ends a scan within this part of a case's time: 2 s of 20. */
const STOP_SHARE = 0.1

/** No input needs more: the largest test of Oakum's own allows 300 MiB. */
const MAX_MEMORY_BYTES = 400 << 20

/** Exit codes of docs/cli.md. */
const documentedCodes = [0, 1, 2, 3, 130, 143]

/** Git children may need this long to notice that their reader is gone. */
const CHILDREN_END_MS = 2000

export async function oakum(
  trial: Trial,
  words: readonly string[],
  { cwd, stdin, deadlineMs, signal, env = {}, othersRun = false }: OakumOptions,
): Promise<OakumRun> {
  const args = [
    ...words,
    ...(deadlineMs === undefined ? [] : ['--deadline', `${deadlineMs / 1000}`]),
  ]
  const { program, caseSeconds } = trial.surroundings
  const ended = await runProcess([process.execPath, program, ...args], {
    cwd,
    env: { ...oakumEnvironment(trial), ...env },
    limitMs: caseSeconds * 1000 + (deadlineMs ?? 0),
    ...(stdin !== undefined && { stdin }),
    ...(signal !== undefined && { signal }),
  })
  const name = `oakum ${args.join(' ')}`
  const run = { ...ended, name, report: reportOf(ended.stdout) }
  trial.did(
    `${name}${signal ? ` with ${signal.name} after ${signal.afterMs} ms` : ''}: exit ${run.code ?? run.signal} in ${Math.round(run.ms)} ms with ${Math.round(run.peakBytes / 1e6)} MB${run.report ? `, complete ${run.report.receipt.complete}, ${run.report.findings.length} findings` : ''}${run.stderr === '' ? '' : `, said ${JSON.stringify(firstLines(run.stderr))}`}`,
  )
  checkEvery(trial, run, signal?.name)
  const stopMs = signal?.afterMs ?? deadlineMs
  if (stopMs !== undefined && !run.hung && run.ms - stopMs > caseSeconds * 1000 * STOP_SHARE)
    trial.fail('slow to end', `${name}: ${Math.round(run.ms - stopMs)} ms after it should stop`)
  if (!othersRun) await checkRemains(trial, run, signal?.name)
  return run
}

function firstLines(text: string): string {
  return text.split('\n').slice(0, 3).join('\n').slice(0, 300)
}

function reportOf(stdout: Buffer): Report | undefined {
  if (stdout[0] !== '{'.charCodeAt(0)) return undefined
  try {
    const report: Report = JSON.parse(stdout.toString())
    return report.receipt === undefined ? undefined : report
  } catch {
    return undefined
  }
}

function checkEvery(trial: Trial, run: OakumRun, sent: NodeJS.Signals | undefined): void {
  const said = `${run.stdout.toString()}\n${run.stderr}`
  if (run.hung) trial.fail('hang', `${run.name} did not end in ${Math.round(run.ms)} ms`)
  else if (sent === undefined && !documentedCodes.includes(run.code ?? -1))
    trial.fail('crash', `${run.name}: exit ${run.code ?? run.signal}: ${firstLines(run.stderr)}`)
  if (/this is a bug|\bat .*\(node:internal|^node:internal/m.test(run.stderr))
    trial.fail('crash', `${run.name}: ${firstLines(run.stderr)}`)
  if (run.peakBytes > MAX_MEMORY_BYTES)
    trial.fail('memory', `${run.name}: ${Math.round(run.peakBytes / 1e6)} MB`)
  const leaked = leakedSecret(said, trial.planted)
  if (leaked !== undefined)
    trial.fail('secret printed', `${run.name}: near ${JSON.stringify(leaked)}`)
}

/** Fails the case when a run leaves temporary files or children behind. */
async function checkRemains(
  trial: Trial,
  run: OakumRun,
  sent: NodeJS.Signals | undefined,
): Promise<void> {
  await checkChildren(trial, run)
  const left = readdirSync(trial.path('tmp'))
  if (sent !== 'SIGKILL' && !run.hung && left.length > 0)
    trial.fail('temporary files left', `${run.name}: ${left.join(', ')}`)
}

async function checkChildren(trial: Trial, run: OakumRun): Promise<void> {
  const temporary = trial.path('tmp')
  const until = performance.now() + CHILDREN_END_MS
  let left = processesWith(temporary)
  while (left.length > 0 && performance.now() < until) {
    await sleep(50)
    left = processesWith(temporary)
  }
  for (const { pid, command } of left) {
    trial.fail('child left', `${run.name} left ${command}`)
    process.kill(pid, 'SIGKILL')
  }
}
