/** The table of commands. Parsing, help, shell completion and docs/cli.md all follow it. */

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

/** One command of the table. */
export interface CommandSpec {
  readonly name: CommandName
  /** Arguments after the name: `<a>` is required, `[a]` is optional, `[a..]` may repeat. */
  readonly positionals: string
  /** Argument lists that the help shows instead of `positionals`, one a line. */
  readonly usages?: readonly string[]
  /** Completes the error "NAME needs …" for a missing first argument, instead of `<a>`. */
  readonly required?: string
  readonly help: string
}

export const commandSpecs: readonly CommandSpec[] = [
  {
    name: 'scan',
    positionals: '[path..]',
    help: 'Scan the files git would commit, including untracked ones',
  },
  { name: 'staged', positionals: '', help: 'Scan what the next commit would add' },
  { name: 'range', positionals: '[base..head]', help: 'Scan what the commits of base..head add' },
  { name: 'history', positionals: '[repo]', help: 'Scan every object of a repository' },
  { name: 'stdin', positionals: '', help: 'Scan the bytes of standard input' },
  {
    name: 'audit',
    positionals: '[repo]',
    help: 'Review all secrets of a repository and decide whether it is safe to publish',
  },
  {
    name: 'verify',
    positionals: '[report]',
    help: 'Scan, or read a report, and check with AWS whether the keys still work',
  },
  {
    name: 'hook',
    positionals: '<hook> [arg..]',
    help: 'Run as a git hook: pre-commit, pre-merge-commit, commit-msg, pre-push, pre-receive',
  },
  {
    name: 'allow',
    positionals: '<word> [fingerprint]',
    usages: ['<fingerprint> --reason <text>', 'list', 'stale', 'remove <fingerprint>'],
    required: 'a fingerprint, or list, stale, remove',
    help: 'Allow a secret; list, check or remove allowed ones',
  },
  {
    name: 'baseline',
    positionals: '',
    help: 'Accept all current findings for now; later runs remove what was fixed',
  },
  {
    name: 'rules',
    positionals: '<action> [what..]',
    usages: ['list', 'show <id>', 'check [file..]', 'explain <file>'],
    required: 'an action: list, show ID, check [FILE..] or explain FILE',
    help: 'List rules, show one, check your own, or explain the candidates of a file',
  },
  {
    name: 'import',
    positionals: '<tool> [file..]',
    help: 'Convert rules and allowed secrets of another scanner',
  },
  {
    name: 'merge',
    positionals: '<report..>',
    help: 'Merge the JSON reports of all shards of a history',
  },
  {
    name: 'install',
    positionals: '',
    help: 'Install git hooks that run Oakum at commits, merges and pushes',
  },
  { name: 'uninstall', positionals: '', help: 'Remove everything that install added' },
  {
    name: 'doctor',
    positionals: '',
    help: 'Show which hooks run at commits and pushes, and report problems',
  },
  {
    name: 'fix',
    positionals: '[path..]',
    help: 'Keep env files out of git: ignore them, untrack them, write templates',
  },
  {
    name: 'plan',
    positionals: '[repo]',
    help: 'List what to rotate and what to rewrite, in order',
  },
  {
    name: 'rewrite',
    positionals: '[repo]',
    help: 'Create a mirror without the secrets, and prove it',
  },
  {
    name: 'completion',
    positionals: '[shell]',
    help: 'Print the completion script for bash, zsh or fish',
  },
]

/** Commands that scan and write a report. */
export const scanCommands = [
  'scan',
  'staged',
  'range',
  'history',
  'stdin',
  'verify',
] as const satisfies readonly CommandName[]

export type ScanCommand = (typeof scanCommands)[number]

/** Scan commands that may ask a provider about credentials. No git hook runs these. */
export const verifyingCommands = [
  'scan',
  'range',
  'history',
  'stdin',
  'verify',
] as const satisfies readonly CommandName[]

/** Commands whose exit code depends on findings of a scan. */
export const blockingCommands = [...scanCommands, 'hook'] as const

/** Scan commands, and `audit`, which shares their options. */
export const scanAndAuditCommands = [...scanCommands, 'audit'] as const

/** Commands that write reports of findings. */
export const findingReportCommands = [...scanCommands, 'merge'] as const

/** Commands that write a report of findings or of rules. */
export const reportCommands = [...findingReportCommands, 'rules'] as const

/** Commands that remove secrets from history. */
export const rewriteCommands = ['plan', 'rewrite'] as const

/** Commands that read `oakum.yaml`. */
export const configuredCommands = [
  ...scanAndAuditCommands,
  'hook',
  'allow',
  'baseline',
  'rules',
  ...rewriteCommands,
] as const

export const allCommands = commandSpecs.map(({ name }) => name)
