import type { Role, Rule } from '../../model/rule.ts'

const ellipsis = '…'
const ends = 4
const longEnoughForTail = 24

/** `RSA PRIVATE KEY`, `OPENSSH PRIVATE KEY`, `PGP PRIVATE KEY BLOCK`. */
const label = /^-----BEGIN ((?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?)-----/

/** `ghp_`, `glpat-`, `npm_`: public, and what tells a reader whose token it is. */
const issuer = /^(?:[a-z]{2,9}\d?|[A-Z]{2,9})[_-]/

/**
 * What of a value may be shown: an id by its ends, a machine's secret by its issuer and, if long,
 * its last four characters (a quarter of it at the most), an armoured key by its label, a person's
 * choice not at all. Printable ASCII, but for the ellipsis.
 */
export function redact(text: string, role: Role, madeBy: Rule['madeBy']): string {
  if (madeBy === 'person') return ellipsis
  const name = label.exec(text)?.[1]
  if (name !== undefined) return `${name} ${ellipsis}`
  if (!/^[!-~]+$/.test(text)) return ellipsis
  if (role === 'id' && text.length >= 4 * ends)
    return `${text.slice(0, ends)}${ellipsis}${text.slice(-ends)}`
  const mayShow = Math.floor(text.length / 4)
  const head = (issuer.exec(text)?.[0] ?? text.slice(0, ends)).slice(0, mayShow)
  const tail =
    text.length >= longEnoughForTail && head.length + ends <= mayShow ? text.slice(-ends) : ''
  return `${head}${ellipsis}${tail}`
}
