/** Husky as a hook manager: Oakum adds a block to `.husky/<hook>`. */
import { basename, dirname, join } from 'node:path'
import {
  type BlockOrigin,
  findBlock,
  formatBlock,
  withLinesAtEnd,
  withoutBlocks,
} from '../block.ts'
import { type FileChange, readFileContent } from '../changes.ts'
import { type HookName, hookNames, hooksReadingStdin } from '../hook-names.ts'
import {
  guardedCommand,
  type HookManager,
  type InstallTarget,
  isFile,
  isFolder,
  planBlockRemoval,
  planEdit,
  readManifest,
} from './install-target.ts'

/** Husky sets core.hooksPath to `.husky/_`, whose hooks run `sh -e .husky/<name>`. */
export const husky: HookManager = {
  name: 'husky',
  findConfig: (target) => {
    const folder = folderOf(target)
    const isDependency = /"husky"/.test(readManifest(target))
    return isHuskySetUp(target) || (isFolder(folder) && isDependency) ? folder : undefined
  },
  install: (target, hooks) =>
    hooks.flatMap((hook) => planScript(join(folderOf(target), hook), hook, target)),
  remove: (target) => hookNames.flatMap((hook) => planBlockRemoval(join(folderOf(target), hook))),
  afterInstall: () =>
    'husky runs it from the next commit on. Commit these files so that your team gets the hook; ' +
    'everybody needs oakum among the dependencies or on PATH',
  afterRemoval: undefined,
}

/** Whether husky has set core.hooksPath in this repository. */
export function isHuskySetUp({ hooks }: Pick<InstallTarget, 'hooks'>): boolean {
  return basename(hooks.path) === '_' && isFile(join(hooks.path, 'h'))
}

function folderOf({ top, hooks }: Pick<InstallTarget, 'top' | 'hooks'>): string {
  return isHuskySetUp({ hooks }) ? dirname(hooks.path) : join(top, '.husky')
}

function planScript(
  path: string,
  hook: HookName,
  { command }: InstallTarget,
): readonly FileChange[] {
  const current = readFileContent(path)?.bytes.toString('utf8')
  const origin = current === undefined ? 'made' : (findBlock(current)?.origin ?? 'added')
  // Husky puts node_modules/.bin of the top on PATH.
  const programName = command === './node_modules/.bin/oakum' ? 'oakum' : command
  const start = guardedCommand(programName, hook)
  return planEdit(
    path,
    (text) => addToScript(withoutBlocks(text), hook, { start, origin }),
    origin === 'made' ? 'created' : 'added to',
  )
}

/**
 * Adds the start of Oakum to a script: at its end, or at its start when both read standard input or
 * the script may end early with success.
 */
function addToScript(
  script: string,
  hook: HookName,
  { start, origin }: { readonly start: string; readonly origin: BlockOrigin },
): string {
  if (script !== '' && hooksReadingStdin.includes(hook))
    return insertAtStart(script, formatBlock(origin, withInputLines(start)))
  const mayEndEarly = /(?:^|[;&|{]|\bthen\b)[ \t]*(?:exec\b|exit\b(?![ \t]+[1-9]))/m.test(script)
  const block = formatBlock(origin, [start])
  return mayEndEarly ? insertAtStart(script, block) : withLinesAtEnd(script, block)
}

function insertAtStart(text: string, lines: readonly string[]): string {
  const at = text.startsWith('#!') ? text.indexOf('\n') + 1 : 0
  return `${text.slice(0, at)}${lines.join('\n')}\n${text.slice(at)}`
}

/** Returns lines that pass standard input to the command and again to the rest of the script. */
function withInputLines(command: string): readonly string[] {
  const input = ['$oakum_input', 'OAKUM_INPUT']
  return [
    'oakum_input=$(cat)',
    'if [ -z "$oakum_input" ]; then',
    'exec </dev/null',
    'else',
    `{ ${command}; } <<OAKUM_INPUT`,
    ...input,
    'exec <<OAKUM_INPUT',
    ...input,
    'fi',
  ]
}
