/** Holds a run of Oakum against git's own word. */
import type { Trial } from '../trial.ts'
import type { GitWord } from './git-word.ts'
import type { OakumRun } from './oakum.ts'

/** Oakum's own configuration, which it refuses with exit 2 where a link or no file stands there. */
const ownConfiguration = /oakum\.(?:yaml|allow|baseline)/

export function judge(trial: Trial, run: OakumRun, word: GitWord): void {
  if (run.hung) return
  const { report } = run
  if (report === undefined) {
    if (run.code === 0) trial.fail('no report', `${run.name}: exit 0`)
    else if (word.opens && run.code === 2 && !ownConfiguration.test(run.stderr))
      trial.fail('refused', `${run.name}: git opens it: ${run.stderr.slice(0, 200)}`)
    return
  }
  if (report.receipt.complete && word.complaints.length > 0)
    trial.fail(
      'complete',
      `${run.name}: exit ${run.code}, but git says ${word.complaints[0] ?? ''}`,
    )
  if (report.receipt.complete && run.code === 3)
    trial.fail('exit code', `${run.name}: complete, and exit 3`)
  if (!report.receipt.complete && run.code === 0)
    trial.fail('exit code', `${run.name}: incomplete, and exit 0`)
  if (!report.receipt.complete && word.opens && word.complaints.length === 0)
    trial.tags.add('cautious')
  // Through git nobody finds an object that git does not list.
  if (run.name.includes('--reader cat-file') && !word.lists) return
  const blobs = new Set(report.findings.flatMap(({ origins }) => origins.map(({ blob }) => blob)))
  for (const { blob } of word.printable)
    if (blob !== undefined && !blobs.has(blob))
      trial.fail('missed', `${run.name}: git prints ${blob}, which holds a planted secret`)
}
