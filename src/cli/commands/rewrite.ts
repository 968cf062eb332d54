/** `oakum rewrite`: creates a mirror without the secrets, and proves it. */
import { resolve } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { severities } from '../../model/rule.ts'
import type { RewriteResult } from '../../remediation/rewrite/result.ts'
import { textFormats } from '../arguments/choices.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import { messageLine } from '../support/failure.ts'
import type { Io } from '../process/io.ts'
import { selectedFingerprints } from '../support/selected-fingerprints.ts'
import { loadPolicyFor } from '../arguments/policy.ts'
import { choiceOf, lastValueOf } from '../arguments/settings.ts'

/** Exits 0 only when the mirror exists and is proven, or when there is nothing to rewrite. */
export async function runRewrite(invocation: Invocation, io: Io): Promise<number> {
  const target = lastValueOf(invocation, 'to')
  if (target === undefined)
    throw new UsageError(
      'rewrite needs --to: a folder for the new mirror, which must not exist yet',
    )
  const format = choiceOf(invocation, 'format', textFormats)
  if (invocation.values.has('format') && format === undefined)
    throw new UsageError('rewrite writes text or json')
  const [path] = invocation.positionals
  const { openRepository } = await import('../../git/commands/repository.ts')
  const { rewrite } = await import('../../remediation/rewrite/run.ts')
  const { rewriteJson, rewriteText } = await import('../../remediation/rewrite/summary-text.ts')
  const loaded = await loadPolicyFor(invocation, io)
  const repository = await openRepository({
    path: resolve(io.cwd, path ?? '.'),
    explicit: path !== undefined,
    env: io.env,
  })
  const result = await rewrite({
    repository,
    target: resolve(io.cwd, target),
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
  io.stdout.write(format === 'json' ? rewriteJson(result) : rewriteText(result))
  return exitCodeOf(result)
}

/** Reads `--remove-path`: paths from the top of the repository, as git writes them. */
export function removePathsOf({ values }: Invocation): readonly string[] {
  return (values.get('remove-path') ?? []).map((text) => {
    const path = text.replace(/^\.\//, '').replace(/\/+$/, '')
    const isInvalid =
      path === '' ||
      path.startsWith('/') ||
      path.split('/').some((name) => ['', '.', '..'].includes(name))
    if (isInvalid)
      throw new UsageError(
        '--remove-path takes a file or folder from the top of the repository, such as ' +
          `config/.env, not "${text}"`,
      )
    return path
  })
}

function exitCodeOf({ outcome }: RewriteResult): number {
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
