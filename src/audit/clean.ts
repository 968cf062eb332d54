/** Cleaning of repository text before it is shown. */
import { escapeForTerminal } from '../report/terminal/escape.ts'
import { type Scrub, scrubber } from '../model/scrubber.ts'
import type { Audit } from './audit.ts'

/**
 * Creates a function that makes text of the repository safe to show: it removes every secret of the
 * audit and whatever else looks random, and escapes control characters.
 */
export function createCleaner({
  findings,
  accepted,
  suppressed,
  inTexts,
}: Pick<Audit, 'findings' | 'accepted' | 'suppressed' | 'inTexts'>): Scrub {
  const scrub = scrubber([
    ...findings,
    ...[...accepted, ...suppressed].flatMap(({ finding }) => finding ?? []),
    ...inTexts,
  ])
  return (text, kind) => escapeForTerminal(scrub(text, kind))
}
