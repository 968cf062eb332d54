/** Options of scans: exit code, report, scope and limits. */
import { severities } from '../../model/rule.ts'
import { formatNames } from '../../report/report-formats.ts'
import { colours, planFormats, readers, textFormats, verdictFormats } from './choices.ts'
import {
  allCommands,
  blockingCommands,
  findingReportCommands,
  reportCommands,
  rewriteCommands,
  scanCommands,
} from './commands.ts'
import { type OptionSpec, optionGroups } from './option-spec.ts'

const { exitCode, report, scope } = optionGroups

export const exitCodeOptions = [
  {
    name: 'fail-on',
    kind: 'value',
    group: exitCode,
    help: 'Exit 1 for findings of this severity or above',
    choices: severities,
    defaultText: 'medium',
    commands: [...blockingCommands, 'audit', 'merge', ...rewriteCommands],
  },
  {
    name: 'strict-coverage',
    kind: 'switch',
    group: exitCode,
    help: 'Exit 3 also when a limit caused something to be skipped',
    commands: [...blockingCommands, 'merge'],
  },
] as const satisfies readonly OptionSpec[]

export const reportOptions = [
  {
    name: 'format',
    kind: 'list',
    group: report,
    help: 'Format of the report; repeatable',
    choices: formatNames,
    choicesFor: {
      audit: verdictFormats,
      plan: planFormats,
      rewrite: textFormats,
      rules: textFormats,
      doctor: textFormats,
    },
    defaultText: 'text',
    commands: [...reportCommands, 'audit', ...rewriteCommands, 'doctor'],
  },
  {
    name: 'output',
    kind: 'list',
    group: report,
    help: 'File for the nth format (- is stdout); import, plan: a folder',
    commands: [...findingReportCommands, 'audit', 'import', 'plan'],
  },
  {
    name: 'show-secrets',
    kind: 'switch',
    group: report,
    help: 'Print whole secrets; only on a terminal and outside CI',
    commands: scanCommands,
  },
  {
    name: 'force',
    kind: 'switch',
    group: report,
    help: 'Allow --show-secrets without a terminal and in CI',
    commands: scanCommands,
  },
  {
    name: 'show-suppressed',
    kind: 'switch',
    group: report,
    help: 'Also list suppressed candidates, and why each is suppressed',
    commands: findingReportCommands,
  },
  {
    name: 'all-origins',
    kind: 'switch',
    group: report,
    help: 'List every place of each finding',
    commands: findingReportCommands,
  },
  {
    name: 'color',
    kind: 'value',
    group: report,
    help: 'Colour the report',
    choices: colours,
    defaultText: 'auto',
    commands: [...reportCommands, 'hook', 'audit', 'doctor'],
  },
  {
    name: 'quiet',
    kind: 'switch',
    group: report,
    help: 'Print findings only: no summary, no progress',
    commands: findingReportCommands,
  },
  {
    name: 'verbose',
    kind: 'switch',
    group: report,
    help: 'List on stderr what was read and what was skipped',
    commands: allCommands,
  },
] as const satisfies readonly OptionSpec[]

export const scopeOptions = [
  {
    name: 'rules',
    kind: 'list',
    group: scope,
    help: 'Use only these rules: comma-separated ids, families or providers',
    commands: [...reportCommands, 'hook', 'audit'],
  },
  {
    name: 'max-blob-size',
    kind: 'value',
    group: scope,
    help: 'Skip larger files: bytes, or 10k, 10m, 1g',
    commands: [...blockingCommands, 'audit'],
  },
  {
    name: 'deadline',
    kind: 'value',
    group: scope,
    help: 'Stop after this time: seconds, or 30s, 5m, 1h',
    commands: [...blockingCommands, 'audit'],
  },
  {
    name: 'jobs',
    kind: 'value',
    group: scope,
    help: 'Number of files, or threads over packs, read in parallel',
    defaultText: '8',
    commands: [...blockingCommands, 'audit'],
  },
  {
    name: 'no-git',
    kind: 'switch',
    group: scope,
    help: 'scan, verify: read all files of plain folders, without git',
    commands: ['scan', 'verify'],
  },
  {
    name: 'as',
    kind: 'value',
    group: scope,
    help: 'stdin: path of the file whose bytes these are, such as .env',
    commands: ['stdin'],
  },
  {
    name: 'stdin',
    kind: 'switch',
    group: scope,
    help: 'range: read ref updates from stdin, as git passes them to pre-push',
    commands: ['range'],
  },
  {
    name: 'reachable',
    kind: 'switch',
    group: scope,
    help: 'history: scan only objects that are reachable from refs',
    commands: ['history'],
  },
  {
    name: 'since',
    kind: 'value',
    group: scope,
    help: 'history: scan only commits after this date, in any form git accepts',
    commands: ['history'],
  },
  {
    name: 'shard',
    kind: 'value',
    group: scope,
    help: 'history: scan only part i of n, such as 2/4; see merge',
    commands: ['history'],
  },
  {
    name: 'reader',
    kind: 'value',
    group: scope,
    help: 'history, audit: how objects are read',
    choices: readers,
    defaultText: 'auto',
    commands: ['history', 'audit'],
  },
  {
    name: 'no-cache',
    kind: 'switch',
    group: scope,
    help: 'history, audit: neither use nor write the scan cache',
    commands: ['history', 'audit'],
  },
  {
    name: 'allow-shallow',
    kind: 'switch',
    group: scope,
    help: 'history, audit: treat a shallow clone as complete',
    commands: ['history', 'audit'],
  },
  {
    name: 'verify-objects',
    kind: 'switch',
    group: scope,
    help: 'history: verify the id of every object',
    commands: ['history'],
  },
] as const satisfies readonly OptionSpec[]
