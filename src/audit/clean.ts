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
  unreported,
}: Pick<Audit, 'findings' | 'accepted' | 'suppressed' | 'unreported'>): (text: string) => string {
  const scrub = scrubber([
    ...findings,
    ...unreported,
    ...[...accepted, ...suppressed].flatMap(({ finding }) => finding ?? []),
  ])
  return (text) => escapeForTerminal(scrub(text))
}
