import type { Facts } from '../../model/rule.ts'

/** The facts that are known. */
export function knownFacts(facts: Readonly<Record<string, string | undefined>>): Facts {
  const known: Record<string, string> = {}
  for (const [name, value] of Object.entries(facts)) if (value !== undefined) known[name] = value
  return known
}

/**
 * A time in Unix seconds as ISO 8601; nothing for what can be no date of a credential: before 2005
 * or after this century.
 */
export function dateOfSeconds(seconds: unknown): string | undefined {
  if (
    typeof seconds !== 'number' ||
    !(seconds >= Date.UTC(2005) / 1000 && seconds <= Date.UTC(2100) / 1000)
  )
    return undefined
  return new Date(Math.floor(seconds) * 1000).toISOString()
}
