import { join } from 'node:path'
import { UsageError } from '../../../model/errors.ts'
import { insertAtEnd, placeIn } from '../../../rules/yaml/yaml-place.ts'
import { formatBlock, withLinesAtEnd, withoutBlocks } from '../block.ts'
import type { HookName } from '../hook-names.ts'
import {
  planEdit,
  isFile,
  type HookManager,
  type InstallTarget,
  planBlockRemoval,
} from './install-target.ts'

/** The pre-commit framework runs what `.pre-commit-config.yaml` lists. */
export const preCommit: HookManager = {
  name: 'pre-commit',
  findConfig: (site) => [configOf(site)].find(isFile),
  install: (site, hooks) =>
    planEdit(configOf(site), (text) => withHooks(withoutBlocks(text), hooks, site), 'added to'),
  remove: (site) => planBlockRemoval(configOf(site)),
  afterInstall: (hooks) =>
    `then: pre-commit install ${hooks.map((hook) => `--hook-type ${hook}`).join(' ')}`,
  afterRemoval: undefined,
}

function configOf({ top }: Pick<InstallTarget, 'top'>): string {
  return join(top, '.pre-commit-config.yaml')
}

function withHooks(text: string, hooks: readonly HookName[], site: InstallTarget): string {
  const repos = placeIn(text, ['repos'])
  const path = configOf(site)
  if (repos !== undefined && 'flaw' in repos) throw new UsageError(`${path}:${repos.flaw}`)
  const lines = [
    '- repo: local',
    '  hooks:',
    ...entriesOf(hooks, site.command).map((line) => `    ${line}`),
  ]
  if (repos === undefined)
    return withLinesAtEnd(
      text,
      formatBlock('added', ['repos:', ...lines.map((line) => `  ${line}`)]),
    )
  if (repos.kind !== 'seq' || repos.flow || repos.indent === undefined)
    throw new UsageError(
      `${path}: repos is no list with one entry a line: write it so, or add Oakum by hand`,
    )
  return insertAtEnd(text, repos, formatBlock('added', lines, repos.indent))
}

/**
 * What is staged is scanned at commits and at merges: one hook without stages does, in every
 * version of the framework.
 */
function entriesOf(hooks: readonly HookName[], command: string): readonly string[] {
  const entry = (id: string, hook: HookName, more: readonly string[]): readonly string[] => [
    `- id: ${id}`,
    `  name: ${id}`,
    `  entry: ${command} hook ${hook}`,
    '  language: system',
    '  require_serial: true',
    ...more,
  ]
  const staged = hooks.some((hook) => hook === 'pre-commit' || hook === 'pre-merge-commit')
  return [
    ...(staged ? entry('oakum', 'pre-commit', ['  pass_filenames: false']) : []),
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
