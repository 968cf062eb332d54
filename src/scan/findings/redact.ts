/** Decides which characters of a secret, and of the line around it, may be shown. */
import type { Excerpt, Part } from '../../model/model.ts'
import type { Role, Rule } from '../../model/rule.ts'
import { maskEntryLine, maskValues } from '../env-files/mask-values.ts'

const ELLIPSIS = '…'
const EDGE_LENGTH = 4
const MIN_LENGTH_FOR_TAIL = 24

/**
 * The label of an armoured key: `RSA PRIVATE KEY`, `OPENSSH PRIVATE KEY`, `PGP PRIVATE KEY BLOCK`.
 */
const keyLabel = /^-----BEGIN ((?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?)-----/

/** The public prefix that tells a token's issuer: `ghp_`, `glpat-`, `npm_`. */
const issuerPrefix = /^(?:[a-z]{2,9}\d?|[A-Z]{2,9})[_-]/

/**
 * Returns what may be shown of a value: the ends of an id; the issuer's prefix of a machine-made
 * secret and, if it is long, its last four characters (a quarter of it at most); the label of an
 * armoured key; nothing of a value that a person chose. The result is printable ASCII and an
 * ellipsis.
 */
export function redact(text: string, role: Role, madeBy: Rule['madeBy']): string {
  if (madeBy === 'person') return ELLIPSIS
  const name = keyLabel.exec(text)?.[1]
  if (name !== undefined) return `${name} ${ELLIPSIS}`
  if (!/^[!-~]+$/.test(text)) return ELLIPSIS
  if (role === 'id' && text.length >= 4 * EDGE_LENGTH)
    return `${text.slice(0, EDGE_LENGTH)}${ELLIPSIS}${text.slice(-EDGE_LENGTH)}`
  const mayShow = Math.floor(text.length / 4)
  const head = (issuerPrefix.exec(text)?.[0] ?? text.slice(0, EDGE_LENGTH)).slice(0, mayShow)
  const tail =
    text.length >= MIN_LENGTH_FOR_TAIL && head.length + EDGE_LENGTH <= mayShow
      ? text.slice(-EDGE_LENGTH)
      : ''
  return `${head}${ELLIPSIS}${tail}`
}

/**
 * Returns the line around a secret with all secrets in it redacted: `key = wJal…KEY`; with
 * `isEntries` also every other value. Reports mask what looks random. Returns
 * undefined where the value differs from its bytes in the line (escaped, in pieces, UTF-16): a
 * secret that cannot be found there cannot be removed either.
 */
export function excerptOf(
  part: Part,
  parts: readonly Part[],
  { madeBy, isEntries }: { readonly madeBy: Rule['madeBy']; readonly isEntries: boolean },
): Excerpt | undefined {
  const text = part.secret.reveal()
  const [written = ''] = part.line.reveal().split('\n', 1)
  const at = text.includes('\n') ? -1 : written.indexOf(text)
  if (at < 0) return undefined
  const sameLine = parts.filter(({ span }) => span.line === part.span.line)
  const otherParts = sameLine.filter((candidate) => candidate !== part)
  const hide = (around: string): string =>
    otherParts.reduce(
      (shown, { secret, role }) =>
        shown.replaceAll(secret.reveal(), redact(secret.reveal(), role, madeBy)),
      around,
    )
  const before = hide(written.slice(0, at))
  const behind = hide(written.slice(at + text.length).trimEnd())
  return {
    before: isEntries ? maskEntryLine(before) : before,
    redacted: redact(text, part.role, madeBy),
    behind: isEntries ? maskValues(behind) : behind,
  }
}
