import { ConfigError } from '../../../model/errors.ts'
import { Table } from '../table.ts'

/**
 * A list of what gitleaks need not report; `targetRules` empty: for all rules, or for the rule it
 * stands in.
 */
export interface Allowlist {
  readonly description: string
  /** Must all kinds of tests hold, or is one enough? */
  readonly all: boolean
  readonly commits: readonly string[]
  readonly paths: readonly string[]
  /** What the regexes are searched in. */
  readonly target: 'secret' | 'match' | 'line'
  readonly regexes: readonly string[]
  readonly stopwords: readonly string[]
  readonly targetRules: readonly string[]
  /** Where it stands, for the account. */
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
  /** Ids of rules that must find something too. */
  readonly required: readonly string[]
  readonly skipReport: boolean
  /** The file it was read from. */
  readonly file: string
  /** Fields that gitleaks does not know. */
  readonly unread: readonly string[]
}

/** A configuration of gitleaks as one file says it. */
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

/** Reads what TOML holds; throws a ConfigError for what gitleaks would refuse too. */
export function decodeGitleaksConfig(content: unknown, file: string): GitleaksConfig {
  const table = new Table(content, { file, place: '' })
  const [extend] = table.tables('extend')
  for (const known of ['title', 'description', 'minVersion']) table.text(known)
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

/** The old form, `[allowlist]`, and the new one, `[[allowlists]]`. */
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

function conditionOf(text: string, where: string): boolean {
  if (['AND', '&&'].includes(text.toUpperCase())) return true
  if (['', 'OR', '||'].includes(text.toUpperCase())) return false
  throw new ConfigError(`${where}: expected the condition AND or OR`)
}

function targetOf(text: string, where: string): Allowlist['target'] {
  if (text === '' || text === 'secret') return 'secret'
  if (text === 'match' || text === 'line') return text
  throw new ConfigError(`${where}: expected the regexTarget secret, match or line`)
}
