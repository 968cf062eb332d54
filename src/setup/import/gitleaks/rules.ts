import { tryImport } from '../attempt.ts'
import type { ImportContext } from '../context.ts'
import type { ImportLogEntry, ImportedRule } from '../model.ts'
import { translateToolRule } from '../tool-rule.ts'
import type { GitleaksRule } from './config.ts'

interface ImportedRules {
  readonly rules: readonly ImportedRule[]
  readonly log: readonly ImportLogEntry[]
}

/** Rules of gitleaks as rules of Oakum, each with what became of it. */
export function importRules(
  rules: readonly GitleaksRule[],
  { ids, isSlow }: ImportContext,
  extendsDefault: boolean,
): ImportedRules {
  const imported: ImportedRule[] = []
  const account = rules.map((rule): ImportLogEntry => {
    const entry = { file: rule.file, entry: `rule ${rule.id}` }
    const reason = reasonToLeave(rule, extendsDefault)
    if (reason !== undefined) return { ...entry, outcome: 'left-out', notes: [reason] }
    return tryImport(entry, () => {
      const made = translateToolRule({ ...rule, dialect: 'go' }, isSlow)
      const id = ids.add(rule.id)
      imported.push({ ...made.rule, id })
      const renamed = id === rule.id ? [] : [`its id is ${id} here`]
      return [made.weaker, [...renamed, ...made.notes, ...wider(rule)]]
    })
  })
  return { rules: imported, log: account }
}

function reasonToLeave(rule: GitleaksRule, extendsDefault: boolean): string | undefined {
  if (rule.skipReport) return 'gitleaks does not report what it finds'
  if (rule.regex !== '') return undefined
  if (rule.path !== '') return 'it reports files by their names; Oakum reads what is in them'
  return extendsDefault
    ? 'it changes a rule of gitleaks’ own, which Oakum has no copy of'
    : 'it has neither regex nor path'
}

/** In what a rule finds more than before. */
function wider(rule: GitleaksRule): readonly string[] {
  return [
    ...(rule.path === '' ? [] : ['it looks at all files, not only at those of its path']),
    ...(rule.required.length === 0 ? [] : [`it does not wait for ${rule.required.join(', ')}`]),
    ...(rule.unread.length === 0 ? [] : [`gitleaks does not know ${rule.unread.join(', ')}`]),
  ]
}
