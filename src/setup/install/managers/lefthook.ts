import { join } from 'node:path'
import { UsageError } from '../../../model/errors.ts'
import { insertAtEnd, placeIn } from '../../../rules/yaml/yaml-place.ts'
import { formatBlock, withLinesAtEnd, withoutBlocks } from '../block.ts'
import type { HookName } from '../hook-names.ts'
import { planEdit, isFile, type HookManager, planBlockRemoval } from './install-target.ts'

const yamlNames = [
  'lefthook.yml',
  'lefthook.yaml',
  '.lefthook.yml',
  '.lefthook.yaml',
  '.config/lefthook.yml',
  '.config/lefthook.yaml',
]
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

/** Lefthook's hooks ask `lefthook.yml` for commands or jobs. */
export const lefthook: HookManager = {
  name: 'lefthook',
  findConfig: (site) =>
    [...yamlNames, ...otherNames].map((name) => join(site.top, name)).find(isFile),
  install: (site, hooks) => {
    const path = lefthook.findConfig(site) ?? join(site.top, 'lefthook.yml')
    if (!/\.ya?ml$/.test(path))
      throw new UsageError(
        `${path} is no YAML: add a command by hand, for each of ${hooks.join(', ')}, that runs: ${runOf('pre-commit', site.command)}`,
      )
    // From the start, so that lines of a hook that is not asked for any more go too.
    return planEdit(
      path,
      (text) =>
        hooks.reduce(
          (made, hook) => withCommand(made, hook, { path, command: site.command }),
          withoutBlocks(text),
        ),
      'added to',
    )
  },
  remove: (site) => yamlNames.flatMap((name) => planBlockRemoval(join(site.top, name))),
  afterInstall: () => 'then: lefthook install',
  afterRemoval:
    'then: lefthook uninstall, and lefthook install, so that no hook stays for which it has no command',
}

/**
 * Lefthook puts what git gives the hook into the command as it is, and an address may hold what
 * acts in a shell.
 */
function runOf(hook: HookName, command: string): string {
  const given = hook === 'pre-push' ? " '{1}' '{2}'" : hook === 'commit-msg' ? " '{1}'" : ''
  return `${command} hook ${hook}${given}`
}

function withCommand(
  text: string,
  hook: HookName,
  { path, command }: { readonly path: string; readonly command: string },
): string {
  const fields = [
    `run: ${runOf(hook, command)}`,
    ...(hook === 'pre-push' ? ['use_stdin: true'] : []),
  ]
  const asMap = ['oakum:', ...fields.map((field) => `  ${field}`)]
  const asJob = ['- name: oakum', ...fields.map((field) => `  ${field}`)]
  const place = (...names: readonly string[]): ReturnType<typeof blockPlace> =>
    blockPlace(text, [hook, ...names], path)

  const whole = place()
  if (whole === undefined)
    return withLinesAtEnd(
      text,
      formatBlock('added', [`${hook}:`, '  commands:', ...asMap.map((line) => `    ${line}`)]),
    )
  for (const [list, lines] of [
    ['commands', asMap],
    ['jobs', asJob],
  ] as const) {
    const there = place(list)
    if (there !== undefined)
      return insertAtEnd(text, there, formatBlock('added', lines, there.indent))
  }
  return insertAtEnd(
    text,
    whole,
    formatBlock('added', ['commands:', ...asMap.map((line) => `  ${line}`)], whole.indent),
  )
}

/** A mapping or list to which lines can be added; undefined where there is none. */
function blockPlace(
  text: string,
  names: readonly string[],
  path: string,
): { readonly end: number; readonly indent: string } | undefined {
  const place = placeIn(text, names)
  if (place === undefined) return undefined
  if ('flaw' in place) throw new UsageError(`${path}:${place.flaw}`)
  if (place.flow || place.kind === 'scalar' || place.indent === undefined) {
    throw new UsageError(
      `${path}: ${names.join('.')} is written in a form that lines cannot be added to: write it with one entry a line, or add Oakum by hand`,
    )
  }
  return { end: place.end, indent: place.indent }
}
