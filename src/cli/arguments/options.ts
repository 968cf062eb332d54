/**
 * The commands and options there are. Parsing, help, completion and docs/cli.md read these tables.
 */
import { hookNames, managerNames } from '../../setup/install/hook-names.ts'
import { severities } from '../../model/rule.ts'
import { formatNames } from '../../report/report-formats.ts'

/** One command of the table. */
export interface CommandSpec {
  readonly name: CommandName
  /** What follows the name: `<a>` is needed, `[a]` may be left out, `[a..]` are several. */
  readonly takes: string
  readonly help: string
}

export type CommandName =
  | 'scan'
  | 'staged'
  | 'range'
  | 'history'
  | 'stdin'
  | 'verify'
  | 'hook'
  | 'allow'
  | 'baseline'
  | 'rules'
  | 'import'
  | 'audit'
  | 'merge'
  | 'install'
  | 'uninstall'
  | 'doctor'
  | 'fix'
  | 'plan'
  | 'rewrite'
  | 'completion'

export const commandSpecs: readonly CommandSpec[] = [
  {
    name: 'scan',
    takes: '[path..]',
    help: 'Scan the files git would take, untracked ones included',
  },
  { name: 'staged', takes: '', help: 'Scan what the next commit would add' },
  { name: 'range', takes: '[base..head]', help: 'Scan what the commits of base..head add' },
  { name: 'history', takes: '[repo]', help: 'Scan every object of a repository' },
  { name: 'stdin', takes: '', help: 'Scan the bytes of a pipe' },
  {
    name: 'audit',
    takes: '[repo]',
    help: 'Go through all secrets of a repository: is it safe to publish?',
  },
  {
    name: 'verify',
    takes: '[report]',
    help: 'Scan, or read a report, and ask AWS whether its keys still work',
  },
  {
    name: 'hook',
    takes: '<hook> [arg..]',
    help: 'What git runs: pre-commit, pre-merge-commit, commit-msg, pre-push, pre-receive',
  },
  {
    name: 'allow',
    takes: '<word> [fingerprint]',
    help: 'Let a secret stay; or allow list, stale, remove FINGERPRINT',
  },
  {
    name: 'baseline',
    takes: '',
    help: 'Accept for now what is found today; later, drop what was fixed',
  },
  {
    name: 'rules',
    takes: '<action> [what..]',
    help: 'rules list, show ID, check [FILE..], or explain FILE: why it is found or not',
  },
  {
    name: 'import',
    takes: '<tool> [file..]',
    help: 'Bring rules and allowances of another scanner over',
  },
  {
    name: 'merge',
    takes: '<report..>',
    help: 'Put the JSON reports of all shards of a history together',
  },
  { name: 'install', takes: '', help: 'Have git run Oakum at commits, merges and pushes' },
  { name: 'uninstall', takes: '', help: 'Take that back, and leave no trace' },
  {
    name: 'doctor',
    takes: '',
    help: 'Say what runs at commits and pushes here, and what is wrong',
  },
  {
    name: 'fix',
    takes: '[path..]',
    help: 'Keep env files out of git: ignore them, untrack them, write templates',
  },
  { name: 'plan', takes: '[repo]', help: 'Say what to rotate and what to rewrite, in order' },
  { name: 'rewrite', takes: '[repo]', help: 'Make a mirror without the secrets, and prove it' },
  {
    name: 'completion',
    takes: '[shell]',
    help: 'Print the completion script for bash, zsh or fish',
  },
]

export const planFormats = ['text', 'markdown', 'json'] as const
/** Of the verdict of an audit. */
export const verdictFormats = ['text', 'json', 'markdown', 'html'] as const
export const colours = ['auto', 'always', 'never'] as const
export const readers = ['auto', 'pack', 'zlib', 'cat-file'] as const
export const tools = [
  'gitleaks',
  'detect-secrets',
  'trufflehog',
  'git-secrets',
  'secretlint',
] as const
export const hooks = hookNames
export const hookManagers = ['auto', ...managerNames] as const
export const shells = ['bash', 'zsh', 'fish'] as const

interface OptionRow {
  readonly name: string
  /**
   * A `switch` takes no value; of a `value` given twice the last counts; a `list` collects. A
   * `choice` is one of a few, `--name=word`, and alone the first of them.
   */
  readonly kind: 'switch' | 'value' | 'list' | 'choice'
  readonly group: string
  readonly help: string
  readonly choices?: readonly string[]
  /** What holds when it is not given, in words. */
  readonly otherwise?: string
  readonly commands: readonly CommandName[]
}

const scans = [
  'scan',
  'staged',
  'range',
  'history',
  'stdin',
  'verify',
] as const satisfies readonly CommandName[]

/** The commands that scan. */
export type ScanCommand = (typeof scans)[number]

/** They stop what they find. */
const judges = [...scans, 'hook'] as const

/** Those of them that may ask a provider: no hook runs these. */
const verifying = [
  'scan',
  'range',
  'history',
  'stdin',
  'verify',
] as const satisfies readonly CommandName[]
export const consents = ['ask', 'yes'] as const

