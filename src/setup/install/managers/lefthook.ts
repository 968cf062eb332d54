/** Lefthook as a hook manager: Oakum adds a command or job to `lefthook.yml`. */
import { join } from 'node:path'
import { UsageError } from '../../../model/errors.ts'
import { insertAtEnd, locateValue } from '../../../rules/yaml/yaml-location.ts'
import { formatBlock, withLinesAtEnd, withoutBlocks } from '../block.ts'
import type { HookName } from '../hook-names.ts'
import { type HookManager, isFile, planBlockRemoval, planEdit } from './install-target.ts'

const yamlNames = [
  'lefthook.yml',
  'lefthook.yaml',
  '.lefthook.yml',
  '.lefthook.yaml',
  '.config/lefthook.yml',
  '.config/lefthook.yaml',
]
/** Configuration files in formats that Oakum does not edit. */
const otherNames = [
  'lefthook.toml',
  'lefthook.json',
  'lefthook.jsonc',
  '.lefthook.toml',
  '.lefthook.json',
  '.lefthook.jsonc',
  '.config/lefthook.toml',
  '.config/lefthook.json',
  '.config/lefthook.jsonc',
]

/** Lefthook's hooks run the commands or jobs that `lefthook.yml` lists under the hook's name. */
export const lefthook: HookManager = {
  name: 'lefthook',
  findConfig: (target) =>
    [...yamlNames, ...otherNames].map((name) => join(target.top, name)).find(isFile),
  install: (target, hooks) => {
    const path = lefthook.findConfig(target) ?? join(target.top, 'lefthook.yml')
    if (!/\.ya?ml$/.test(path))
      throw new UsageError(
        `${path} is not YAML: for each of ${hooks.join(', ')}, add a command by hand that runs: ` +
          runLine('pre-commit', target.command),
      )
    // Existing blocks go first, so that a hook that is no longer requested loses its lines.
    return planEdit(
      path,
      (text) =>
        hooks.reduce(
          (result, hook) => withCommand(result, hook, { path, command: target.command }),
          withoutBlocks(text),
        ),
      'added to',
    )
  },
  remove: (target) => yamlNames.flatMap((name) => planBlockRemoval(join(target.top, name))),
  afterInstall: () => 'then: lefthook install',
  afterRemoval: 'then: lefthook uninstall && lefthook install, so that no unused hook remains',
}

/**
 * Returns the command line of a hook. The quotes are needed: lefthook inserts git's arguments into
 * the command as they are, and a remote's address may contain characters special to a shell.
 */
function runLine(hook: HookName, command: string): string {
  const args = hook === 'pre-push' ? " '{1}' '{2}'" : hook === 'commit-msg' ? " '{1}'" : ''
  return `${command} hook ${hook}${args}`
}

/** Adds Oakum to the hook's jobs or commands, or adds the missing sections with it. */
function withCommand(
  text: string,
  hook: HookName,
  { path, command }: { readonly path: string; readonly command: string },
): string {
  const fields = [
    `run: ${runLine(hook, command)}`,
    ...(hook === 'pre-push' ? ['use_stdin: true'] : []),
  ]
  const asCommand = ['oakum:', ...fields.map((field) => `  ${field}`)]
  const asJob = ['- name: oakum', ...fields.map((field) => `  ${field}`)]

  const hookSection = findSection(text, [hook], path)
  if (hookSection === undefined)
    return withLinesAtEnd(
      text,
      formatBlock('added', [`${hook}:`, '  commands:', ...asCommand.map((line) => `    ${line}`)]),
    )
  for (const [list, lines] of [
    ['commands', asCommand],
    ['jobs', asJob],
  ] as const) {
    const section = findSection(text, [hook, list], path)
    if (section !== undefined)
      return insertAtEnd(text, section, formatBlock('added', lines, section.indent))
  }
  const lines = ['commands:', ...asCommand.map((line) => `  ${line}`)]
  return insertAtEnd(text, hookSection, formatBlock('added', lines, hookSection.indent))
}

/** Returns a mapping or list to which lines can be added; undefined where there is none. */
function findSection(
  text: string,
  names: readonly string[],
  path: string,
): { readonly end: number; readonly indent: string } | undefined {
  const section = locateValue(text, names)
  if (section === undefined) return undefined
  if ('flaw' in section) throw new UsageError(`${path}:${section.flaw}`)
  if (section.flow || section.kind === 'scalar' || section.indent === undefined) {
    throw new UsageError(
      `${path}: ${names.join('.')} is written in a form that lines cannot be added to: ` +
        'write it with one entry per line, or add Oakum by hand',
    )
  }
  return { end: section.end, indent: section.indent }
}
