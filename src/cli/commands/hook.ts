/** `oakum hook`: runs as a git hook, and prints briefly why a commit or push was stopped. */
import { resolve } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { readRegularFile } from '../../model/regular-file.ts'
import { isSystemError } from '../../git/objects/read-if-exists.ts'
import { commitOf, openRepository } from '../../git/commands/repository.ts'
import { isPlain } from '../../model/policy.ts'
import type { BlockedEvent } from '../../report/next-steps/unblock.ts'
import type { CommitSet, Target } from '../../model/target.ts'
import type { LoadedPolicy } from '../../config/load.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { writeCoverage } from '../support/coverage.ts'
import { wantsColour } from '../arguments/environment.ts'
import { exitCodeOf, exitCodes } from '../support/exit-code.ts'
import { parsePushedCommits, stripScissors } from '../support/hook-lines.ts'
import { type Io, textOf } from '../process/io.ts'
import { hookChoices } from '../arguments/choices.ts'
import { loadPolicyFor } from '../arguments/policy.ts'
import { settingsOf } from '../arguments/settings.ts'
import type { Overrides } from './scan.ts'

type HookName = (typeof hookChoices)[number]

/** Default deadline of pre-receive: the pushing user waits with an open connection. */
const RECEIVE_DEADLINE_MS = 60_000

const stoppedBy: Readonly<Record<HookName, BlockedEvent>> = {
  'pre-commit': 'commit',
  'pre-merge-commit': 'commit',
  'commit-msg': 'message',
  'pre-push': 'push',
  'pre-receive': 'receive',
}

/** Runs as the git hook that the first argument names, with the arguments that git passes to it. */
export async function runHook(
  invocation: Invocation,
  io: Io,
  overrides: Overrides,
): Promise<number> {
  const [word = '', ...args] = invocation.positionals
  const name = hookChoices.find((choice) => choice === word)
  if (name === undefined)
    throw new UsageError(`hook takes ${hookChoices.join(', ')}, not "${word}"`)
  const target = await targetOf(name, args, io)
  if (target === undefined) return exitCodes.clean

  const loaded = await policyForHook(name, invocation, io)
  const settings = settingsOf(invocation, io, {
    ...(name === 'pre-receive' && { deadlineMs: RECEIVE_DEADLINE_MS }),
    ...loaded,
  })
  const scan = overrides.scan ?? (await import('../../scan/scan.ts')).scan
  const result = await scan(target, {
    cwd: io.cwd,
    env: io.env,
    signal: io.signal,
    ...settings.scan,
    ...(!isPlain(loaded.policy) && { policy: loaded.policy }),
  })

  const { blockedText } = await import('../../report/terminal/blocked.ts')
  io.stderr.write(
    blockedText(result, {
      event: stoppedBy[name],
      failOn: settings.failOn,
      colour: wantsColour(settings.colour, io.env, io.stderr.isTTY),
      columns: io.stderr.isTTY ? io.stderr.columns : 80,
    }),
  )
  if (settings.verbose) await writeCoverage(result, io)
  return exitCodeOf(result, { ...settings, interrupted: io.signal.aborted })
}

/** Returns what the hook scans; undefined where the push adds nothing. */
async function targetOf(
  name: HookName,
  args: readonly string[],
  io: Io,
): Promise<Target | undefined> {
  switch (name) {
    case 'pre-commit':
    case 'pre-merge-commit':
      return { name: 'staged' }
    case 'commit-msg':
      return { name: 'stdin', message: true, stream: readMessage(args[0], io) }
    case 'pre-push': {
      const [remote, address] = args
      const publishedRefs =
        remote === undefined || remote === address ? [] : [`refs/remotes/${remote}`]
      return rangeTarget(
        io.env['PRE_COMMIT'] === undefined
          ? parsePushedCommits(await textOf(io.stdin), publishedRefs)
          : await pushFromPreCommit(io),
      )
    }
    case 'pre-receive':
      // During pre-receive the refs still have their values from before the push.
      return rangeTarget(parsePushedCommits(await textOf(io.stdin), ['refs']))
  }
}

function rangeTarget(commits: CommitSet | undefined): Target | undefined {
  return commits && { name: 'range', range: commits }
}

async function* readMessage(file: string | undefined, { cwd }: Io): AsyncGenerator<Uint8Array> {
  if (file === undefined)
    throw new UsageError('hook commit-msg needs the message file, which git passes to it')
  yield Buffer.from(stripScissors(readMessageFile(resolve(cwd, file), file)), 'latin1')
}

function readMessageFile(path: string, name: string): string {
  try {
    return readRegularFile(path).toString('latin1')
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new UsageError(`hook commit-msg cannot read ${name}: ${String(error.code)}`)
  }
}

/**
 * Reads the pushed commits from the environment of the pre-commit framework, which consumes the
 * lines of git and names one ref in variables (https://pre-commit.com/#pre-push).
 */
async function pushFromPreCommit({ cwd, env }: Io): Promise<CommitSet | undefined> {
  const repository = await openRepository({ path: cwd, explicit: false, env })
  const [newCommit, oldCommit] = await Promise.all(
    ['PRE_COMMIT_TO_REF', 'PRE_COMMIT_FROM_REF'].map(
      (variable) => env[variable] && commitOf(repository, env[variable]),
    ),
  )
  const remote = env['PRE_COMMIT_REMOTE_NAME']
  const head = newCommit || (await commitOf(repository, env['PRE_COMMIT_LOCAL_BRANCH'] ?? 'HEAD'))
  if (!head) return undefined
  return {
    heads: [head],
    without: oldCommit ? [oldCommit] : [],
    withoutRefs:
      remote === undefined || remote === env['PRE_COMMIT_REMOTE_URL']
        ? []
        : [`refs/remotes/${remote}`],
  }
}

/**
 * Loads the policy. For pre-receive it comes from the server's HEAD, or is empty before the first
 * commit: the pushed commits must not configure their own scan.
 */
async function policyForHook(
  name: HookName,
  invocation: Invocation,
  io: Io,
): Promise<LoadedPolicy> {
  const isChosen =
    (['config', 'config-from'] as const).some((option) => invocation.values.has(option)) ||
    invocation.switches.has('no-config')
  if (name !== 'pre-receive' || isChosen) return loadPolicyFor(invocation, io)
  const repository = await openRepository({ path: io.cwd, explicit: false, env: io.env })
  const head = await commitOf(repository, 'HEAD')
  return loadPolicyFor(
    head === undefined
      ? { ...invocation, switches: new Set([...invocation.switches, 'no-config']) }
      : { ...invocation, values: new Map([...invocation.values, ['config-from', [head]]]) },
    io,
  )
}
