/**
 * The commands of a hook, read without what reads command lines: part of the one file that
 * `build/bundle.mjs` makes.
 */
import { locatePolicy } from '../../config/locate.ts'
import { scanStaged } from '../../scan/staged-fast-path/scan-staged.ts'
import { closingText } from '../../report/terminal/summary.ts'
import { wantsColour } from '../arguments/environment.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from './io.ts'

/**
 * Runs `staged`, `hook pre-commit` and `hook pre-merge-commit`, without options or configuration,
 * to their end where they find nothing. Undefined for all else.
 */
export async function runQuickly(io: Io): Promise<number | undefined> {
  const { argv, cwd, env, stdout } = io
  const isHook = argv[0] === 'hook' && (argv[1] === 'pre-commit' || argv[1] === 'pre-merge-commit')
  if (argv.length !== (isHook ? 2 : 1) || (!isHook && argv[0] !== 'staged')) return undefined
  const { folder } = locatePolicy({ cwd, target: undefined, trusted: false })
  if (
    env['OAKUM_CONFIG'] ||
    (folder !== undefined &&
      !(await (await import('../../scan/staged-fast-path/entries-only.ts')).entriesOnly(folder)))
  )
    return undefined
  const result = await scanStaged(io)
  if (result === undefined) return undefined
  if (!isHook)
    stdout.write(
      closingText(result, {
        colour: wantsColour('auto', env, stdout.isTTY),
        columns: stdout.isTTY ? stdout.columns : 80,
      }),
    )
  return exitCodes.clean
}
