/** Options about verification, configuration, the allowlist and the baseline. */
import { consentChoices } from './choices.ts'
import {
  blockingCommands,
  configuredCommands,
  rewriteCommands,
  scanAndAuditCommands,
  verifyingCommands,
} from './commands.ts'
import { type OptionSpec, optionGroups } from './option-spec.ts'

const { verification, configuration, allowlist } = optionGroups

export const verificationOptions = [
  {
    name: 'verify',
    kind: 'choice',
    group: verification,
    help: 'Check with AWS whether keys still work; yes: without asking first',
    choices: consentChoices,
    commands: verifyingCommands,
  },
  {
    name: 'verify-accounts',
    kind: 'list',
    group: verification,
    help: 'Verify only keys of these comma-separated AWS accounts',
    commands: [...verifyingCommands, 'audit'],
  },
  {
    name: 'verify-canaries',
    kind: 'switch',
    group: verification,
    help: 'Also verify canary tokens (their owner is alerted)',
    commands: [...verifyingCommands, 'audit'],
  },
  {
    name: 'with-profile',
    kind: 'value',
    group: verification,
    help: 'Look up key ids with this AWS profile, without using the keys',
    commands: verifyingCommands,
  },
  {
    name: 'sts-endpoint',
    kind: 'value',
    group: verification,
    help: 'Verify against an emulator on a loopback address instead of AWS',
    commands: [...verifyingCommands, 'audit'],
  },
] as const satisfies readonly OptionSpec[]

export const configurationOptions = [
  {
    name: 'config',
    kind: 'value',
    group: configuration,
    help: 'Read this file instead of oakum.yaml',
    commands: configuredCommands,
  },
  {
    name: 'no-config',
    kind: 'switch',
    group: configuration,
    help: 'Read no configuration, allow entries or baseline',
    commands: [...blockingCommands, 'audit', ...rewriteCommands],
  },
  {
    name: 'config-from',
    kind: 'value',
    group: configuration,
    help: 'Read configuration, allow entries and baseline from this commit',
    commands: [...blockingCommands, 'audit', 'baseline', ...rewriteCommands],
  },
  {
    name: 'trust-config',
    kind: 'switch',
    group: configuration,
    help: 'Also read those files of a repository given as an argument',
    commands: [...scanAndAuditCommands, ...rewriteCommands],
  },
  {
    name: 'strict',
    kind: 'switch',
    group: configuration,
    help: 'Ignore all suppressions',
    commands: [...blockingCommands, 'audit', ...rewriteCommands],
  },
] as const satisfies readonly OptionSpec[]

export const allowlistOptions = [
  {
    name: 'reason',
    kind: 'value',
    group: allowlist,
    help: 'allow: why the secret may stay',
    commands: ['allow'],
  },
  {
    name: 'expires',
    kind: 'value',
    group: allowlist,
    help: 'allow: the last day it may stay, such as 2027-06-30',
    commands: ['allow'],
  },
  {
    name: 'path',
    kind: 'list',
    group: allowlist,
    help: 'allow: only in files that match this glob; repeatable',
    commands: ['allow'],
  },
  {
    name: 'ticket',
    kind: 'value',
    group: allowlist,
    help: 'allow: where the decision is recorded',
    commands: ['allow'],
  },
  {
    name: 'author',
    kind: 'value',
    group: allowlist,
    help: 'allow, import, audit: who made the decision',
    defaultText: "git's user",
    commands: ['allow', 'import', 'audit'],
  },
  {
    name: 'history',
    kind: 'switch',
    group: allowlist,
    help: 'baseline, verify: include secrets that are only in history',
    commands: ['baseline', 'verify'],
  },
  {
    name: 'check',
    kind: 'switch',
    group: allowlist,
    help: 'baseline: exit 1 if it grew since HEAD; scan nothing',
    commands: ['baseline'],
  },
] as const satisfies readonly OptionSpec[]
