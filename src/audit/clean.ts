/** Cleaning of repository text before it is shown. */
import { escapeForTerminal } from '../report/terminal/escape.ts'
import { scrubber } from '../model/scrubber.ts'
import type { Audit } from './audit.ts'

/**
 * Creates a function that makes text of the repository safe to show: it removes every secret of the
 * audit and escapes control characters.
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
