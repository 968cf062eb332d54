/** What Oakum's hooks are: the files of `hooks/`, with what was recorded at install. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type HookName, hooksReadingStdin } from './hook-names.ts'
import type { BlockOrigin } from './block.ts'

/**
 * The hook that goes first: none; the rest of the same file; the file beside it that was there
 * before; the repository's own, of a global hook.
 */
export type EarlierHook = 'none' | 'self' | 'kept' | 'repository'

export interface HookRequest {
  readonly hook: HookName
  readonly origin: BlockOrigin
  /** Folder of Oakum's package. */
  readonly root: string
  /** Empty where others get the hook too: then what is on PATH. */
  readonly node: string
  readonly bin: string
  readonly earlierHook: EarlierHook
}

/** Behind the name of a hook that was kept. */
export const BACKUP_SUFFIX = '.oakum-kept'

const shebang = '#!/bin/sh'

/** Lines of `hooks/<name>` that are filled in. */
const slots = {
  mark: ' made by oakum install;',
  node: 'oakum_node= # recorded by oakum install',
  bin: 'oakum_bin= # recorded by oakum install',
  earlier: ': # a hook that was here before goes first',
} as const

/** The lines of a hook from mark to mark. */
export function hookLines(request: HookRequest): readonly string[] {
  const { hook, root, origin: mark, node, bin, earlierHook: earlier } = request
  const [, first = '', ...others] = readFileSync(join(root, 'hooks', hook), 'utf8')
    .trimEnd()
    .split('\n')
  const last = others.pop() ?? ''
  const filled = others.flatMap((line) => {
    if (line === slots.node) return [`oakum_node=${quote(node)}`]
    if (line === slots.bin) return [`oakum_bin=${quote(bin)}`]
    return line === slots.earlier ? earlierLines(hook, earlier) : [line]
  })
  const body =
    earlier === 'self'
      ? ['if [ "${OAKUM_WITHIN-}" = "$PPID" ]; then', 'unset OAKUM_WITHIN', 'else', ...filled, 'fi']
      : filled
  return [first.replace(slots.mark, ` ${mark} by oakum install;`), ...body, last]
}

/** A file that is nothing but a hook of Oakum's. */
export function hookFile(request: HookRequest): string {
  return `${[shebang, ...hookLines(request)].join('\n')}\n`
}

/** A hook of a global folder at which Oakum does nothing but let the repository's own run. */
export function forwardingHookFile(name: string, root: string): string {
  const frame = readFileSync(join(root, 'hooks', 'pre-commit'), 'utf8')
    .trimEnd()
    .split('\n')
  return `${[shebang, frame[1] ?? '', ...repositoryHook(name), `[ ! -x "$oakum_first" ] || exec "$oakum_first" "$@"`, 'exit 0', frame.at(-1) ?? ''].join('\n')}\n`
}

function earlierLines(hook: HookName, earlier: EarlierHook): readonly string[] {
  switch (earlier) {
    case 'none':
      return []
    case 'self':
      return [
        '# What stands below goes first, in a shell of its own: it may change what is scanned, and end as it likes.',
        ...running(hook, 'OAKUM_WITHIN=$$ "$0" "$@"'),
      ]
    case 'kept':
      return [
        '# The hook that was here goes first.',
        ...running(hook, `[ ! -x "$0${BACKUP_SUFFIX}" ] || "$0${BACKUP_SUFFIX}" "$@"`),
      ]
    case 'repository':
      return [
        ...repositoryHook(hook),
        ...running(hook, '[ ! -x "$oakum_first" ] || "$oakum_first" "$@"'),
      ]
    default:
      return earlier satisfies never
  }
}

/** Standard input can be read once only: it is kept, and given to both. */
function running(hook: HookName, command: string): readonly string[] {
  if (!hooksReadingStdin.includes(hook)) return [`${command} || exit`]
  return [
    'oakum_input=$(cat)',
    'if [ -z "$oakum_input" ]; then',
    `  { ${command}; } </dev/null || exit`,
    '  exec </dev/null',
    'else',
    ...given(`{ ${command}; }`),
    ...given('exec'),
    'fi',
  ]
}

function given(command: string): readonly string[] {
  return [`  ${command} <<OAKUM_INPUT || exit`, '$oakum_input', 'OAKUM_INPUT']
}

/**
 * Git says where the repository is, or it is the folder `.git`; in work trees and submodules it may
 * be elsewhere.
 */
function repositoryHook(name: string): readonly string[] {
  return [
    "# Git runs hooks from this folder only, so the repository's own is run from here.",
    'oakum_dir=${GIT_DIR:-.git}',
    'if [ -f "$oakum_dir/commondir" ]; then',
    '  IFS= read -r oakum_common <"$oakum_dir/commondir"',
    '  case $oakum_common in /*) oakum_dir=$oakum_common ;; *) oakum_dir=$oakum_dir/$oakum_common ;; esac',
    'elif [ ! -d "$oakum_dir" ]; then',
    '  oakum_dir=$(git rev-parse --git-common-dir) || exit',
    'fi',
    `oakum_first=$oakum_dir/hooks/${name}`,
  ]
}

/** One word of a POSIX shell. */
export function quote(text: string): string {
  return text === '' ? '' : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
