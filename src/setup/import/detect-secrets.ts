/** Imports baselines of detect-secrets. */
import { translatePathPattern, translateValuePattern } from './allow.ts'
import { type ImportContext, readInWorkTree, type ToolFile } from './context.ts'
import { literalGlob } from './globs.ts'
import { skipped, tryImport } from './import-log.ts'
import {
  type AllowPathEntry,
  type AllowSecretEntry,
  type AllowValueEntry,
  emptyImport,
  type Imported,
  type ImportLogEntry,
  mergeImports,
} from './model.ts'
import { Untranslatable } from './regexp/syntax.ts'
import { type FoundSecret, SecretFinder } from './secret-finder.ts'
import { parseJson, Table } from './table.ts'

export const detectSecretsFiles = ['.secrets.baseline']

/** A secret of a baseline, which contains its SHA-1 instead of its value. */
interface BaselineSecret {
  readonly path: string
  readonly type: string
  readonly sha1: string
  /** The answer of an audit; undefined without an audit. */
  readonly isSecret: boolean | undefined
}

/**
 * Imports baselines: allow entries for the secrets that Oakum finds in the named files and whose
 * hashes are in the baseline, and the excluded paths and values.
 */
export async function importDetectSecrets(
  files: readonly ToolFile[],
  context: ImportContext,
): Promise<Imported> {
  const finder = new SecretFinder(context.builtin)
  return mergeImports(await Promise.all(files.map((file) => importBaseline(file, context, finder))))
}

async function importBaseline(
  { file, text }: ToolFile,
  context: ImportContext,
  finder: SecretFinder,
): Promise<Imported> {
  const baseline = new Table(parseJson(text, file), { file, fieldPath: '' })
  return mergeImports([
    await importResults(baseline, file, { context, finder }),
    importFilters(baseline, file, context),
    logPlugins(baseline, file),
  ])
}

/** Imports `results`: the secrets of the baseline by path. */
async function importResults(
  baseline: Table,
  file: string,
  { context, finder }: { readonly context: ImportContext; readonly finder: SecretFinder },
): Promise<Imported> {
  const [results] = baseline.tables('results')
  const secrets: AllowSecretEntry[] = []
  const log: ImportLogEntry[] = []
  for (const path of results?.names ?? []) {
    const bytes = readInWorkTree(context, path)
    const foundSecrets = bytes === undefined ? undefined : finder.find(bytes, path)
    for (const [index, table] of (results?.tables(path) ?? []).entries()) {
      const secret = {
        path,
        type: table.text('type'),
        sha1: table.text('hashed_secret').toLowerCase(),
        isSecret: table.has('is_secret') ? table.flag('is_secret') : undefined,
      }
      const location = { file, entry: `${path}, ${secret.type || 'secret'} ${index + 1}` }
      const allowEntry = await resolve(secret, foundSecrets)
      if (typeof allowEntry === 'string') log.push(skipped(location, allowEntry))
      else {
        secrets.push(allowEntry)
        log.push({ ...location, outcome: 'imported', notes: [] })
      }
    }
  }
  return { ...emptyImport, secrets, log }
}

/** Returns the allow entry for a secret of the baseline, or the reason why there is none. */
async function resolve(
  { path, type, sha1, isSecret }: BaselineSecret,
  foundSecrets: readonly FoundSecret[] | undefined,
): Promise<AllowSecretEntry | string> {
  if (isSecret === true) return 'its audit says that it is a secret: rotate it'
  if (foundSecrets === undefined) return 'the file no longer exists'
  const match = foundSecrets.find((candidate) => candidate.sha1 === sha1)
  if (match === undefined) {
    const isOtherPart = foundSecrets.some(({ otherParts }) =>
      otherParts.some((part) => part.sha1 === sha1),
    )
    return isOtherPart
      ? 'it is the id of a credential, and the entry does not cover the secret'
      : 'Oakum finds no such value in the file, so there is nothing to allow'
  }
  const glob = literalGlob(path)
  if (glob === undefined) return 'its path has characters that no glob can express'
  const audit = isSecret === false ? 'Audited as no secret' : 'Not audited'
  const shownType = type.replaceAll(/[\x00-\x1f\x7f]/g, '').slice(0, 80)
  const suffix = type === '' ? '' : ` (${shownType})`
  return {
    fingerprint: await match.fingerprint(),
    paths: [glob],
    reason: `${audit} in the baseline of detect-secrets${suffix}.`,
  }
}

const lineFilterNote =
  'it matches whole lines, which allow entries do not see; put a marker on the line instead'

/** Imports `exclude: { files, lines }` of older baselines and `filters_used` of newer ones. */
function importFilters(baseline: Table, file: string, context: ImportContext): Imported {
  const paths: AllowPathEntry[] = []
  const values: AllowValueEntry[] = []
  const reason = 'Excluded in detect-secrets.'
  const addPath = (text: string): boolean => {
    const { pattern, narrower } = translatePathPattern(text, 'go', context.isSlow)
    paths.push({ pattern, reason })
    return narrower
  }
  const addValue = (text: string): boolean => {
    const { pattern, narrower, isSpecific } = translateValuePattern(
      { text, dialect: 'go', searchedIn: 'value' },
      context.isSlow,
    )
    if (!isSpecific)
      throw new Untranslatable('it is so short that it would hide secrets of Oakum’s own rules')
    values.push({ pattern, reason })
    return narrower
  }
  const log: ImportLogEntry[] = []
  const [exclude] = baseline.tables('exclude')
  if (exclude?.text('files'))
    log.push(
      tryImport({ file, entry: 'exclude.files' }, () => [addPath(exclude.text('files')), []]),
    )
  if (exclude?.text('lines')) log.push(skipped({ file, entry: 'exclude.lines' }, lineFilterNote))
  for (const filter of baseline.tables('filters_used')) {
    const name = filter.text('path').replace(/^.*(?:\.|::)/s, '')
    const patterns = filter.texts('pattern')
    patterns.forEach((pattern, index) => {
      const location = { file, entry: `filter ${name}, pattern ${index + 1}` }
      if (name === 'should_exclude_file')
        log.push(tryImport(location, () => [addPath(pattern), []]))
      else if (name === 'should_exclude_secret')
        log.push(tryImport(location, () => [addValue(pattern), []]))
      else log.push(skipped(location, lineFilterNote))
    })
    const isOwnCode = !filter.text('path').startsWith('detect_secrets.filters.')
    if (patterns.length === 0 && isOwnCode)
      log.push(skipped({ file, entry: `filter ${name}` }, 'it is code, which Oakum never loads'))
  }
  return { ...emptyImport, paths, values, log }
}

function logPlugins(baseline: Table, file: string): Imported {
  const count = baseline.tables('plugins_used').length
  if (count === 0) return emptyImport
  const entry = `${count} plugins`
  return { ...emptyImport, log: [skipped({ file, entry }, 'Oakum has rules of its own')] }
}
