/** The table of options. Parsing, help, shell completion and docs/cli.md all follow it. */
import { hookManagers } from './choices.ts'
import { allCommands, rewriteCommands } from './commands.ts'
import { type OptionSpec, optionGroups } from './option-spec.ts'
import { allowlistOptions, configurationOptions, verificationOptions } from './policy-options.ts'
import { exitCodeOptions, reportOptions, scopeOptions } from './scan-options.ts'

const { hooks, rewrite, other } = optionGroups

const hookOptions = [
  {
    name: 'global',
    kind: 'switch',
    group: hooks,
    help: 'install, uninstall: for all your repositories',
    commands: ['install', 'uninstall'],
  },
  {
    name: 'hooks',
    kind: 'list',
    group: hooks,
    help: 'install: these comma-separated hooks',
    defaultText: 'pre-commit,pre-merge-commit,pre-push',
    commands: ['install'],
  },
  {
    name: 'manager',
    kind: 'value',
    group: hooks,
    help: 'install: the program that manages hooks here',
    choices: hookManagers,
    defaultText: 'auto',
    commands: ['install'],
  },
] as const satisfies readonly OptionSpec[]

const rewriteOptions = [
  {
    name: 'to',
    kind: 'value',
    group: rewrite,
    help: 'rewrite: folder for the new mirror; it must not exist yet',
    commands: ['rewrite'],
  },
  {
    name: 'fingerprint',
    kind: 'list',
    group: rewrite,
    help: 'plan, rewrite: only this credential; repeatable',
    commands: rewriteCommands,
  },
  {
    name: 'marked',
    kind: 'switch',
    group: rewrite,
    help: 'plan, rewrite: only credentials that were marked in oakum audit',
    commands: rewriteCommands,
  },
  {
    name: 'remove-path',
    kind: 'list',
    group: rewrite,
    help: 'plan, rewrite: also remove this file or folder from all commits',
    commands: rewriteCommands,
  },
  {
    name: 'yes',
    kind: 'switch',
    group: rewrite,
    help: 'fix: apply the changes without asking',
    commands: ['fix'],
  },
] as const satisfies readonly OptionSpec[]

const otherOptions = [
  {
    name: 'plain',
    kind: 'switch',
    group: other,
    help: 'audit: print everything as text, without the screen',
    commands: ['audit'],
  },
  {
    name: 'verdict',
    kind: 'switch',
    group: other,
    help: 'audit: print only the verdict, for scripts',
    commands: ['audit'],
  },
  {
    name: 'dry-run',
    kind: 'switch',
    group: other,
    help: 'import, install, uninstall, fix: write nothing',
    commands: ['import', 'install', 'uninstall', 'fix'],
  },
  { name: 'help', kind: 'switch', group: other, help: 'Show this help', commands: allCommands },
  {
    name: 'version',
    kind: 'switch',
    group: other,
    help: 'Show the version',
    commands: allCommands,
  },
] as const satisfies readonly OptionSpec[]

const rows = [
  ...exitCodeOptions,
  ...reportOptions,
  ...scopeOptions,
  ...verificationOptions,
  ...configurationOptions,
  ...allowlistOptions,
  ...hookOptions,
  ...rewriteOptions,
  ...otherOptions,
] as const

export type OptionName = (typeof rows)[number]['name']

/** Every option, in the order of the help. */
export const optionSpecs: readonly (OptionSpec & { readonly name: OptionName })[] = rows