/** They write reports of what was found. */
const results = [...scans, 'merge'] as const

const reports = [...results, 'rules'] as const
const remedies = ['plan', 'rewrite'] as const
const all = commandSpecs.map((command) => command.name)

const verdict = 'Verdict:'
const report = 'Report:'
const limits = 'What to read:'
const verification = 'Verification:'
const policy = 'Configuration:'
const entries = 'Entries:'
const installing = 'Hooks:'
const remedy = 'Remedy:'
const others = 'Other:'

/** What an audit shares with scans. */
const audited = [...scans, 'audit'] as const

/** The commands that read configuration. */
const configured = [...audited, 'hook', 'allow', 'baseline', 'rules', ...remedies] as const

const rows = [
  {
    name: 'fail-on',
    kind: 'value',
    group: verdict,
    help: 'Exit 1 for findings at or above',
    choices: severities,
    otherwise: 'medium',
    commands: [...judges, 'audit', 'merge', ...remedies],
  },
  {
    name: 'strict-coverage',
    kind: 'switch',
    group: verdict,
    help: 'Exit 3 also for skips that limits asked for',
    commands: [...judges, 'merge'],
  },

  {
    name: 'format',
    kind: 'list',
    group: report,
    help: 'Format of the report; repeatable',
    choices: formatNames,
    otherwise: 'text',
    commands: [...reports, 'audit', ...remedies, 'doctor'],
  },
  {
    name: 'output',
    kind: 'list',
    group: report,
    help: 'File for the nth format (- is stdout); import, plan: a folder',
    commands: [...results, 'audit', 'import', 'plan'],
  },
  {
    name: 'show-secrets',
    kind: 'switch',
    group: report,
    help: 'Print secrets whole; on a terminal, outside CI',
    commands: scans,
  },
  {
    name: 'force',
    kind: 'switch',
    group: report,
    help: 'Allow --show-secrets anywhere',
    commands: scans,
  },
  {
    name: 'show-suppressed',
    kind: 'switch',
    group: report,
    help: 'Also list what was ruled out, and why',
    commands: results,
  },
  {
    name: 'all-origins',
    kind: 'switch',
    group: report,
    help: 'List every place of each finding',
    commands: results,
  },
  {
    name: 'color',
    kind: 'value',
    group: report,
    help: 'Colour the report',
    choices: colours,
    otherwise: 'auto',
    commands: [...reports, 'hook', 'audit', 'doctor'],
  },
  {
    name: 'quiet',
    kind: 'switch',
    group: report,
    help: 'Findings only: no summary, no progress',
    commands: results,
  },
  {
    name: 'verbose',
    kind: 'switch',
    group: report,
    help: 'Say on stderr what was read and what was skipped',
    commands: all,
  },

  {
    name: 'rules',
    kind: 'list',
    group: limits,
    help: 'Only these: ids, families or providers, with commas',
    commands: [...reports, 'hook', 'audit'],
  },
  {
    name: 'max-blob-size',
    kind: 'value',
    group: limits,
    help: 'Skip what is larger: bytes, or 10k, 10m, 1g',
    commands: [...judges, 'audit'],
  },
  {
    name: 'deadline',
    kind: 'value',
    group: limits,
    help: 'Stop after so long: seconds, or 30s, 5m, 1h',
    commands: [...judges, 'audit'],
  },
  {
    name: 'jobs',
    kind: 'value',
    group: limits,
    help: 'Files, or threads over packs, read at the same time',
    otherwise: '8',
    commands: [...judges, 'audit'],
  },
  {
    name: 'no-git',
    kind: 'switch',
    group: limits,
    help: 'scan, verify: all files of plain folders, whatever git says',
    commands: ['scan', 'verify'],
  },
  {
    name: 'stdin',
    kind: 'switch',
    group: limits,
    help: 'range: what lines name that git writes to a push hook',
    commands: ['range'],
  },
  {
    name: 'reachable',
    kind: 'switch',
    group: limits,
    help: 'history: only what refs lead to',
    commands: ['history'],
  },
  {
    name: 'since',
    kind: 'value',
    group: limits,
    help: 'history: only commits after a date git understands',
    commands: ['history'],
  },
  {
    name: 'shard',
    kind: 'value',
    group: limits,
    help: 'history: only the i-th of n parts, such as 2/4; see merge',
    commands: ['history'],
  },
  {
    name: 'reader',
    kind: 'value',
    group: limits,
    help: 'history: how objects are read',
    choices: readers,
    otherwise: 'auto',
    commands: ['history', 'audit'],
  },
  {
    name: 'no-cache',
    kind: 'switch',
    group: limits,
    help: 'history: neither use nor keep what a scan of packs found',
    commands: ['history', 'audit'],
  },
  {
    name: 'allow-shallow',
    kind: 'switch',
    group: limits,
    help: 'history: take a shallow clone for complete',
    commands: ['history', 'audit'],
  },

  {
    name: 'verify',
    kind: 'choice',
    group: verification,
    help: 'Ask AWS whether keys still work; yes: without a question',
    choices: consents,
    commands: verifying,
  },
  {
    name: 'verify-accounts',
    kind: 'list',
    group: verification,
    help: 'Only keys of these accounts, with commas',
    commands: [...verifying, 'audit'],
  },
  {
    name: 'verify-canaries',
    kind: 'switch',
    group: verification,
    help: 'Bait of canary services, too: its owner is told',
    commands: [...verifying, 'audit'],
  },
  {
    name: 'with-profile',
    kind: 'value',
    group: verification,
    help: "Ask about key ids with this profile's own rights",
    commands: verifying,
  },
  {
    name: 'sts-endpoint',
    kind: 'value',
    group: verification,
    help: 'An emulator on a loopback address, instead of AWS',
    commands: [...verifying, 'audit'],
  },

  {
    name: 'config',
    kind: 'value',
    group: policy,
    help: 'This file instead of oakum.yaml',
    commands: configured,
  },
  {
    name: 'no-config',
    kind: 'switch',
    group: policy,
    help: 'No configuration, allow entries or baseline',
    commands: [...judges, 'audit', ...remedies],
  },
  {
    name: 'config-from',
    kind: 'value',
    group: policy,
    help: 'Read them as they are in this commit',
    commands: [...judges, 'audit', 'baseline', ...remedies],
  },
  {
    name: 'trust-config',
    kind: 'switch',
    group: policy,
    help: 'Read those of a repository that is given, too',
    commands: [...audited, ...remedies],
  },
  {
    name: 'strict',
    kind: 'switch',
    group: policy,
    help: 'Ignore all that takes away from a scan',
    commands: [...judges, 'audit', ...remedies],
  },

  {
    name: 'reason',
    kind: 'value',
    group: entries,
    help: 'allow: why it may stay',
    commands: ['allow'],
  },
  {
    name: 'expires',
    kind: 'value',
    group: entries,
    help: 'allow: the last day it may, such as 2027-06-30',
    commands: ['allow'],
  },
  {
    name: 'path',
    kind: 'list',
    group: entries,
    help: 'allow: only there, a glob; repeatable',
    commands: ['allow'],
  },
  {
    name: 'ticket',
    kind: 'value',
    group: entries,
    help: 'allow: where it was decided',
    commands: ['allow'],
  },
  {
    name: 'author',
    kind: 'value',
    group: entries,
    help: 'allow, import, audit: who decided it',
    otherwise: "git's user",
    commands: ['allow', 'import', 'audit'],
  },
  {
    name: 'history',
    kind: 'switch',
    group: entries,
    help: 'baseline, verify: what is only in history, too',
    commands: ['baseline', 'verify'],
  },
  {
    name: 'check',
    kind: 'switch',
    group: entries,
    help: 'baseline: exit 1 if it grew since HEAD; scan nothing',
    commands: ['baseline'],
  },

  {
    name: 'plain',
    kind: 'switch',
    group: others,
    help: 'audit: everything as text, without the screen',
    commands: ['audit'],
  },
  {
    name: 'verdict',
    kind: 'switch',
    group: others,
    help: 'audit: only the verdict, for scripts',
    commands: ['audit'],
  },
  {
    name: 'global',
    kind: 'switch',
    group: installing,
    help: 'install, uninstall: for all your repositories',
    commands: ['install', 'uninstall'],
  },
  {
    name: 'hooks',
    kind: 'list',
    group: installing,
    help: 'install: these hooks, with commas',
    otherwise: 'pre-commit,pre-merge-commit,pre-push',
    commands: ['install'],
  },
  {
    name: 'manager',
    kind: 'value',
    group: installing,
    help: 'install: the program that runs hooks here',
    choices: hookManagers,
    otherwise: 'auto',
    commands: ['install'],
  },

  {
    name: 'to',
    kind: 'value',
    group: remedy,
    help: 'rewrite: where the new mirror is to be',
    commands: ['rewrite'],
  },
  {
    name: 'fingerprint',
    kind: 'list',
    group: remedy,
    help: 'Only this credential; repeatable',
    commands: remedies,
  },
  {
    name: 'marked',
    kind: 'switch',
    group: remedy,
    help: 'Only what oakum audit marked',
    commands: remedies,
  },
  {
    name: 'remove-path',
    kind: 'list',
    group: remedy,
    help: 'Also take this file or folder out of all commits',
    commands: remedies,
  },
  {
    name: 'yes',
    kind: 'switch',
    group: remedy,
    help: 'fix: do it without asking',
    commands: ['fix'],
  },

  {
    name: 'dry-run',
    kind: 'switch',
    group: others,
    help: 'import, install, uninstall, fix: write nothing',
    commands: ['import', 'install', 'uninstall', 'fix'],
  },
  { name: 'help', kind: 'switch', group: others, help: 'Show this help', commands: all },
  { name: 'version', kind: 'switch', group: others, help: 'Show the version', commands: all },
] as const satisfies readonly OptionRow[]

export type OptionName = (typeof rows)[number]['name']

/** Every option, in the order of the help. */
export const optionSpecs: readonly (OptionRow & { readonly name: OptionName })[] = rows
