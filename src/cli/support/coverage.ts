/** Writes the coverage of a scan for `--verbose`: what was read, with which tools, and each skip. */
import type { Skip } from '../../model/model.ts'
import type { Receipt, ScanResult } from '../../model/outcome.ts'
import { messageLine } from './failure.ts'
import type { Io } from '../process/io.ts'

/** Writes the coverage to stderr, with secrets removed from names. */
export async function writeCoverage(result: ScanResult, io: Io): Promise<void> {
  const { scrubResult } = await import('../../report/wording/scrub.ts')
  io.stderr.write(coverageText(scrubResult(result).receipt))
}

function coverageText(receipt: Receipt): string {
  const { commits, trees, tags, blobs, bytes, reader, git, rules, durationMs } = receipt
  const objects = `${blobs} blobs, ${trees} trees, ${commits} commits, ${tags} tags`
  const tools = [
    `git ${git ?? 'not used'}`,
    ...(reader === null ? [] : [`reader ${reader}`]),
    `rules ${rules.digest} (${rules.count})`,
  ]
  return [
    `read ${objects}: ${bytes} bytes in ${Math.round(durationMs)} ms`,
    tools.join(', '),
    ...receipt.skipped.map(skipText),
  ]
    .map(messageLine)
    .join('')
}

function skipText({ outcome, reason, path, member, object, detail }: Skip): string {
  const name = [path?.text, object, ...(member === undefined ? [] : ['>', member])]
    .filter(Boolean)
    .join(' ')
  const cause = detail === undefined ? reason : `${reason} (${detail})`
  return `skipped (${outcome}) ${name === '' ? cause : `${name}: ${cause}`}`
}
