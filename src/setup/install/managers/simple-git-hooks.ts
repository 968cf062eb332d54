/** simple-git-hooks as a hook manager: Oakum adds to the commands in its JSON configuration. */
import { join } from 'node:path'
import { UsageError } from '../../../model/errors.ts'
import { locateValue } from '../../../rules/yaml/yaml-location.ts'
import type { FileChange } from '../changes.ts'
import { type HookName, hookNames, hooksReadingStdin } from '../hook-names.ts'
import {
  guardedCommand,
  type HookManager,
  type InstallTarget,
  isFile,
  planEdit,
  readManifest,
} from './install-target.ts'

/** Configuration files that are programs, which Oakum does not edit. */
const programNames = [
  '.simple-git-hooks.cjs',
  '.simple-git-hooks.js',
  '.simple-git-hooks.mjs',
  'simple-git-hooks.cjs',
  'simple-git-hooks.js',
  'simple-git-hooks.mjs',
]
const jsonNames = ['.simple-git-hooks.json', 'simple-git-hooks.json']

/**
 * simple-git-hooks writes git hooks from the commands in a file of its own, which takes precedence,
 * or in `package.json`.
 */
export const simpleGitHooks: HookManager = {
  name: 'simple-git-hooks',
  findConfig: (target) => {
    const ownFile = [...programNames, ...jsonNames]
      .map((name) => join(target.top, name))
      .find(isFile)
    if (ownFile !== undefined) return ownFile
    const isInManifest = /"simple-git-hooks"\s*:\s*\{/.test(readManifest(target))
    return isInManifest ? join(target.top, 'package.json') : undefined
  },
  install: (target, hooks) => {
    const section = findSection(target)
    if (section === undefined) return []
    const { path } = section
    if (isProgram(target, path))
      throw new UsageError(
        `${path} is a program, which is not edited: add to its hooks by hand: ` +
          guardedCommand(target.command, 'pre-commit'),
      )
    return planEdit(
      path,
      (text) =>
        hooks.reduce(
          (result, hook) => withCommand(result, hook, { ...section, command: target.command }),
          text,
        ),
      'added to',
    )
  },
  remove: (target) => {
    const section = findSection(target)
    if (section === undefined || isProgram(target, section.path)) return []
    return planRemoval(section)
  },
  afterInstall: () => 'then: npx simple-git-hooks',
  afterRemoval: 'then: npx simple-git-hooks',
}

/** The object of commands by hook: the whole file, or a member of `package.json`. */
interface HooksSection {
  readonly path: string
  /** Keys that lead to the object. */
  readonly keys: readonly string[]
}

function findSection(target: InstallTarget): HooksSection | undefined {
  const path = simpleGitHooks.findConfig(target)
  if (path === undefined) return undefined
  return { path, keys: path === join(target.top, 'package.json') ? ['simple-git-hooks'] : [] }
}

function isProgram(target: InstallTarget, path: string): boolean {
  return programNames.some((name) => path === join(target.top, name))
}

function planRemoval(section: HooksSection): readonly FileChange[] {
  return planEdit(
    section.path,
    (text) => hookNames.reduce((result, hook) => withoutCommand(result, hook, section), text),
    'restored, without Oakum',
  )
}

function withCommand(
  text: string,
  hook: HookName,
  { path, keys, command }: HooksSection & { readonly command: string },
): string {
  const clean = withoutCommand(text, hook, { path, keys })
  const hooks = findPosition(clean, keys, path)
  if (hooks?.kind !== 'map')
    throw new UsageError(`${path}: ${keys[0] ?? 'it'} is not an object of hooks`)
  const start = guardedCommand(command, hook)
  const existing = findPosition(clean, [...keys, hook], path)
  if (existing !== undefined) {
    const isSingleCommand =
      existing.text !== undefined &&
      JSON.stringify(existing.text) === clean.slice(existing.start, existing.end) &&
      !/[#\n]|&\s*$/.test(existing.text)
    if (!isSingleCommand)
      throw new UsageError(`${path}: ${hook} is no single command: add to it by hand: ${start}`)
    const [before, after] = surroundings(hook, start)
    const combined = JSON.stringify(before + existing.text + after)
    return `${clean.slice(0, existing.start)}${combined}${clean.slice(existing.end)}`
  }
  const entry = `${JSON.stringify(hook)}: ${JSON.stringify(start)}`
  const at = hooks.start + 1
  const gap = hooks.isEmpty ? '' : (/^\s*/.exec(clean.slice(at))?.[0] ?? '')
  return `${clean.slice(0, at)}${gap}${entry}${hooks.isEmpty ? '' : ','}${clean.slice(at)}`
}

/**
 * Returns the text before and after an existing command. The command runs first, except at hooks
 * where both read standard input: there Oakum runs first.
 */
function surroundings(hook: HookName, start: string): readonly [before: string, after: string] {
  if (!hooksReadingStdin.includes(hook)) return ['', ` && { ${start}; }`]
  const input = 'printf %s "${oakum_input%.}"'
  return [`oakum_input=$(cat; echo .) && ${input} | { ${start}; } && ${input} | { `, '; }']
}

/** Matches the text that `guardedCommand` returns. */
const oakumCommand =
  String.raw`\[ "\$\{OAKUM_OPTIONAL-\}" = 1 \] && ! command -v \S{1,500} >/dev/null \|\| ` +
  String.raw`\S{1,500} hook [a-z-]+ "\$@"`
const afterExisting = new RegExp(String.raw`^(?<existing>[^]*) && \{ ${oakumCommand}; \}$`)
const beforeExisting = new RegExp(
  String.raw`^oakum_input=\$\(cat; echo \.\) && [^]*?\{ ${oakumCommand}; \} && ` +
    String.raw`printf %s "\$\{oakum_input%\.\}" \| \{ (?<existing>[^]*); \}$`,
)
const withoutExisting = new RegExp(`^${oakumCommand}$`)

/** Removes Oakum from the command of a hook, and the whole entry when nothing else is in it. */
function withoutCommand(text: string, hook: HookName, { path, keys }: HooksSection): string {
  const entry = findPosition(text, [...keys, hook], path)
  if (entry?.text === undefined) return text
  const match = afterExisting.exec(entry.text) ?? beforeExisting.exec(entry.text)
  const existing = match?.groups?.['existing']
  if (existing !== undefined)
    return `${text.slice(0, entry.start)}${JSON.stringify(existing)}${text.slice(entry.end)}`
  return withoutExisting.test(entry.text) ? withoutEntry(text, entry, hook) : text
}

/** Removes an entry with its comma and the white space before it. */
function withoutEntry(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  hook: HookName,
): string {
  const head = text.slice(0, start).replace(new RegExp(`\\s*${JSON.stringify(hook)}\\s*:\\s*$`), '')
  const tail = text.slice(end)
  if (/^\s*,/.test(tail)) return head + tail.replace(/^\s*,/, '')
  return head.replace(/,\s*$/, '') + tail
}

/** Returns the position of a value in the JSON text; JSON is read as YAML, which includes it. */
function findPosition(
  text: string,
  keys: readonly string[],
  path: string,
): Exclude<ReturnType<typeof locateValue>, { readonly flaw: string }> {
  const position = locateValue(text, keys)
  if (position !== undefined && 'flaw' in position) throw new UsageError(`${path}:${position.flaw}`)
  return position
}
