import type { Role } from '../../model/rule.ts'

/**
 * The part whose value names the credential: the secret, else the token, else the id.
 * So to allow a lone id never allows the pair, and a secret keeps its name when its id turns up
 * later.
 */
export function primaryPartOf<Part extends { readonly role: Role }>(
  parts: readonly [Part, ...Part[]],
): Part {
  return (
    parts.find((part) => part.role === 'secret') ??
    parts.find((part) => part.role === 'token') ??
    parts[0]
  )
}
