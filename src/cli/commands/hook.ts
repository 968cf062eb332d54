/**
 * What git's hooks run: scans what a commit or a push brings, and says in few words why it was
 * stopped.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { commitOf, openRepository } from '../../git/commands/repository.ts'
import { isPlain } from '../../model/policy.ts'
import type { BlockedEvent } from '../../report/next-steps/unblock.ts'
import type { CommitSet, Target } from '../../model/target.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { sayCoverage } from '../support/coverage.ts'
import { wantsColour } from '../arguments/environment.ts'
import { exitCodeOf, exitCodes } from '../support/exit-code.ts'
import { commitsOfLines, messageOf } from '../support/hook-lines.ts'
import { type Io, textOf } from '../process/io.ts'
import { hooks } from '../arguments/options.ts'
import { policyOf } from '../arguments/policy.ts'
import { settingsOf } from '../arguments/settings.ts'
import type { Overrides } from './scan.ts'

type HookName = (typeof hooks)[number]

/** Someone waits for the answer to a push, and holds a connection open. */
const RECEIVE_DEADLINE_MS = 60_000

const stoppedBy: Readonly<Record<HookName, BlockedEvent>> = {
  'pre-commit': 'commit',
  'pre-merge-commit': 'commit',
  'commit-msg': 'message',
  'pre-push': 'push',
  'pre-receive': 'receive',
}

/** Runs as one of git's hooks, with the arguments that git gives it. */
export async function runHook(invocation: Invocation, io: Io, doors: Overrides): Promise<number> {
  const [word = '', ...args] = invocation.words
  const name = hooks.find((one) => one === word)
  if (name === undefined) throw new UsageError(`hook takes ${hooks.join(', ')}; what is "${word}"?`)
  const target = await targetOf(name, args, io)
  if (target === undefined) return exitCodes.clean

  const loaded = await policyFor(name, invocation, io)
  const settings = settingsOf(invocation, io, {
    ...(name === 'pre-receive' && { deadlineMs: RECEIVE_DEADLINE_MS }),
    ...loaded,
  })
  const scan = doors.scan ?? (await import('../../scan/scan.ts')).scan
  const result = await scan(target, {
    cwd: io.cwd,
    env: io.env,
    signal: io.signal,
    ...settings.scan,
    ...(!isPlain(loaded.policy) && { policy: loaded.policy }),
  })

  const { blockedText } = await import('../../report/terminal/blocked.ts')
  const colour = wantsColour(settings.colour, io.env, io.stderr.isTTY)
  io.stderr.write(
    blockedText(result, {
      event: stoppedBy[name],
      failOn: settings.failOn,
      colour,
      columns: io.stderr.isTTY ? io.stderr.columns : 80,
    }),
  )
  if (settings.verbose) await sayCoverage(result, io)
  return exitCodeOf(result, { ...settings, interrupted: io.signal.aborted })
}

/** What is scanned; undefined where git changes nothing. */
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
      return { name: 'stdin', message: true, stream: messageIn(args[0], io) }
    case 'pre-push': {
      const [remote, address] = args
      const known = remote === undefined || remote === address ? [] : [`refs/remotes/${remote}`]
      return rangeOf(
        io.env['PRE_COMMIT'] === undefined
          ? commitsOfLines(await textOf(io.stdin), known)
          : await frameworkPush(io),
      )
    }
    case 'pre-receive':
      // The refs still lead where they led before the push.
      return rangeOf(commitsOfLines(await textOf(io.stdin), ['refs']))
  }
}

function rangeOf(commits: CommitSet | undefined): Target | undefined {
  return commits && { name: 'range', range: commits }
}

async function* messageIn(file: string | undefined, { cwd }: Io): AsyncGenerator<Uint8Array> {
  if (file === undefined)
    throw new UsageError('hook commit-msg needs the file of the message, which git gives it')
  const text = await readFile(resolve(cwd, file), 'latin1').catch(
    (error: NodeJS.ErrnoException) => {
      throw new UsageError(`hook commit-msg cannot read ${file}: ${error.code ?? error.name}`)
    },
  )
  yield Buffer.from(messageOf(text), 'latin1')
}

/**
 * The pre-commit framework keeps git's lines to itself, and names one ref in the environment
 * (https://pre-commit.com/#pre-push).
 */
async function frameworkPush({ cwd, env }: Io): Promise<CommitSet | undefined> {
  const repository = await openRepository({ path: cwd, explicit: false, env })
  const [head, base] = await Promise.all(
    ['PRE_COMMIT_TO_REF', 'PRE_COMMIT_FROM_REF'].map(
      (variable) => env[variable] && commitOf(repository, env[variable]),
    ),
  )
  const remote = env['PRE_COMMIT_REMOTE_NAME']
  const tip = head || (await commitOf(repository, env['PRE_COMMIT_LOCAL_BRANCH'] ?? 'HEAD'))
  if (!tip) return undefined
  return {
    heads: [tip],
    without: base ? [base] : [],
    withoutRefs:
      remote === undefined || remote === env['PRE_COMMIT_REMOTE_URL']
        ? []
        : [`refs/remotes/${remote}`],
  }
}

/**
 * Who pushes does not decide by that very push what counts: a server reads its own HEAD, if it has
 * one yet.
 */
async function policyFor(
  name: HookName,
  invocation: Invocation,
  io: Io,
): Promise<Awaited<ReturnType<typeof policyOf>>> {
  const isChosen =
    (['config', 'config-from'] as const).some((option) => invocation.values.has(option)) ||
    invocation.switches.has('no-config')
  if (name !== 'pre-receive' || isChosen) return policyOf(invocation, io)
  const head = await commitOf(
    await openRepository({ path: io.cwd, explicit: false, env: io.env }),
    'HEAD',
  )
  return policyOf(
    head === undefined
      ? { ...invocation, switches: new Set([...invocation.switches, 'no-config']) }
      : { ...invocation, values: new Map([...invocation.values, ['config-from', [head]]]) },
    io,
  )
}
