/** Imports configurations and `.gitleaksignore` files of gitleaks. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ConfigError, UsageError } from '../../../model/errors.ts'
import { compileImported } from '../compile-imported.ts'
import { type ImportContext, readToolFile, type ToolFile } from '../context.ts'
import { skipped } from '../import-log.ts'
import { emptyImport, type Imported, type ImportLogEntry, mergeImports } from '../model.ts'
import { SecretFinder } from '../secret-finder.ts'
import { importAllowlist, type ScopedAllowlist } from './allowlists.ts'
import { importCommits } from './commits.ts'
import { decodeGitleaksConfig, type GitleaksConfig, parseToml } from './config.ts'
import { type ExtendedConfig, resolveExtends } from './extend.ts'
import { importIgnore } from './ignore.ts'
import { importRules } from './rules.ts'

export const gitleaksFiles = ['.gitleaks.toml', '.gitleaksignore']

/**
 * Imports configurations first, then `.gitleaksignore` files, whose entries may be secrets that only
 * the imported rules find.
 */
export async function importGitleaks(
  files: readonly ToolFile[],
  context: ImportContext,
): Promise<Imported> {
  const configs = await Promise.all(
    files.filter((file) => !isIgnoreFile(file)).map((file) => readConfig(file, context)),
  )
  const configImports = await mapSequentially(configs, (config) => importConfig(config, context))
  const fromConfigs = mergeImports(configImports)
  const finder = finderWith(fromConfigs.rules, context)
  const fromIgnoreFiles = await mapSequentially(files.filter(isIgnoreFile), async (file) => ({
    ...emptyImport,
    ...(await importIgnore(file, context, finder)),
  }))
  return mergeImports([fromConfigs, ...fromIgnoreFiles])
}

function isIgnoreFile({ name }: ToolFile): boolean {
  return name.endsWith('ignore')
}

/** Returns a finder with the built-in rules and the imported ones. */
function finderWith(rules: Imported['rules'], { builtin }: ImportContext): SecretFinder {
  return new SecretFinder([...builtin, ...compileImported(rules, 'gitleaks')])
}

type ReadConfig = ExtendedConfig & {
  /** True when the configuration extends the rules that come with gitleaks. */
  readonly extendsDefault: boolean
}

async function readConfig({ file, text }: ToolFile, context: ImportContext): Promise<ReadConfig> {
  const config = await parseConfig(text, file)
  const merged = await resolveExtends(config, async (path, from) => {
    const baseFile = readToolFile(resolveExtendPath(path, from, context.cwd), context.cwd)
    return parseConfig(baseFile.text, baseFile.file)
  })
  return { ...merged, extendsDefault: config.extend.useDefault }
}

async function parseConfig(text: string, file: string): Promise<GitleaksConfig> {
  return decodeGitleaksConfig(await parseToml(text, file), file)
}

/**
 * Resolves `extend.path`. gitleaks resolves it from its current folder; a path relative to the
 * extending file is accepted as well.
 */
function resolveExtendPath(path: string, from: string, cwd: string): string {
  if (/^[a-z]+:\/\//i.test(path))
    throw new ConfigError(
      `${from}: extend.path is an address; nothing is downloaded, so save it as a file`,
    )
  const candidates = [resolve(cwd, path), resolve(cwd, join(dirname(from), path))]
  const existing = candidates.find((candidate) => existsSync(candidate))
  if (existing === undefined)
    throw new UsageError(`${from}: extend.path names ${path}, which does not exist`)
  return existing
}

async function importConfig(
  { rules, allowlists, log, extendsDefault }: ReadConfig,
  context: ImportContext,
): Promise<Imported> {
  const ruleImport = importRules(rules, context, extendsDefault)
  const scope = {
    provider: ruleImport.rules.length > 0 ? 'gitleaks' : undefined,
    idOf: (name: string): string | undefined =>
      ruleImport.rules.find((rule) => rule.id === context.ids.idOf(name))?.id,
  }
  const scopedLists: readonly (ScopedAllowlist | ImportLogEntry)[] = [
    ...allowlists.map((list) => scopeOf(list, list.targetRules, { ...scope, file: list.file })),
    ...rules.flatMap((rule) =>
      rule.allowlists.map((list) => scopeOf(list, [rule.id], { ...scope, file: rule.file })),
    ),
  ]
  const finder = finderWith(ruleImport.rules, context)
  const listImports = await mapSequentially(scopedLists, async (scopedList): Promise<Imported> => {
    if ('outcome' in scopedList) return { ...emptyImport, log: [scopedList] }
    const commits = await importCommits(scopedList, context, finder)
    return mergeImports([
      { ...emptyImport, ...importAllowlist(scopedList, context) },
      { ...emptyImport, ...commits },
    ])
  })
  return mergeImports([
    { ...emptyImport, rules: ruleImport.rules, log: [...log, ...ruleImport.log] },
    ...listImports,
  ])
}

interface AllowlistScope {
  readonly file: string
  readonly provider: string | undefined
  /** Returns the id of an imported rule by its name in gitleaks. */
  readonly idOf: (name: string) => string | undefined
}

/**
 * Returns the allowlist with the imported rules it targets. A list for rules that were not imported
 * is skipped: as a list for all rules it would allow more than before.
 */
function scopeOf(
  list: ScopedAllowlist['list'],
  targets: readonly string[],
  { file, provider, idOf }: AllowlistScope,
): ScopedAllowlist | ImportLogEntry {
  if (targets.length === 0) return { list, file, rules: undefined, provider }
  const rules = targets.flatMap((name) => idOf(name) ?? [])
  if (rules.length > 0) return { list, file, rules, provider }
  const names = targets.slice(0, 3).join(', ') + (targets.length > 3 ? ' and others' : '')
  return skipped({ file, entry: list.entry }, `it is for ${names}, which was not imported`)
}

async function mapSequentially<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  for (const item of items) results.push(await work(item))
  return results
}
