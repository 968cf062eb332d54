import { escapeForTerminal } from '../report/terminal/escape.ts'
import { scrubber } from '../model/scrubber.ts'
import type { Audit } from './audit.ts'

/**
 * What makes text of the repository fit to be shown: no secret of the audit in it, and nothing that
 * acts on a terminal.
 */
export function createCleaner({
  findings,
  accepted,
  suppressed,
}: Pick<Audit, 'findings' | 'accepted' | 'suppressed'>): (text: string) => string {
  const scrub = scrubber([
    ...findings,
    ...[...accepted, ...suppressed].flatMap(({ finding }) => finding ?? []),
  ])
  return (text) => escapeForTerminal(scrub(text))
}
