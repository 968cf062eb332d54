/** Imports allow lists and ignored paths of secretlint. */
import { ConfigError } from '../../model/errors.ts'
import { translateValuePattern } from './allow.ts'
import type { ImportContext, ToolFile } from './context.ts'
import { ignoredPaths } from './gitignore.ts'
import { skipped, tryImport } from './import-log.ts'
import {
  type AllowValueEntry,
  emptyImport,
  type Imported,
  type ImportLogEntry,
  mergeImports,
} from './model.ts'
import { Untranslatable } from './regexp/syntax.ts'
import { parseJson, Table } from './table.ts'

export const secretlintFiles = ['.secretlintrc.json', '.secretlintrc', '.secretlintignore']

/** Providers of Oakum whose rules find the same secrets as a rule of secretlint. */
const providersByRule: Readonly<Record<string, readonly string[]>> = {
  aws: ['aws'],
  gcp: ['gcp'],
  github: ['github'],
  npm: ['npm'],
  slack: ['slack'],
  privatekey: ['private-keys'],
  'database-connection-string': ['database'],
  secp256k1: ['private-keys'],
}

/** Imports the allow lists of `.secretlintrc.json` files, and `.secretlintignore` files. */
export function importSecretlint(files: readonly ToolFile[], context: ImportContext): Imported {
  return mergeImports(
    files.map((file) =>
      file.name.endsWith('ignore')
        ? ignoredPaths(file, 'Ignored in secretlint.', context.isSlow)
        : importConfig(file, context),
    ),
  )
}

function importConfig({ file, name, text }: ToolFile, context: ImportContext): Imported {
  if (!/json$|rc$/.test(name))
    throw new ConfigError(`${file}: only JSON is read, never code; save it as .secretlintrc.json`)
  const table = new Table(parseJson(text, file), { file, fieldPath: '' })
  return importRules(table.tables('rules'), file, context)
}

/** Imports rules; a preset contains rules itself. */
function importRules(rules: readonly Table[], file: string, context: ImportContext): Imported {
  return mergeImports(
    rules.map((rule) => {
      const name =
        rule
          .text('id')
          .replace(/^@[\w-]+\//, '')
          .replace(/^secretlint-rule-/, '') || 'rule'
      const [options] = rule.tables('options')
      return mergeImports([
        { ...emptyImport, log: skippedSettings(rule, options, { file, name }) },
        importAllows(options?.texts('allows') ?? [], { file, name }, context),
        importRules(rule.tables('rules'), file, context),
      ])
    }),
  )
}

interface RuleLocation {
  readonly file: string
  /** Name of the rule without the prefixes of its package. */
  readonly name: string
}

/** Returns log entries for the settings of a rule that cannot be imported. */
function skippedSettings(
  rule: Table,
  options: Table | undefined,
  { file, name }: RuleLocation,
): readonly ImportLogEntry[] {
  const skip = (setting: string, note: string): ImportLogEntry =>
    skipped({ file, entry: `${name}, ${setting}` }, note)
  const log: ImportLogEntry[] = []
  if (rule.has('disabled') && rule.flag('disabled'))
    log.push(
      skip(
        'disabled',
        'Oakum’s own rules stay on; turn rules that you do not want off in oakum.yaml',
      ),
    )
  for (const id of rule.texts('allowMessageIds'))
    log.push(
      skip(
        `allowMessageIds ${id}`,
        'Oakum has no such messages; turn rules that you do not want off in oakum.yaml',
      ),
    )
  if (options?.has('patterns') === true)
    log.push(
      skip(
        'patterns',
        'its JavaScript expressions have no secret group and no keywords, which rules of Oakum need',
      ),
    )
  return log
}

/** Imports `allows`: literal texts to search for, or expressions in the form `/…/i`. */
function importAllows(
  allows: readonly string[],
  { file, name }: RuleLocation,
  { isSlow }: ImportContext,
): Imported {
  const values: AllowValueEntry[] = []
  const log = allows.map((text, index) =>
    tryImport({ file, entry: `${name}, allows ${index + 1}` }, () => {
      const rules = providersByRule[name]
      if (rules === undefined) throw new Untranslatable('Oakum has no rules for that provider')
      const { pattern, narrower } = translateValuePattern(
        { text: toExpression(text), dialect: 'go', searchedIn: 'value' },
        isSlow,
      )
      values.push({ pattern, rules, reason: 'Allowed in secretlint.' })
      return [narrower, []]
    }),
  )
  return { ...emptyImport, values, log }
}

/** Returns the text as an expression of Go, which reads escaped slashes like JavaScript. */
function toExpression(text: string): string {
  const [, source, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? []
  if (source === undefined) return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
  if (/[^gimsu]/.test(flags)) throw new Untranslatable(`its flag ${flags} has no equivalent here`)
  const inlineFlags = flags.replaceAll(/[gu]/g, '')
  return inlineFlags === '' ? source : `(?${inlineFlags})${source}`
}
