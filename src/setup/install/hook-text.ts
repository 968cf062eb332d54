/** Generates hook files from the templates in `hooks/` and the paths recorded at installation. */
import { join } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import type { BlockOrigin } from './block.ts'
import { type HookName, hooksReadingStdin } from './hook-names.ts'

/**
 * The hook that runs before Oakum: none, the rest of the same file, the backup of the previous hook
 * beside it, or (in a global hook) the hook of the repository.
 */
export type EarlierHook = 'none' | 'same-file' | 'backup' | 'repository'

export interface HookRequest {
  readonly hook: HookName
  readonly origin: BlockOrigin
  /** Folder of Oakum's package. */
  readonly root: string
  /** Path of node; empty in a hook that others use too, which takes the node on PATH. */
  readonly node: string
  /** Path of Oakum's program; empty in a hook that others use too, like `node`. */
  readonly bin: string
  readonly earlierHook: EarlierHook
}

/** Suffix of the file name under which a previous hook is kept. */
export const BACKUP_SUFFIX = '.oakum-kept'

const shebang = '#!/bin/sh'

/** Text of `hooks/<name>` that is replaced. */
const placeholders = {
  origin: ' made by oakum install;',
  node: 'oakum_node= # recorded by oakum install',
  bin: 'oakum_bin= # recorded by oakum install',
  earlierHook: ': # an earlier hook runs here',
} as const

/** Returns the lines of a hook, from its begin mark to its end mark. */
export function hookLines(request: HookRequest): readonly string[] {
  const { hook, root, origin, node, bin, earlierHook } = request
  const [, first = '', ...others] = readRegularFile(join(root, 'hooks', hook))
    .toString('utf8')
    .trimEnd()
    .split('\n')
  const last = others.pop() ?? ''
  const filled = others.flatMap((line) => {
    if (line === placeholders.node) return [`oakum_node=${quote(node)}`]
    if (line === placeholders.bin) return [`oakum_bin=${quote(bin)}`]
    return line === placeholders.earlierHook ? earlierHookLines(hook, earlierHook) : [line]
  })
  const body =
    earlierHook === 'same-file'
      ? ['if [ "${OAKUM_WITHIN-}" = "$PPID" ]; then', 'unset OAKUM_WITHIN', 'else', ...filled, 'fi']
      : filled
  return [first.replace(placeholders.origin, ` ${origin} by oakum install;`), ...body, last]
}

/** Returns the text of a file that contains only Oakum's hook. */
export function hookFile(request: HookRequest): string {
  return `${[shebang, ...hookLines(request)].join('\n')}\n`
}

/** Returns the text of a global hook at which Oakum only runs the repository's hook. */
export function forwardingHookFile(name: string, root: string): string {
  const template = readRegularFile(join(root, 'hooks', 'pre-commit'))
    .toString('utf8')
    .trimEnd()
    .split('\n')
  const lines = [
    shebang,
    template[1] ?? '',
    ...repositoryHookLines(name),
    `[ ! -x "$oakum_first" ] || exec "$oakum_first" "$@"`,
    'exit 0',
    template.at(-1) ?? '',
  ]
  return `${lines.join('\n')}\n`
}

function earlierHookLines(hook: HookName, earlierHook: EarlierHook): readonly string[] {
  switch (earlierHook) {
    case 'none':
      return []
    case 'same-file':
      return [
        '# The rest of this file runs first, in its own shell: it may change the commit, and may exit.',
        ...runLines(hook, 'OAKUM_WITHIN=$$ "$0" "$@"'),
      ]
    case 'backup':
      return [
        '# The previous hook runs first.',
        ...runLines(hook, `[ ! -x "$0${BACKUP_SUFFIX}" ] || "$0${BACKUP_SUFFIX}" "$@"`),
      ]
    case 'repository':
      return [
        ...repositoryHookLines(hook),
        ...runLines(hook, '[ ! -x "$oakum_first" ] || "$oakum_first" "$@"'),
      ]
    default:
      return earlierHook satisfies never
  }
}

/**
 * Returns lines that run a command and stop when it fails. Standard input can be read only once, so
 * the lines save it and pass it to the command and to Oakum.
 */
function runLines(hook: HookName, command: string): readonly string[] {
  if (!hooksReadingStdin.includes(hook)) return [`${command} || exit`]
  return [
    'oakum_input=$(cat)',
    'if [ -z "$oakum_input" ]; then',
    `  { ${command}; } </dev/null || exit`,
    '  exec </dev/null',
    'else',
    ...withInputLines(`{ ${command}; }`),
    ...withInputLines('exec'),
    'fi',
  ]
}

/** Returns lines that give the saved standard input to a command. */
function withInputLines(command: string): readonly string[] {
  return [`  ${command} <<OAKUM_INPUT || exit`, '$oakum_input', 'OAKUM_INPUT']
}

/**
 * Returns lines that set `oakum_first` to the repository's hook of the name. Git passes the
 * repository in GIT_DIR or it is the folder `.git`; work trees and submodules have it elsewhere.
 */
function repositoryHookLines(name: string): readonly string[] {
  return [
    "# Git runs hooks only from this folder, so this hook runs the repository's own.",
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

/** Quotes a text as one word of a POSIX shell. */
export function quote(text: string): string {
  return text === '' ? '' : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
