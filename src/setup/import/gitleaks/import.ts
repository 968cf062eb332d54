import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ConfigError, UsageError } from '../../../model/errors.ts'
import { compileImported } from '../compile-imported.ts'
import { type ForeignFile, type ImportContext, readForeign } from '../context.ts'
import { Finder } from '../find.ts'
import type { ImportLogEntry, Imported } from '../model.ts'
import { nothing, together } from '../result.ts'
import { parseToml } from '../toml.ts'
import { importAllowlist, type ScopedAllowlist } from './allowlists.ts'
import { importCommits } from './commits.ts'
import { decodeGitleaksConfig, type GitleaksConfig } from './config.ts'
import { extended, type Merged } from './extend.ts'
import { importIgnore } from './ignore.ts'
import { importRules } from './rules.ts'

export const gitleaksFiles = ['.gitleaks.toml', '.gitleaksignore']

/** Imports configurations, then what `.gitleaksignore` files say of what those find. */
export async function importGitleaks(
  files: readonly ForeignFile[],
  context: ImportContext,
): Promise<Imported> {
  const configs = await Promise.all(
    files.filter((file) => !isIgnore(file)).map((file) => readConfig(file, context)),
  )
  const fromConfigs = together(await inTurn(configs, (config) => importConfig(config, context)))
  const finder = new Finder([...context.builtin, ...compileImported(fromConfigs.rules, 'gitleaks')])
  const fromIgnores = await inTurn(files.filter(isIgnore), async (file) => ({
    ...nothing,
    ...(await importIgnore(file, context, finder)),
  }))
  return together([fromConfigs, ...fromIgnores])
}

function isIgnore({ name }: ForeignFile): boolean {
  return name.endsWith('ignore')
}

async function readConfig(
  { file, text }: ForeignFile,
  context: ImportContext,
): Promise<Merged & { readonly extendsDefault: boolean }> {
  const config = await decoded(text, file)
  const merged = await extended(config, async (path, from) => {
    const read = readForeign(extendedPath(path, from, context.cwd), context.cwd)
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
  { rules, allowlists, account, extendsDefault }: Merged & { readonly extendsDefault: boolean },
  context: ImportContext,
): Promise<Imported> {
  const made = importRules(rules, context, extendsDefault)
  const provider = made.rules.length > 0 ? 'gitleaks' : undefined
  const idOf = (name: string): string | undefined =>
    made.rules.find((rule) => rule.id === context.ids.of(name))?.id
  const scoped: readonly (ScopedAllowlist | ImportLogEntry)[] = [
    ...allowlists.map((list) =>
      scopeOf(list, list.targetRules, { file: list.file, provider, idOf }),
    ),
    ...rules.flatMap((rule) =>
      rule.allowlists.map((list) => scopeOf(list, [rule.id], { file: rule.file, provider, idOf })),
    ),
  ]
  const finder = new Finder([...context.builtin, ...compileImported(made.rules, 'gitleaks')])
  const results = await inTurn(scoped, async (one): Promise<Imported> => {
    if ('outcome' in one) return { ...nothing, account: [one] }
    const commits = await importCommits(one, context, finder)
    return together([
      { ...nothing, ...importAllowlist(one, context) },
      { ...nothing, ...commits },
    ])
  })
  return together([
    { ...nothing, rules: made.rules, account: [...account, ...made.account] },
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
