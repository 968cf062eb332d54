/** `oakum install` and `oakum uninstall`: apply all planned changes, or none, and list them. */
import { applyAll } from '../../setup/install/changes.ts'
import { planInstall, planUninstall } from '../../setup/install/install.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
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

  const print = (text: string): void => stdout.write(`${escapeForTerminal(text)}\n`)
  for (const { path, summary } of plan.changes) print(`${path}: ${summary}`)
  for (const { summary } of plan.steps) print(summary)
  if (plan.changes.length + plan.steps.length === 0)
    print(
      command === 'install'
        ? 'nothing to change: Oakum is already installed here'
        : 'nothing to change: Oakum is not installed here',
    )
  if (isDryRun) print('nothing was written (--dry-run)')
  for (const note of plan.notes) print(note)
  return exitCodes.clean
}
