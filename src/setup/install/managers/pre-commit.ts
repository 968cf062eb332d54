/** The pre-commit framework as a hook manager: Oakum adds hooks to `.pre-commit-config.yaml`. */
import { join } from 'node:path'
import { UsageError } from '../../../model/errors.ts'
import { insertAtEnd, locateValue } from '../../../rules/yaml/yaml-location.ts'
import { formatBlock, withLinesAtEnd, withoutBlocks } from '../block.ts'
import type { HookName } from '../hook-names.ts'
import {
  type HookManager,
  type InstallTarget,
  isFile,
  planBlockRemoval,
  planEdit,
} from './install-target.ts'

/** The pre-commit framework runs the hooks that `.pre-commit-config.yaml` lists. */
export const preCommit: HookManager = {
  name: 'pre-commit',
  findConfig: (target) => [configPath(target)].find(isFile),
  install: (target, hooks) =>
    planEdit(
      configPath(target),
      (text) => withHooks(withoutBlocks(text), hooks, target),
      'added to',
    ),
  remove: (target) => planBlockRemoval(configPath(target)),
  afterInstall: (hooks) =>
    `then: pre-commit install ${hooks.map((hook) => `--hook-type ${hook}`).join(' ')}`,
  afterRemoval: undefined,
}

function configPath({ top }: Pick<InstallTarget, 'top'>): string {
  return join(top, '.pre-commit-config.yaml')
}

function withHooks(text: string, hooks: readonly HookName[], target: InstallTarget): string {
  const repos = locateValue(text, ['repos'])
  const path = configPath(target)
  if (repos !== undefined && 'flaw' in repos) throw new UsageError(`${path}:${repos.flaw}`)
  const lines = [
    '- repo: local',
    '  hooks:',
    ...entryLines(hooks, target.command).map((line) => `    ${line}`),
  ]
  if (repos === undefined)
    return withLinesAtEnd(
      text,
      formatBlock('added', ['repos:', ...lines.map((line) => `  ${line}`)]),
    )
  if (repos.kind !== 'seq' || repos.flow || repos.indent === undefined)
    throw new UsageError(
      `${path}: repos is not a list with one entry per line: write it so, or add Oakum by hand`,
    )
  return insertAtEnd(text, repos, formatBlock('added', lines, repos.indent))
}

/**
 * Returns the hook entries. One entry without stages scans at commits and at merges: versions of the
 * framework know the stages by different names, and every version accepts an entry without them.
 */
function entryLines(hooks: readonly HookName[], command: string): readonly string[] {
  const entry = (id: string, hook: HookName, fields: readonly string[]): readonly string[] => [
    `- id: ${id}`,
    `  name: ${id}`,
    `  entry: ${command} hook ${hook}`,
    '  language: system',
    '  require_serial: true',
    ...fields,
  ]
  const scansStaged = hooks.some((hook) => hook === 'pre-commit' || hook === 'pre-merge-commit')
  return [
    ...(scansStaged ? entry('oakum', 'pre-commit', ['  pass_filenames: false']) : []),
    ...(hooks.includes('pre-push')
      ? entry('oakum-push', 'pre-push', [
          '  pass_filenames: false',
          '  always_run: true',
          '  stages: [push]',
        ])
      : []),
    ...(hooks.includes('commit-msg')
      ? entry('oakum-message', 'commit-msg', ['  stages: [commit-msg]'])
      : []),
  ]
}
