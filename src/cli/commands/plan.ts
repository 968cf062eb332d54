/** `oakum plan`: prints what to rotate, what to rewrite and who has to know. */
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
import { planFormats } from '../arguments/choices.ts'
import { writeOutputFile } from '../support/output-file.ts'
import { loadPolicyFor } from '../arguments/policy.ts'
import { choiceOf, lastValueOf } from '../arguments/settings.ts'
import { removePathsOf } from './rewrite.ts'

/** Exits 0 when the plan is complete, 3 when something could not be read. */
export async function runPlan(invocation: Invocation, io: Io): Promise<number> {
  const format = choiceOf(invocation, 'format', planFormats) ?? 'text'
  const requested = lastValueOf(invocation, 'format') ?? format
  if (requested !== format)
    throw new UsageError(`plan writes ${planFormats.join(', ')}, not ${requested}`)
  const [path] = invocation.positionals
  const { openRepository } = await import('../../git/commands/repository.ts')
  const { makePlan } = await import('../../remediation/plan/make-plan.ts')
  const { planJson, planMarkdown, planText } = await import('../../remediation/plan/plan-report.ts')
  const loaded = await loadPolicyFor(invocation, io)
  const repository = await openRepository({
    path: resolve(io.cwd, path ?? '.'),
    explicit: path !== undefined,
    env: io.env,
  })
  const folder = outputFolderOf(invocation, io.cwd, repository)
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
  if (folder !== undefined) writePlanFiles(folder, plan, planMarkdown(plan, folder), io)
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
 * Returns the folder for the files of the plan. They contain secrets, so a folder in the work tree,
 * where the next `git add .` would stage them, is refused; `.git/oakum` is never committed.
 */
function outputFolderOf(
  invocation: Invocation,
  cwd: string,
  { top, gitDir, commonDir }: Repository,
): string | undefined {
  const output = lastValueOf(invocation, 'output')
  if (output === undefined) return undefined
  const folder = resolve(cwd, output)
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  if (stat !== undefined && !stat.isDirectory())
    throw new UsageError(`--output ${output} is not a folder`)
  const realFolder = join(realPathOf(dirname(folder)), basename(folder))
  const isWithin = (outer: string | null): boolean => {
    if (outer === null) return false
    const realOuter = realPathOf(outer)
    return realFolder === realOuter || realFolder.startsWith(`${realOuter}${sep}`)
  }
  const isOakumFolder = isWithin(join(commonDir, 'oakum')) || isWithin(join(gitDir, 'oakum'))
  if (!isOakumFolder && (isWithin(top) || isWithin(gitDir) || isWithin(commonDir))) {
    throw new UsageError(
      `--output ${output} is inside the repository, and replacements.txt contains secrets: use ` +
        `a folder outside, or one below ${join(commonDir, 'oakum')}`,
    )
  }
  return folder
}

/** Resolves symbolic links in the part of a path that exists, and appends the rest. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return dirname(path) === path ? path : join(realPathOf(dirname(path)), basename(path))
  }
}

/** Writes `plan.md`, and `paths.txt` and `replacements.txt` for `git filter-repo`. */
function writePlanFiles(folder: string, plan: RewritePlan, markdown: string, io: Io): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const suggestedPaths = plan.envPaths.filter((path) => !plan.removePaths.includes(path))
  const pathLines = [
    ...plan.removePaths.map((path) => `literal:${path}`),
    ...suggestedPaths.map((path) => `# ${path}`),
  ]
  writeOutputFile(join(folder, 'plan.md'), markdown, true)
  writeOutputFile(
    join(folder, 'paths.txt'),
    pathLines
      .filter((text) => !/[\r\n]/.test(text))
      .map((text) => `${text}\n`)
      .join(''),
    true,
  )
  writeOutputFile(join(folder, 'replacements.txt'), plan.replacements.text, true)
  io.stderr.write(
    messageLine(
      `${join(folder, 'replacements.txt')} contains the secrets in clear text and only you can ` +
        'read it; delete it after the rewrite',
    ),
  )
}
