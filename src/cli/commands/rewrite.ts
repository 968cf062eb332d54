/** `oakum rewrite`: a mirror without the secrets, proven. */
import { resolve } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { severities } from '../../model/rule.ts'
import type { RewriteResult } from '../../remediation/rewrite/result.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import { messageLine } from '../support/failure.ts'
import type { Io } from '../process/io.ts'
import { selectedFingerprints } from '../support/selected-fingerprints.ts'
import { loadPolicyFor } from '../arguments/policy.ts'
import { choiceOf, lastValueOf } from '../arguments/settings.ts'

/** Exits 0 only when the mirror is there and proven, or when there is nothing to rewrite. */
export async function runRewrite(invocation: Invocation, io: Io): Promise<number> {
  const to = lastValueOf(invocation, 'to')
  if (to === undefined)
    throw new UsageError('rewrite needs --to: a folder that is not there yet, for the new mirror')
  const format = choiceOf(invocation, 'format', ['text', 'json'])
  if (invocation.values.has('format') && format === undefined)
    throw new UsageError('rewrite writes text or json')
  const [word] = invocation.positionals
  const { openRepository } = await import('../../git/commands/repository.ts')
  const { rewrite } = await import('../../remediation/rewrite/run.ts')
  const { rewriteJson, rewriteText } = await import('../../remediation/rewrite/summary-text.ts')
  const loaded = await loadPolicyFor(invocation, io)
  const repository = await openRepository({
    path: resolve(io.cwd, word ?? '.'),
    explicit: word !== undefined,
    env: io.env,
  })
  const done = await rewrite({
    repository,
    target: resolve(io.cwd, to),
    policy: loaded.policy,
    failOn: choiceOf(invocation, 'fail-on', severities) ?? loaded.failOn ?? 'medium',
    fingerprints: selectedFingerprints(invocation, repository.commonDir, ['rewrite']),
    removePaths: removePathsOf(invocation),
    env: io.env,
    signal: io.signal,
    onExit: io.onExit?.bind(io),
    onStep: (text) => {
      if (io.stderr.isTTY || invocation.switches.has('verbose')) io.stderr.write(messageLine(text))
    },
  })
  io.stdout.write(format === 'json' ? rewriteJson(done) : rewriteText(done))
  return codeOf(done)
}

/** Paths from the top of the repository, as git writes them. */
export function removePathsOf({ values }: Invocation): readonly string[] {
  return (values.get('remove-path') ?? []).map((path) => {
    const clean = path.replace(/^\.\//, '').replace(/\/+$/, '')
    if (
      clean === '' ||
      clean.startsWith('/') ||
      clean.split('/').some((name) => ['', '.', '..'].includes(name))
    )
      throw new UsageError(
        `--remove-path takes a file or folder from the top of the repository, such as config/.env, not "${path}"`,
      )
    return clean
  })
}

function codeOf({ outcome }: RewriteResult): number {
  switch (outcome) {
    case 'proven':
    case 'nothing':
      return exitCodes.clean
    case 'left':
      return exitCodes.findings
    case 'incomplete':
      return exitCodes.incomplete
  }
}
