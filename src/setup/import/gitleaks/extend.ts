import type { ImportLogEntry } from '../model.ts'
import type { Allowlist, GitleaksConfig, GitleaksRule } from './config.ts'

/** Rules and allowlists of a configuration and of what it extends. */
export interface ExtendedConfig {
  readonly rules: readonly GitleaksRule[]
  readonly allowlists: readonly (Allowlist & { readonly file: string })[]
  readonly log: readonly ImportLogEntry[]
}

/** gitleaks follows no more. */
const MAX_DEPTH = 2

/** Follows `[extend]`. `read` gives the configuration at a path that a file names. */
export async function resolveExtends(
  config: GitleaksConfig,
  read: (path: string, from: string) => Promise<GitleaksConfig>,
  depth = 0,
): Promise<ExtendedConfig> {
  const { extend, file } = config
  const own: ExtendedConfig = {
    rules: config.rules,
    allowlists: config.allowlists.map((list) => ({ ...list, file })),
    log: unreadOf(config),
  }
  const leftOut = (entry: string, note: string): ImportLogEntry => ({
    file,
    entry,
    outcome: 'left-out',
    notes: [note],
  })
  const account = [
    ...own.log,
    ...(extend.useDefault
      ? [
          leftOut(
            'extend.useDefault',
            'Oakum has rules of its own; to bring gitleaks’ along, import its config/gitleaks.toml too',
          ),
        ]
      : []),
    ...(extend.url === ''
      ? []
      : [leftOut('extend.url', 'nothing is fetched; gitleaks does not either')]),
  ]
  const disabled = new Set(extend.disabledRules)
  if (extend.path === '' || depth >= MAX_DEPTH) {
    const notes = [...disabled].map((id) =>
      leftOut(
        `extend.disabledRules, ${id}`,
        'Oakum’s own rules stay on; say in oakum.yaml which are not wanted',
      ),
    )
    const tooDeep =
      extend.path === ''
        ? []
        : [leftOut('extend.path', `gitleaks follows ${MAX_DEPTH} files and no more`)]
    return { ...own, log: [...account, ...notes, ...tooDeep] }
  }
  const base = await resolveExtends(await read(extend.path, file), read, depth + 1)
  const rules = base.rules
    .filter((rule) => !disabled.has(rule.id))
    .map((rule) =>
      overlaid(
        rule,
        config.rules.find((over) => over.id === rule.id),
      ),
    )
  const kept = new Set(rules.map((rule) => rule.id))
  return {
    rules: [...rules, ...config.rules.filter((rule) => !kept.has(rule.id))],
    allowlists: [...own.allowlists, ...base.allowlists],
    log: [
      ...account,
      ...base.log,
      ...[...disabled]
        .filter((id) => base.rules.some((rule) => rule.id === id))
        .map((id) => leftOut(`rule ${id}`, 'extend.disabledRules switched it off')),
    ],
  }
}

/** A rule of the base with what the extending file says otherwise. */
function overlaid(base: GitleaksRule, over: GitleaksRule | undefined): GitleaksRule {
  if (over === undefined) return base
  return {
    ...base,
    description: over.description || base.description,
    entropy: over.entropy || base.entropy,
    secretGroup: over.secretGroup || base.secretGroup,
    regex: over.regex || base.regex,
    path: over.path || base.path,
    keywords: [...base.keywords, ...over.keywords],
    allowlists: [...base.allowlists, ...over.allowlists],
    file: over.file,
    unread: [...base.unread, ...over.unread],
  }
}

function unreadOf({ file, unread }: GitleaksConfig): readonly ImportLogEntry[] {
  return unread.map((name) => ({
    file,
    entry: name,
    outcome: 'left-out' as const,
    notes: [
      /^(?:regexes|whitelist|global|allowlists?)$/.test(name)
        ? 'gitleaks reads it no longer, since version 8 at the latest'
        : 'gitleaks does not know it',
    ],
  }))
}
