import type { Excerpt, Part } from '../../model/model.ts'
import type { Rule } from '../../model/rule.ts'
import { redact } from './redact.ts'

/**
 * The line of a secret with what may be shown of the secrets in it: `key = wJal…KEY`. Undefined
 * where the secret is written otherwise than it reads (escaped, in pieces, as UTF-16): what cannot
 * be found there cannot be taken out either.
 */
export function excerptOf(
  part: Part,
  parts: readonly Part[],
  madeBy: Rule['madeBy'],
): Excerpt | undefined {
  const text = part.secret.reveal()
  const [written = ''] = part.line.reveal().split('\n', 1)
  const at = text.includes('\n') ? -1 : written.indexOf(text)
  if (at < 0) return undefined
  const others = parts.filter((other) => other !== part && other.span.line === part.span.line)
  const hide = (around: string): string =>
    others.reduce(
      (shown, { secret, role }) =>
        shown.replaceAll(secret.reveal(), redact(secret.reveal(), role, madeBy)),
      around,
    )
  return {
    before: hide(written.slice(0, at)),
    redacted: redact(text, part.role, madeBy),
    behind: hide(written.slice(at + text.length).trimEnd()),
  }
}
