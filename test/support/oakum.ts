/** The built program as a child process, with an eye on every byte it writes. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { notedSecrets } from './credentials.ts'
import { isolatedEnv } from './repo.ts'

/** Top of this project. */
export const projectRoot = resolve(import.meta.dirname, '../..')

/** The program's entry, as `npm run compile` leaves it. */
export const bin = join(projectRoot, 'dist/cli/bin.cjs')

export interface OriginJson {
  readonly kind: 'file' | 'index' | 'commit' | 'message' | 'stdin'
  readonly path: string | null
  readonly pathBytes?: string
  readonly member?: string
  readonly blob: string | null
  readonly commit: string | null
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  readonly role: string
}

interface PlaceInHistory {
  readonly commit: string
  readonly author: string
  readonly date: string
  readonly path: string | null
}

export interface FindingJson {
  readonly fingerprint: string
  readonly rule: string
  readonly severity: string
  readonly parts: readonly { readonly role: string; readonly redacted: string }[]
  readonly origins: readonly OriginJson[]
  /** `null` where nothing leads to it. */
  readonly attribution: AttributionJson | null
}

export interface AttributionJson {
  readonly first: PlaceInHistory
  readonly last: PlaceInHistory
  readonly inHead: boolean
  readonly refs: readonly string[]
  readonly exposure: string
}

export interface SkipJson {
  readonly member?: string
  readonly detail: string | null
  readonly outcome: 'failed' | 'bounded'
  readonly reason: string
  readonly path: string | null
  readonly object: string | null
}

interface ReportJson {
  readonly findings: readonly FindingJson[]
  readonly suppressed: { readonly total: number; readonly by: Readonly<Record<string, number>> }
  readonly receipt: {
    readonly complete: boolean
    readonly target: string
    readonly skipped: readonly SkipJson[]
  }
}

export interface OakumOptions {
  readonly cwd: string
  /** Laid over the isolated environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly stdin?: string | Buffer
  /** Arguments for node itself. */
  readonly node?: readonly string[]
  readonly uid?: number
  /** Called once it runs, with a way to signal it. */
  readonly onStarted?: (kill: (signal: NodeJS.Signals) => void) => void
}

export interface OakumRun {
  /** `null` when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  report(): ReportJson
}

const written: string[] = []

/**
 * Searches once more everything that was written, since secrets may be made after the program
 * wrote. Called by `setup.ts` at the end of each file.
 */
export function refuseSecretsInAll(): void {
  refuseSecrets(written.splice(0).join('\n'))
}

/**
 * Runs the program to its end. Throws when anything it wrote holds (part of) a secret that was made
 * for these tests.
 */
export async function oakum(
  args: readonly string[],
  { cwd, env = {}, stdin, node = [], uid, onStarted }: OakumOptions,
): Promise<OakumRun> {
  if (!existsSync(bin)) throw new Error(`${bin} is missing: run "npm run compile" first`)
  const child = spawn(process.execPath, [...node, bin, ...args], {
    cwd,
    env: { ...isolatedEnv, ...env },
    stdio: 'pipe',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  // A program that does not read what it is given may close its end first.
  child.stdin.on('error', () => undefined)
  child.stdin.end(stdin ?? '')
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => err.push(bytes))
  onStarted?.((signal) => child.kill(signal))
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail)
    child.on('close', done)
  })
  return runOf(code, Buffer.concat(out).toString(), Buffer.concat(err).toString())
}

/** A run with `--format json`. */
export async function oakumJson(args: readonly string[], options: OakumOptions): Promise<OakumRun> {
  return oakum([...args, '--format', 'json'], options)
}

/**
 * What a run that was started otherwise (by a hook, in a pipe) came to; searched like every other.
 */
export function runOf(code: number | null, stdout: string, stderr: string): OakumRun {
  written.push(stdout, stderr)
  refuseSecrets(`${stdout}\n${stderr}`)
  const report = (): ReportJson => {
    if (!stdout.startsWith('{'))
      throw new Error(`no JSON report, exit ${code ?? 'by signal'}; standard error:\n${stderr}`)
    return JSON.parse(stdout) as ReportJson
  }
  return { code, stdout, stderr, report }
}

const pieceLength = 12

/** Secrets of which `pieces` has every piece: several files share this module. */
const known = new Set<string>()
const pieces = new Set<string>()

/** Twelve characters in a row are more than a redaction may show. */
function refuseSecrets(text: string): void {
  for (const secret of notedSecrets()) {
    if (known.has(secret)) continue
    known.add(secret)
    for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, -4)]) {
      for (let at = 0; at + pieceLength <= form.length; at += 1)
        pieces.add(form.slice(at, at + pieceLength))
    }
  }
  const plain = text.replaceAll('\\/', '/').replaceAll('%2B', '+').replaceAll('%2F', '/')
  for (let at = 0; at + pieceLength <= plain.length; at += 1) {
    if (pieces.has(plain.slice(at, at + pieceLength)))
      throw new Error(
        `a planted secret was written, near: ${plain.slice(Math.max(0, at - 80), at)}`,
      )
  }
}
