/** Imports rules of gitleaks as rules of Oakum. */
import type { ImportContext } from '../context.ts'
import { skipped, tryImport } from '../import-log.ts'
import type { Imported, ImportedRule, ImportLogEntry } from '../model.ts'
import { translateToolRule } from '../tool-rule.ts'
import type { GitleaksRule } from './config.ts'

/** Translates rules; the log has an entry for each of them. */
export function importRules(
  rules: readonly GitleaksRule[],
  { ids, isSlow }: ImportContext,
  extendsDefault: boolean,
): Pick<Imported, 'rules' | 'log'> {
  const imported: ImportedRule[] = []
  const log = rules.map((rule): ImportLogEntry => {
    const location = { file: rule.file, entry: `rule ${rule.id}` }
    const skipReason = findSkipReason(rule, extendsDefault)
    if (skipReason !== undefined) return skipped(location, skipReason)
    return tryImport(location, () => {
      const translated = translateToolRule({ ...rule, dialect: 'go' }, isSlow)
      const id = ids.add(rule.id)
      imported.push({ ...translated.rule, id })
      const idNotes = id === rule.id ? [] : [`its id is ${id} here`]
      return [translated.findsLess, [...idNotes, ...translated.notes, ...widerNotes(rule)]]
    })
  })
  return { rules: imported, log }
}

function findSkipReason(rule: GitleaksRule, extendsDefault: boolean): string | undefined {
  if (rule.skipReport) return 'gitleaks does not report what it finds'
  if (rule.regex !== '') return undefined
  if (rule.path !== '') return 'it reports files by their names; Oakum searches their contents'
  return extendsDefault
    ? 'it changes a rule of gitleaks’ own, which Oakum has no copy of'
    : 'it has neither regex nor path'
}

/** Returns notes about where the imported rule finds more than the original. */
function widerNotes(rule: GitleaksRule): readonly string[] {
  return [
    ...(rule.path === '' ? [] : ['it searches all files, not only those of its path']),
    ...(rule.required.length === 0 ? [] : [`it does not require ${rule.required.join(', ')}`]),
    ...(rule.unread.length === 0 ? [] : [`gitleaks does not know ${rule.unread.join(', ')}`]),
  ]
}
