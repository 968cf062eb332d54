import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ConfigError, UsageError } from '../../../model/errors.ts'
import { compileImported } from '../compile-imported.ts'
import { type ToolFile, type ImportContext, readToolFile } from '../context.ts'
import { SecretFinder } from '../secret-finder.ts'
import type { ImportLogEntry, Imported } from '../model.ts'
import { emptyImport, mergeImports } from '../result.ts'
import { parseToml } from '../toml.ts'
import { importAllowlist, type ScopedAllowlist } from './allowlists.ts'
import { importCommits } from './commits.ts'
import { decodeGitleaksConfig, type GitleaksConfig } from './config.ts'
import { resolveExtends, type ExtendedConfig } from './extend.ts'
import { importIgnore } from './ignore.ts'
import { importRules } from './rules.ts'

export const gitleaksFiles = ['.gitleaks.toml', '.gitleaksignore']

/** Imports configurations, then what `.gitleaksignore` files say of what those find. */
export async function importGitleaks(
  files: readonly ToolFile[],
  context: ImportContext,
): Promise<Imported> {
  const configs = await Promise.all(
    files.filter((file) => !isIgnore(file)).map((file) => readConfig(file, context)),
  )
  const fromConfigs = mergeImports(await inTurn(configs, (config) => importConfig(config, context)))
  const finder = new SecretFinder([
    ...context.builtin,
    ...compileImported(fromConfigs.rules, 'gitleaks'),
  ])
  const fromIgnores = await inTurn(files.filter(isIgnore), async (file) => ({
    ...emptyImport,
    ...(await importIgnore(file, context, finder)),
  }))
  return mergeImports([fromConfigs, ...fromIgnores])
}

function isIgnore({ name }: ToolFile): boolean {
  return name.endsWith('ignore')
}

async function readConfig(
  { file, text }: ToolFile,
  context: ImportContext,
): Promise<ExtendedConfig & { readonly extendsDefault: boolean }> {
  const config = await decoded(text, file)
  const merged = await resolveExtends(config, async (path, from) => {
    const read = readToolFile(extendedPath(path, from, context.cwd), context.cwd)
    return decoded(read.text, read.file)
  })
  return { ...merged, extendsDefault: config.extend.useDefault }
}

async function decoded(text: string, file: string): Promise<GitleaksConfig> {
  return decodeGitleaksConfig(await parseToml(text, file), file)
}

/**
 * gitleaks takes the path from where it runs; a file in another folder names its neighbours as
 * often.
 */
function extendedPath(path: string, from: string, cwd: string): string {
  if (/^[a-z]+:\/\//i.test(path))
    throw new ConfigError(
      `${from}: extend.path is an address; nothing is fetched, so save it as a file`,
    )
  const candidates = [resolve(cwd, path), resolve(cwd, join(dirname(from), path))]
  const found = candidates.find((candidate) => existsSync(candidate))
  if (found === undefined)
    throw new UsageError(`${from}: extend.path names ${path}, which is not there`)
  return found
}

async function importConfig(
  {
    rules,
    allowlists,
    log: account,
    extendsDefault,
  }: ExtendedConfig & { readonly extendsDefault: boolean },
  context: ImportContext,
): Promise<Imported> {
  const made = importRules(rules, context, extendsDefault)
  const provider = made.rules.length > 0 ? 'gitleaks' : undefined
  const idOf = (name: string): string | undefined =>
    made.rules.find((rule) => rule.id === context.ids.idOf(name))?.id
  const scoped: readonly (ScopedAllowlist | ImportLogEntry)[] = [
    ...allowlists.map((list) =>
      scopeOf(list, list.targetRules, { file: list.file, provider, idOf }),
    ),
    ...rules.flatMap((rule) =>
      rule.allowlists.map((list) => scopeOf(list, [rule.id], { file: rule.file, provider, idOf })),
    ),
  ]
  const finder = new SecretFinder([...context.builtin, ...compileImported(made.rules, 'gitleaks')])
  const results = await inTurn(scoped, async (one): Promise<Imported> => {
    if ('outcome' in one) return { ...emptyImport, log: [one] }
    const commits = await importCommits(one, context, finder)
    return mergeImports([
      { ...emptyImport, ...importAllowlist(one, context) },
      { ...emptyImport, ...commits },
    ])
  })
  return mergeImports([
    { ...emptyImport, rules: made.rules, log: [...account, ...made.log] },
    ...results,
  ])
}

interface Scope {
  readonly file: string
  readonly provider: string | undefined
  readonly idOf: (name: string) => string | undefined
}

/**
 * An allowlist for rules that are not here allows nothing: to let it hold for all would allow more
 * than before.
 */
function scopeOf(
  list: ScopedAllowlist['list'],
  targets: readonly string[],
  { file, provider, idOf }: Scope,
): ScopedAllowlist | ImportLogEntry {
  if (targets.length === 0) return { list, file, rules: undefined, provider }
  const rules = targets.flatMap((name) => idOf(name) ?? [])
  if (rules.length > 0) return { list, file, rules, provider }
  return {
    file,
    entry: list.entry,
    outcome: 'left-out',
    notes: [
      `it is for ${targets.slice(0, 3).join(', ')}${targets.length > 3 ? ' and others' : ''}, which was not imported`,
    ],
  }
}

async function inTurn<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  for (const item of items) results.push(await work(item))
  return results
}
