/** `oakum install` and `oakum uninstall`: apply all planned changes, or none, and list them. */
import { applyAll } from '../../setup/install/changes.ts'
import { planInstall, planUninstall } from '../../setup/install/install.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { writeLines } from '../support/without-secrets.ts'
import { hookManagers } from '../arguments/choices.ts'
import { choiceOf } from '../arguments/settings.ts'

export async function runInstall(
  invocation: Invocation & { readonly command: 'install' | 'uninstall' },
  { cwd, env, stdout }: Io,
): Promise<number> {
  const { command, switches, values } = invocation
  const place = { cwd, env, global: switches.has('global') }
  const plan =
    command === 'install'
      ? await planInstall({
          ...place,
          hooks: values.get('hooks'),
          manager: choiceOf(invocation, 'manager', hookManagers) ?? 'auto',
        })
      : await planUninstall(place)
  const isDryRun = switches.has('dry-run')
  if (!isDryRun) await applyAll(plan.changes, plan.steps)

  const lines = [
    ...plan.changes.map(({ path, summary }) => `${path}: ${summary}`),
    ...plan.steps.map(({ summary }) => summary),
  ]
  if (plan.changes.length + plan.steps.length === 0)
    lines.push(
      command === 'install'
        ? 'nothing to change: Oakum is already installed here'
        : 'nothing to change: Oakum is not installed here',
    )
  if (isDryRun) lines.push('nothing was written (--dry-run)')
  await writeLines(stdout, [...lines, ...plan.notes])
  return exitCodes.clean
}
