import { ConfigError } from '../../model/errors.ts'
import { translateValuePattern } from './allow.ts'
import { tryImport } from './attempt.ts'
import type { ToolFile, ImportContext } from './context.ts'
import { parseJson } from './detect-secrets.ts'
import { ignoredPaths } from './gitignore.ts'
import type { ImportLogEntry, AllowValueEntry, Imported } from './model.ts'
import { Untranslatable } from './regexp/untranslatable.ts'
import { emptyImport, mergeImports } from './result.ts'
import { Table } from './table.ts'

export const secretlintFiles = ['.secretlintrc.json', '.secretlintrc', '.secretlintignore']

/** Which of Oakum's providers look for what a rule of secretlint does. */
const providers: Readonly<Record<string, readonly string[]>> = {
  aws: ['aws'],
  gcp: ['gcp'],
  github: ['github'],
  npm: ['npm'],
  slack: ['slack'],
  privatekey: ['private-keys'],
  'database-connection-string': ['database'],
  secp256k1: ['private-keys'],
}

/** Imports allow lists of `.secretlintrc.json`, and `.secretlintignore`. */
export function importSecretlint(files: readonly ToolFile[], context: ImportContext): Imported {
  return mergeImports(
    files.map((file) =>
      file.name.endsWith('ignore')
        ? ignoredPaths(file, 'Ignored in secretlint.', context.isSlow)
        : importRc(file, context),
    ),
  )
}

function importRc({ file, name, text }: ToolFile, context: ImportContext): Imported {
  if (!/json$|rc$/.test(name))
    throw new ConfigError(`${file}: only JSON is read, never code; save it as .secretlintrc.json`)
  const table = new Table(parseJson(text, file), { file, place: '' })
  return importRules(table.tables('rules'), file, context)
}

/** A preset has rules within. */
function importRules(rules: readonly Table[], file: string, context: ImportContext): Imported {
  return mergeImports(
    rules.map((rule) => {
      const entry =
        rule
          .text('id')
          .replace(/^@[\w-]+\//, '')
          .replace(/^secretlint-rule-/, '') || 'rule'
      const [options] = rule.tables('options')
      const left = (what: string, note: string): ImportLogEntry => ({
        file,
        entry: `${entry}${what}`,
        outcome: 'left-out',
        notes: [note],
      })
      const account = [
        ...(rule.has('disabled') && rule.flag('disabled')
          ? [
              left(
                ', disabled',
                'Oakum’s own rules stay on; say in oakum.yaml which are not wanted',
              ),
            ]
          : []),
        ...rule
          .texts('allowMessageIds')
          .map((id) =>
            left(
              `, allowMessageIds ${id}`,
              'Oakum has no such messages; say in oakum.yaml which rules are not wanted',
            ),
          ),
        ...(options?.has('patterns') === true
          ? [
              left(
                ', patterns',
                'its expressions are of JavaScript without the group and keywords that rules of Oakum need',
              ),
            ]
          : []),
      ]
      return mergeImports([
        { ...emptyImport, log: account },
        importAllows(options?.texts('allows') ?? [], { file, entry }, context),
        importRules(rule.tables('rules'), file, context),
      ])
    }),
  )
}

/** A text is searched for as it is; `/…/i` is an expression. */
function importAllows(
  allows: readonly string[],
  { file, entry }: { readonly file: string; readonly entry: string },
  { isSlow }: ImportContext,
): Imported {
  const values: AllowValueEntry[] = []
  const account = allows.map((text, index) =>
    tryImport({ file, entry: `${entry}, allows ${index + 1}` }, () => {
      const rules = providers[entry]
      if (rules === undefined) throw new Untranslatable('Oakum has no rules for that provider')
      const { pattern, narrower } = translateValuePattern(
        { text: expressionOf(text), dialect: 'go', searchedIn: 'value' },
        isSlow,
      )
      values.push({ pattern, rules, reason: 'Allowed in secretlint.' })
      return [narrower, []]
    }),
  )
  return { ...emptyImport, values, log: account }
}

function expressionOf(text: string): string {
  const [, source, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? []
  if (source === undefined) return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
  if (/[^gimsu]/.test(flags)) throw new Untranslatable(`its flag ${flags} has no like here`)
  const kept = flags.replaceAll(/[gu]/g, '')
  // JavaScript may escape a slash, Go does not mind.
  return kept === '' ? source : `(?${kept})${source}`
}
