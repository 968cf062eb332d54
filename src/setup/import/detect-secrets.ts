import { ConfigError } from '../../model/errors.ts'
import { translatePathPattern, translateValuePattern } from './allow.ts'
import { tryImport } from './attempt.ts'
import { type ToolFile, type ImportContext, readInWorkTree } from './context.ts'
import { SecretFinder, type FoundSecret } from './secret-finder.ts'
import { literalGlob } from './literal-glob.ts'
import type {
  ImportLogEntry,
  AllowPathEntry,
  AllowSecretEntry,
  AllowValueEntry,
  Imported,
} from './model.ts'
import { emptyImport, mergeImports } from './result.ts'
import { Untranslatable } from './regexp/untranslatable.ts'
import { Table } from './table.ts'

export const detectSecretsFiles = ['.secrets.baseline']

/** One secret of a baseline: its SHA-1 instead of its value. */
interface BaselineEntry {
  readonly path: string
  readonly type: string
  readonly sha1: string
  /** What an audit said, if there was one. */
  readonly isSecret: boolean | undefined
}

/**
 * Imports baselines: the secrets that Oakum finds in the files they name, told by their hashes, and
 * what they exclude.
 */
export function importDetectSecrets(files: readonly ToolFile[], context: ImportContext): Imported {
  const finder = new SecretFinder(context.builtin)
  return mergeImports(files.map((file) => importBaseline(file, context, finder)))
}

function importBaseline(
  { file, text }: ToolFile,
  context: ImportContext,
  finder: SecretFinder,
): Imported {
  const baseline = new Table(parseJson(text, file), { file, place: '' })
  const [results] = baseline.tables('results')
  const secrets: AllowSecretEntry[] = []
  const account: ImportLogEntry[] = []
  for (const path of results?.names ?? []) {
    const bytes = readInWorkTree(context, path)
    const found = bytes === undefined ? undefined : finder.find(bytes, path)
    for (const [index, table] of (results?.tables(path) ?? []).entries()) {
      const entry = {
        path,
        type: table.text('type'),
        sha1: table.text('hashed_secret').toLowerCase(),
        isSecret: table.has('is_secret') ? table.flag('is_secret') : undefined,
      }
      const allowed = resolve(entry, found)
      const shown = { file, entry: `${path}, ${entry.type || 'secret'} ${index + 1}` }
      if (typeof allowed === 'string')
        account.push({ ...shown, outcome: 'left-out', notes: [allowed] })
      else {
        secrets.push(allowed)
        account.push({ ...shown, outcome: 'imported', notes: [] })
      }
    }
  }
  return mergeImports([
    { ...emptyImport, secrets, log: account },
    importFilters(baseline, file, context),
    pluginsOf(baseline, file),
  ])
}

function resolve(
  { path, type, sha1, isSecret }: BaselineEntry,
  found: readonly FoundSecret[] | undefined,
): AllowSecretEntry | string {
  if (isSecret === true) return 'its audit says that it is a secret: replace it'
  if (found === undefined) return 'there is no such file now'
  const one = found.find((each) => each.sha1 === sha1)
  if (one === undefined) {
    const part = found.some(({ otherParts: others }) => others.some((other) => other.sha1 === sha1))
    return part
      ? 'it is the id of a credential whose secret it does not speak of'
      : 'Oakum finds no such value in the file, so there is nothing to allow'
  }
  const glob = literalGlob(path)
  if (glob === undefined) return 'its path holds characters that no glob can say'
  const audited = isSecret === false ? 'Audited as no secret' : 'Not audited'
  return {
    fingerprint: one.fingerprint,
    paths: [glob],
    reason: `${audited} in the baseline of detect-secrets${type === '' ? '' : ` (${type.replaceAll(/[\x00-\x1f\x7f]/g, '').slice(0, 80)})`}.`,
  }
}

/** `exclude: { files, lines }` of older baselines, and `filters_used` of newer ones. */
function importFilters(baseline: Table, file: string, context: ImportContext): Imported {
  const paths: AllowPathEntry[] = []
  const values: AllowValueEntry[] = []
  const reason = 'Excluded in detect-secrets.'
  const pathOf = (text: string): boolean => {
    const { pattern, narrower } = translatePathPattern(text, 'go', context.isSlow)
    paths.push({ pattern, reason })
    return narrower
  }
  const valueOf = (text: string): boolean => {
    const {
      pattern,
      narrower,
      isSpecific: telling,
    } = translateValuePattern({ text, dialect: 'go', searchedIn: 'value' }, context.isSlow)
    if (!telling)
      throw new Untranslatable('it is so short that it would hide secrets of Oakum’s own rules')
    values.push({ pattern, reason })
    return narrower
  }
  const account: ImportLogEntry[] = []
  const [exclude] = baseline.tables('exclude')
  if (exclude?.text('files'))
    account.push(
      tryImport({ file, entry: 'exclude.files' }, () => [pathOf(exclude.text('files')), []]),
    )
  if (exclude?.text('lines'))
    account.push({ file, entry: 'exclude.lines', outcome: 'left-out', notes: [lines] })
  for (const filter of baseline.tables('filters_used')) {
    const name = filter.text('path').replace(/^.*(?:\.|::)/s, '')
    filter.texts('pattern').forEach((pattern, index) => {
      const shown = { file, entry: `filter ${name}, pattern ${index + 1}` }
      if (name === 'should_exclude_file')
        account.push(tryImport(shown, () => [pathOf(pattern), []]))
      else if (name === 'should_exclude_secret')
        account.push(tryImport(shown, () => [valueOf(pattern), []]))
      else account.push({ ...shown, outcome: 'left-out', notes: [lines] })
    })
    if (
      filter.texts('pattern').length === 0 &&
      !filter.text('path').startsWith('detect_secrets.filters.')
    )
      account.push({
        file,
        entry: `filter ${name}`,
        outcome: 'left-out',
        notes: ['it is code, which Oakum never loads'],
      })
  }
  return { ...emptyImport, paths, values, log: account }
}

const lines = 'it looks at whole lines, which allowances do not see; a marker on the line can'

function pluginsOf(baseline: Table, file: string): Imported {
  const count = baseline.tables('plugins_used').length
  return count === 0
    ? emptyImport
    : {
        ...emptyImport,
        log: [
          {
            file,
            entry: `${count} plugins`,
            outcome: 'left-out',
            notes: ['Oakum has rules of its own'],
          },
        ],
      }
}

/** The message of JSON.parse may quote the file, so it is not shown. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ConfigError(`${file} is no JSON`)
  }
}
