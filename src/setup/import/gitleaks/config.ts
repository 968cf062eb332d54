/** Parses and decodes configurations of gitleaks (`.gitleaks.toml`). */
import { ConfigError } from '../../../model/errors.ts'
import { Table } from '../table.ts'

/** A list of findings that gitleaks does not report. */
export interface Allowlist {
  readonly description: string
  /** True when all kinds of conditions must match; false when one is enough. */
  readonly all: boolean
  readonly commits: readonly string[]
  readonly paths: readonly string[]
  /** The text in which the regexes are searched. */
  readonly target: 'secret' | 'match' | 'line'
  readonly regexes: readonly string[]
  readonly stopwords: readonly string[]
  /** Ids of rules for which the list holds; empty: all rules, or the rule that contains it. */
  readonly targetRules: readonly string[]
  /** Name of the list in the log. */
  readonly entry: string
}

export interface GitleaksRule {
  readonly id: string
  readonly description: string
  readonly regex: string
  readonly path: string
  readonly secretGroup: number
  readonly entropy: number
  readonly keywords: readonly string[]
  readonly allowlists: readonly Allowlist[]
  /** Ids of other rules that must match too. */
  readonly required: readonly string[]
  readonly skipReport: boolean
  readonly file: string
  /** Fields that gitleaks does not know. */
  readonly unread: readonly string[]
}

/** A configuration of gitleaks as one file contains it, before `[extend]` is resolved. */
export interface GitleaksConfig {
  readonly file: string
  readonly rules: readonly GitleaksRule[]
  readonly allowlists: readonly Allowlist[]
  readonly extend: {
    readonly path: string
    readonly url: string
    readonly useDefault: boolean
    readonly disabledRules: readonly string[]
  }
  readonly unread: readonly string[]
}

/** Decodes parsed TOML. Throws a ConfigError for values that gitleaks refuses too. */
export function decodeGitleaksConfig(content: unknown, file: string): GitleaksConfig {
  const table = new Table(content, { file, fieldPath: '' })
  const [extend] = table.tables('extend')
  // Fields that gitleaks knows and the import does not need; reading them marks them as known.
  for (const name of ['title', 'description', 'minVersion']) table.text(name)
  const rules = table.tables('rules').map((rule, index) => decodeRule(rule, index, file))
  const allowlists = decodeAllowlists(table, file, '')
  return {
    file,
    rules,
    allowlists,
    extend: {
      path: extend?.text('path') ?? '',
      url: extend?.text('url') ?? '',
      useDefault: extend?.flag('useDefault') ?? false,
      disabledRules: extend?.texts('disabledRules') ?? [],
    },
    unread: table.unread,
  }
}

function decodeRule(rule: Table, index: number, file: string): GitleaksRule {
  const id = rule.text('id').trim()
  if (id === '')
    throw new ConfigError(
      `${file}: rules[${index}]: expected an id, which gitleaks needs since version 8`,
    )
  rule.texts('tags')
  const decoded = {
    id,
    description: rule.text('description'),
    regex: rule.text('regex'),
    path: rule.text('path'),
    secretGroup: rule.number('secretGroup'),
    entropy: rule.number('entropy'),
    keywords: rule.texts('keywords').map((keyword) => keyword.toLowerCase()),
    allowlists: decodeAllowlists(rule, file, `rule ${id}, `),
    required: rule.tables('required').map((required) => required.text('id')),
    skipReport: rule.flag('skipReport'),
    file,
  }
  return { ...decoded, unread: rule.unread }
}

/** Decodes the old form, `[allowlist]`, and the new one, `[[allowlists]]`. */
function decodeAllowlists(table: Table, file: string, owner: string): readonly Allowlist[] {
  return [...table.tables('allowlist'), ...table.tables('allowlists')].map((list, index) => {
    const entry = `${owner}allowlist ${index + 1}`
    return {
      description: list.text('description').trim(),
      all: conditionOf(list.text('condition'), `${file}: ${entry}`),
      commits: list.texts('commits').map((commit) => commit.trim().toLowerCase()),
      paths: list.texts('paths'),
      target: targetOf(list.text('regexTarget'), `${file}: ${entry}`),
      regexes: list.texts('regexes'),
      stopwords: list.texts('stopwords'),
      targetRules: list.texts('targetRules'),
      entry,
    }
  })
}

function conditionOf(text: string, location: string): boolean {
  if (['AND', '&&'].includes(text.toUpperCase())) return true
  if (['', 'OR', '||'].includes(text.toUpperCase())) return false
  throw new ConfigError(`${location}: expected the condition AND or OR`)
}

function targetOf(text: string, location: string): Allowlist['target'] {
  if (text === '' || text === 'secret') return 'secret'
  if (text === 'match' || text === 'line') return text
  throw new ConfigError(`${location}: expected the regexTarget secret, match or line`)
}

/** Parses TOML. Throws a ConfigError that names the line and quotes nothing of the file. */
export async function parseToml(text: string, file: string): Promise<unknown> {
  const { parse, TomlError } = await import('smol-toml')
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [reason = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n')
    const position = `line ${error.line}, column ${error.column}`
    throw new ConfigError(`${file}: ${position}: invalid TOML: ${reason}`)
  }
}
