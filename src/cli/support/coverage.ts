import type { Skip } from '../../model/model.ts'
import type { Receipt, ScanResult } from '../../model/outcome.ts'
import { messageLine } from './failure.ts'
import type { Io } from '../process/io.ts'

/** Says it. */
export async function writeCoverage(result: ScanResult, io: Io): Promise<void> {
  const { scrubResult } = await import('../../report/wording/scrub.ts')
  io.stderr.write(coverageText(scrubResult(result).receipt))
}

/**
 * What `--verbose` says of a scan on stderr: what was read, with what, and each skip. The receipt
 * is scrubbed of secrets.
 */
function coverageText(receipt: Receipt): string {
  const { commits, trees, tags, blobs, bytes, reader, git, rules, durationMs } = receipt
  const counts = `read ${blobs} blobs, ${trees} trees, ${commits} commits, ${tags} tags: ${bytes} bytes in ${Math.round(durationMs)} ms`
  const means = [
    `git ${git ?? 'not used'}`,
    ...(reader === null ? [] : [`reader ${reader}`]),
    `rules ${rules.digest} (${rules.count})`,
  ]
  return [counts, means.join(', '), ...receipt.skipped.map(skipText)].map(messageLine).join('')
}

function skipText({ outcome, reason, path, member, object, detail }: Skip): string {
  const what = [path?.text, object, ...(member === undefined ? [] : ['>', member])]
    .filter(Boolean)
    .join(' ')
  return `skipped (${outcome}) ${what === '' ? reason : `${what}: ${reason}`}${detail === undefined ? '' : ` (${detail})`}`
}
