/**
 * Runs the commands of a hook without the code that parses command lines: part of the one file that
 * a hook loads (`build/bundle.mjs`).
 */
import { locatePolicy } from '../../config/locate.ts'
import {
  type FullScanNeeded,
  isFullScanNeeded,
} from '../../scan/staged-fast-path/full-scan-needed.ts'
import { scanStaged } from '../../scan/staged-fast-path/scan-staged.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { closingText } from '../../report/terminal/summary.ts'
import { wantsColour } from '../arguments/environment.ts'
import { exitCodes } from '../support/exit-code.ts'
import { messageLine } from '../support/failure.ts'
import type { Io } from './io.ts'

const FAST_HOOKS = ['pre-commit', 'pre-merge-commit']

/** Options that print a text and scan nothing. */
const TEXT_OPTIONS = ['--help', '-h', '--version']

/**
 * Runs `staged`, `hook pre-commit` and `hook pre-merge-commit` on a repository without `oakum.yaml`
 * and returns exit code 0 when nothing is found. Returns undefined when the whole program must run;
 * with `--verbose`, whose report only the whole program writes, stderr says why.
 */
export async function runFastPath(io: Io): Promise<number | undefined> {
  const isVerbose = io.argv.includes('--verbose')
  const words = io.argv.filter((word) => word !== '--verbose')
  const isHook = words[0] === 'hook' && FAST_HOOKS.includes(words[1] ?? '')
  if (words[0] !== 'staged' && !isHook) return undefined
  const hasOptions = words.length > (isHook ? 2 : 1)
  if (hasOptions && (!isVerbose || words.some((word) => TEXT_OPTIONS.includes(word))))
    return undefined
  const result = hasOptions
    ? { because: 'the command line has further options or arguments' }
    : await scanWithoutPolicy(io)
  const reason = isFullScanNeeded(result)
    ? result.because
    : '--verbose reports more than the fast path, which found nothing'
  if (isVerbose) {
    const command = words.slice(0, isHook ? 2 : 1).join(' ')
    io.stderr.write(messageLine(`${command}: full scan, because ${reason}`))
    return undefined
  }
  if (isFullScanNeeded(result)) return undefined
  if (!isHook) io.stdout.write(closingTextFor(result, io))
  return exitCodes.clean
}

async function scanWithoutPolicy(io: Io): Promise<ScanResult | FullScanNeeded> {
  if (io.env['OAKUM_CONFIG']) return { because: 'OAKUM_CONFIG is set' }
  const { folder } = locatePolicy({ cwd: io.cwd, target: undefined, trusted: false })
  if (folder !== undefined) {
    const { policyNeedsFullScan } = await import('../../scan/staged-fast-path/entries-only.ts')
    const needed = await policyNeedsFullScan(folder)
    if (needed !== undefined) return needed
  }
  return scanStaged(io)
}

function closingTextFor(result: ScanResult, { env, stdout }: Io): string {
  return closingText(result, {
    colour: wantsColour('auto', env, stdout.isTTY),
    columns: stdout.isTTY ? stdout.columns : 80,
  })
}
