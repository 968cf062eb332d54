/** `oakum plan`: what to rotate, what to rewrite, and who has to know. */
import { lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import type { Repository } from '../../git/commands/repository.ts'
import { severities } from '../../model/rule.ts'
import type { RewritePlan } from '../../remediation/plan/make-plan.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import { messageLine } from '../support/failure.ts'
import type { Io } from '../process/io.ts'
import { selectedFingerprints } from '../support/selected-fingerprints.ts'
import { planFormats } from '../arguments/options.ts'
import { writeOutputFile } from '../support/output-file.ts'
import { loadPolicyFor } from '../arguments/policy.ts'
import { choiceOf, lastValueOf } from '../arguments/settings.ts'
import { removePathsOf } from './rewrite.ts'

/** Exits 0 when the plan is whole, 3 when something could not be read. */
export async function runPlan(invocation: Invocation, io: Io): Promise<number> {
  const format = choiceOf(invocation, 'format', planFormats) ?? 'text'
  const asked = lastValueOf(invocation, 'format') ?? format
  if (asked !== format)
    throw new UsageError(
      `a plan is not written as ${asked}; --format takes ${planFormats.join(', ')}`,
    )
  const [word] = invocation.positionals
  const { openRepository } = await import('../../git/commands/repository.ts')
  const { makePlan } = await import('../../remediation/plan/make-plan.ts')
  const { planJson, planMarkdown, planText } = await import('../../remediation/plan/plan-report.ts')
  const loaded = await loadPolicyFor(invocation, io)
  const repository = await openRepository({
    path: resolve(io.cwd, word ?? '.'),
    explicit: word !== undefined,
    env: io.env,
  })
  const folder = folderOf(invocation, io.cwd, repository)
  const plan = await makePlan({
    repository,
    policy: loaded.policy,
    env: io.env,
    signal: io.signal,
    removePaths: removePathsOf(invocation),
    failOn: choiceOf(invocation, 'fail-on', severities) ?? loaded.failOn ?? 'medium',
    fingerprints: selectedFingerprints(invocation, repository.commonDir, ['rotate', 'rewrite']),
  })
  io.signal.throwIfAborted()
  if (folder !== undefined) writeFiles(folder, plan, planMarkdown(plan, folder), io)
  io.stdout.write(
    {
      text: () => planText(plan, folder),
      markdown: () => planMarkdown(plan, folder),
      json: () => planJson(plan),
    }[format](),
  )
  return plan.complete ? exitCodes.clean : exitCodes.incomplete
}

/**
 * Never within the work tree, where the next `git add .` would take it; below `.git/oakum` no
 * commit does.
 */
function folderOf(
  invocation: Invocation,
  cwd: string,
  { top, gitDir, commonDir }: Repository,
): string | undefined {
  const given = lastValueOf(invocation, 'output')
  if (given === undefined) return undefined
  const folder = resolve(cwd, given)
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (found !== undefined && !found.isDirectory())
    throw new UsageError(`--output ${given} is no folder`)
  const real = join(realOf(dirname(folder)), basename(folder))
  const isWithin = (outer: string | null): boolean =>
    outer !== null && (real === realOf(outer) || real.startsWith(`${realOf(outer)}${sep}`))
  const isOwn = isWithin(join(commonDir, 'oakum')) || isWithin(join(gitDir, 'oakum'))
  if (!isOwn && (isWithin(top) || isWithin(gitDir) || isWithin(commonDir))) {
    throw new UsageError(
      `--output ${given} is within the repository, and the file of replacements holds the secrets: name a folder outside of it, or one below ${join(commonDir, 'oakum')}`,
    )
  }
  return folder
}

/** The nearest part of a path that is there, as it really is, and the rest. */
function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return dirname(path) === path ? path : join(realOf(dirname(path)), basename(path))
  }
}

function writeFiles(folder: string, plan: RewritePlan, markdown: string, io: Io): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const paths = [
    ...plan.removePaths,
    ...plan.envPaths.filter((path) => !plan.removePaths.includes(path)).map((path) => `# ${path}`),
  ]
  writeOutputFile(join(folder, 'plan.md'), markdown, true)
  writeOutputFile(
    join(folder, 'paths.txt'),
    paths
      .filter((path) => !/[\r\n]/.test(path))
      .map((path) => `${path.startsWith('# ') ? path : `literal:${path}`}\n`)
      .join(''),
    true,
  )
  writeOutputFile(join(folder, 'replacements.txt'), plan.replacements.text, true)
  io.stderr.write(
    messageLine(
      `${join(folder, 'replacements.txt')} holds the secrets in clear: only you can read it; delete it when the rewrite is done`,
    ),
  )
}
