import { join } from 'node:path'
import { UsageError } from '../../../model/errors.ts'
import { placeIn } from '../../../rules/yaml/yaml-place.ts'
import type { FileChange } from '../changes.ts'
import { type HookName, hookNames, hooksReadingStdin } from '../hook-names.ts'
import {
  planEdit,
  guardedCommand,
  isFile,
  type HookManager,
  readManifest,
  type InstallTarget,
} from './install-target.ts'

const programs = [
  '.simple-git-hooks.cjs',
  '.simple-git-hooks.js',
  '.simple-git-hooks.mjs',
  'simple-git-hooks.cjs',
  'simple-git-hooks.js',
  'simple-git-hooks.mjs',
]
const data = ['.simple-git-hooks.json', 'simple-git-hooks.json']

/**
 * simple-git-hooks writes hooks out of `package.json`, or a file of its own, which counts first.
 */
export const simpleGitHooks: HookManager = {
  name: 'simple-git-hooks',
  findConfig: (site) => {
    const own = [...programs, ...data].map((name) => join(site.top, name)).find(isFile)
    return (
      own ??
      (/"simple-git-hooks"\s*:\s*\{/.test(readManifest(site))
        ? join(site.top, 'package.json')
        : undefined)
    )
  },
  install: (site, hooks) =>
    change(
      site,
      (text, place) =>
        hooks.reduce(
          (made, hook) => withCommand(made, hook, { ...place, command: site.command }),
          text,
        ),
      'added to',
    ),
  remove: (site) =>
    change(
      site,
      (text, place) => hookNames.reduce((left, hook) => withoutCommand(left, hook, place), text),
      'as it was, without Oakum',
    ),
  afterInstall: () => 'then: npx simple-git-hooks',
  afterRemoval: 'then: npx simple-git-hooks',
}

/** Where in which file the hooks stand. */
interface Spot {
  readonly path: string
  readonly keys: readonly string[]
}

function change(
  site: InstallTarget,
  edit: (text: string, spot: Spot) => string,
  said: string,
): readonly FileChange[] {
  const path = simpleGitHooks.findConfig(site)
  if (path === undefined) return []
  if (programs.some((name) => path === join(site.top, name))) {
    if (said !== 'added to') return []
    throw new UsageError(
      `${path} is a program, which is not edited: add to its hooks by hand: ${guardedCommand(site.command, 'pre-commit')}`,
    )
  }
  const keys = path === join(site.top, 'package.json') ? ['simple-git-hooks'] : []
  return planEdit(path, (text) => edit(text, { path, keys }), said)
}

function withCommand(
  text: string,
  hook: HookName,
  { path, keys, command }: Spot & { readonly command: string },
): string {
  const clean = withoutCommand(text, hook, { path, keys })
  const hooks = placeOf(clean, keys, path)
  if (hooks?.kind !== 'map')
    throw new UsageError(`${path}: ${keys[0] ?? 'it'} is no object of hooks`)
  const start = guardedCommand(command, hook)
  const there = placeOf(clean, [...keys, hook], path)
  if (there !== undefined) {
    const isPlain =
      there.text !== undefined &&
      JSON.stringify(there.text) === clean.slice(there.start, there.end) &&
      !/[#\n]|&\s*$/.test(there.text)
    if (!isPlain)
      throw new UsageError(`${path}: ${hook} is no single command: add to it by hand: ${start}`)
    const [before, behind] = around(hook, start)
    return `${clean.slice(0, there.start)}${JSON.stringify(before + there.text + behind)}${clean.slice(there.end)}`
  }
  const entry = `${JSON.stringify(hook)}: ${JSON.stringify(start)}`
  const open = hooks.start + 1
  const gap = hooks.isEmpty ? '' : (/^\s*/.exec(clean.slice(open))?.[0] ?? '')
  return `${clean.slice(0, open)}${gap}${entry}${hooks.isEmpty ? '' : ','}${clean.slice(open)}`
}

/**
 * What stands before and behind a command that was there. It goes first, unless both need standard
 * input.
 */
function around(hook: HookName, start: string): readonly [before: string, behind: string] {
  if (!hooksReadingStdin.includes(hook)) return ['', ` && { ${start}; }`]
  return [
    `oakum_input=$(cat; echo .) && printf %s "\${oakum_input%.}" | { ${start}; } && printf %s "\${oakum_input%.}" | { `,
    '; }',
  ]
}

/** Oakum's part of a command ends with this. */
const oakums = String.raw`\[ "\$\{OAKUM_OPTIONAL-\}" = 1 \] && ! command -v \S{1,500} >/dev/null \|\| \S{1,500} hook [a-z-]+ "\$@"`
const behindAnother = new RegExp(String.raw`^(?<own>[^]*) && \{ ${oakums}; \}$`)
const beforeAnother = new RegExp(
  String.raw`^oakum_input=\$\(cat; echo \.\) && [^]*?\{ ${oakums}; \} && printf %s "\$\{oakum_input%\.\}" \| \{ (?<own>[^]*); \}$`,
)
const alone = new RegExp(`^${oakums}$`)

function withoutCommand(text: string, hook: HookName, { path, keys }: Spot): string {
  const there = placeOf(text, [...keys, hook], path)
  if (there?.text === undefined) return text
  const own = (behindAnother.exec(there.text) ?? beforeAnother.exec(there.text))?.groups?.['own']
  if (own !== undefined)
    return `${text.slice(0, there.start)}${JSON.stringify(own)}${text.slice(there.end)}`
  return alone.test(there.text) ? withoutEntry(text, there, hook) : text
}

/** Takes an entry out with its comma, and the space before it. */
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

function placeOf(
  text: string,
  keys: readonly string[],
  path: string,
): Exclude<ReturnType<typeof placeIn>, { readonly flaw: string }> {
  const place = placeIn(text, keys)
  if (place !== undefined && 'flaw' in place) throw new UsageError(`${path}:${place.flaw}`)
  return place
}
