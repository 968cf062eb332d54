import type { Rule } from '../../model/rule.ts'
import { SecretFinder } from './secret-finder.ts'
import type { ImportLogEntry, Imported } from './model.ts'

/**
 * Without the allowed values and paths in which Oakum finds a secret: an allowlist may spell out
 * the very value that it allows, and that would stand in one more file then. Such a value is told
 * by its fingerprint instead.
 */
export function withoutSecretValues(imported: Imported, rules: readonly Rule[]): Imported {
  const finder = new SecretFinder(rules)
  const account: ImportLogEntry[] = []
  const isHarmless = (
    allowed:
      | { readonly pattern?: string }
      | { readonly contains?: string }
      | { readonly glob?: string },
  ): boolean => {
    const text = Object.values(allowed)
      .filter((value): value is string => typeof value === 'string')
      .join('\n')
    const found = finder.find(
      Buffer.from(`${text}\n${text.replaceAll(/\\(?=[^A-Za-z0-9])/g, '')}`),
      'oakum.yaml',
    )
    const [first] = found
    if (first === undefined) return true
    account.push({
      file: 'oakum.yaml',
      entry: `an allowed value that is a secret (${first.rule})`,
      outcome: 'left-out',
      notes: [
        `it is not written down again; allow it with: oakum allow ${first.fingerprint} --reason …`,
      ],
    })
    return false
  }
  const values = imported.values.filter(isHarmless)
  const paths = imported.paths.filter(isHarmless)
  return { ...imported, values, paths, log: [...imported.log, ...account] }
}
