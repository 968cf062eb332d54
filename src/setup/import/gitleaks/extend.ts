/** Resolves `[extend]` of gitleaks configurations: merges a file with the files it extends. */
import { skipped } from '../import-log.ts'
import type { ImportLogEntry } from '../model.ts'
import type { Allowlist, GitleaksConfig, GitleaksRule } from './config.ts'

/** Rules and allowlists of a configuration and of the files it extends. */
export interface ExtendedConfig {
  readonly rules: readonly GitleaksRule[]
  readonly allowlists: readonly (Allowlist & { readonly file: string })[]
  readonly log: readonly ImportLogEntry[]
}

/** Number of extended files in a row that gitleaks follows. */
const MAX_DEPTH = 2

/** Reads the configuration at `path`, which the file `from` names. */
type ReadConfig = (path: string, from: string) => Promise<GitleaksConfig>

/** Merges a configuration with those that it extends. */
export async function resolveExtends(
  config: GitleaksConfig,
  read: ReadConfig,
  depth = 0,
): Promise<ExtendedConfig> {
  const { extend, file } = config
  const ownConfig: ExtendedConfig = {
    rules: config.rules,
    allowlists: config.allowlists.map((list) => ({ ...list, file })),
    log: [...unreadFields(config), ...skippedSources(config)],
  }
  if (extend.path === '' || depth >= MAX_DEPTH)
    return { ...ownConfig, log: [...ownConfig.log, ...endOfChain(config)] }
  const base = await resolveExtends(await read(extend.path, file), read, depth + 1)
  return mergeWithBase(config, ownConfig, base)
}

function mergeWithBase(
  { rules, extend, file }: GitleaksConfig,
  ownConfig: ExtendedConfig,
  base: ExtendedConfig,
): ExtendedConfig {
  const disabled = new Set(extend.disabledRules)
  const baseRules = base.rules
    .filter(({ id }) => !disabled.has(id))
    .map((rule) =>
      overrideRule(
        rule,
        rules.find(({ id }) => id === rule.id),
      ),
    )
  const baseIds = new Set(baseRules.map(({ id }) => id))
  const disabledLog = [...disabled]
    .filter((id) => base.rules.some((rule) => rule.id === id))
    .map((id) => skipped({ file, entry: `rule ${id}` }, 'extend.disabledRules disables it'))
  return {
    rules: [...baseRules, ...rules.filter(({ id }) => !baseIds.has(id))],
    allowlists: [...ownConfig.allowlists, ...base.allowlists],
    log: [...ownConfig.log, ...base.log, ...disabledLog],
  }
}

/** Returns log entries for `useDefault` and `url`, which name configurations outside of files. */
function skippedSources({ extend, file }: GitleaksConfig): readonly ImportLogEntry[] {
  const log: ImportLogEntry[] = []
  if (extend.useDefault)
    log.push(
      skipped(
        { file, entry: 'extend.useDefault' },
        'Oakum has rules of its own; for those of gitleaks, import its config/gitleaks.toml too',
      ),
    )
  if (extend.url !== '')
    log.push(
      skipped({ file, entry: 'extend.url' }, 'nothing is downloaded; gitleaks does not either'),
    )
  return log
}

/** Returns log entries for settings that have no effect in a file whose base is not read. */
function endOfChain({ extend, file }: GitleaksConfig): readonly ImportLogEntry[] {
  const disabled = [...new Set(extend.disabledRules)].map((id) =>
    skipped(
      { file, entry: `extend.disabledRules, ${id}` },
      'Oakum’s own rules stay on; turn rules that you do not want off in oakum.yaml',
    ),
  )
  const tooDeep =
    extend.path === ''
      ? []
      : [skipped({ file, entry: 'extend.path' }, `gitleaks follows at most ${MAX_DEPTH} files`)]
  return [...disabled, ...tooDeep]
}

/** Returns a rule of the base with the changes of the extending file. */
function overrideRule(base: GitleaksRule, changes: GitleaksRule | undefined): GitleaksRule {
  if (changes === undefined) return base
  return {
    ...base,
    description: changes.description || base.description,
    entropy: changes.entropy || base.entropy,
    secretGroup: changes.secretGroup || base.secretGroup,
    regex: changes.regex || base.regex,
    path: changes.path || base.path,
    keywords: [...base.keywords, ...changes.keywords],
    allowlists: [...base.allowlists, ...changes.allowlists],
    file: changes.file,
    unread: [...base.unread, ...changes.unread],
  }
}

function unreadFields({ file, unread }: GitleaksConfig): readonly ImportLogEntry[] {
  return unread.map((name) =>
    skipped(
      { file, entry: name },
      /^(?:regexes|whitelist|global|allowlists?)$/.test(name)
        ? 'gitleaks has not read it since version 8'
        : 'gitleaks does not know it',
    ),
  )
}
