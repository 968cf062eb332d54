/** Removes secrets from imported allow entries. */
import type { Rule } from '../../model/rule.ts'
import { skipped } from './import-log.ts'
import type { Imported, ImportLogEntry } from './model.ts'
import { SecretFinder } from './secret-finder.ts'

/**
 * Removes the allowed values and paths in which Oakum finds a secret. An allowlist may contain the
 * very value it allows, and the import would copy it into another file; the log names its
 * fingerprint instead.
 */
export async function withoutSecretValues(
  imported: Imported,
  rules: readonly Rule[],
): Promise<Imported> {
  const finder = new SecretFinder(rules)
  const log: ImportLogEntry[] = []
  const hasNoSecret = async (entry: object): Promise<boolean> => {
    const text = Object.values(entry)
      .filter((value): value is string => typeof value === 'string')
      .join('\n')
    const unescaped = text.replaceAll(/\\(?=[^A-Za-z0-9])/g, '')
    const [secret] = finder.find(Buffer.from(`${text}\n${unescaped}`), 'oakum.yaml')
    if (secret === undefined) return true
    log.push(
      skipped(
        { file: 'oakum.yaml', entry: `an allowed value that is a secret (${secret.rule})` },
        `it is not copied; allow it with: oakum allow ${await secret.fingerprint()} --reason …`,
      ),
    )
    return false
  }
  const values = await filterAsync(imported.values, hasNoSecret)
  const paths = await filterAsync(imported.paths, hasNoSecret)
  return { ...imported, values, paths, log: [...imported.log, ...log] }
}

async function filterAsync<Entry>(
  entries: readonly Entry[],
  isKept: (entry: Entry) => Promise<boolean>,
): Promise<readonly Entry[]> {
  const kept: Entry[] = []
  for (const entry of entries) if (await isKept(entry)) kept.push(entry)
  return kept
}
