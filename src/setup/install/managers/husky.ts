import { basename, dirname, join } from 'node:path'
import { findBlock, formatBlock, withLinesAtEnd, withoutBlocks } from '../block.ts'
import { type FileChange, readRegularFile } from '../changes.ts'
import { type HookName, hookNames, hooksReadingStdin } from '../hook-names.ts'
import {
  planEdit,
  guardedCommand,
  isFile,
  isFolder,
  type HookManager,
  readManifest,
  type InstallTarget,
  planBlockRemoval,
} from './install-target.ts'

/** Husky sets core.hooksPath to `.husky/_`, whose hooks run `sh -e .husky/<name>`. */
export const husky: HookManager = {
  name: 'husky',
  findConfig: (site) => {
    const folder = folderOf(site)
    const isInUse = isHuskySetUp(site) || (isFolder(folder) && /"husky"/.test(readManifest(site)))
    return isInUse ? folder : undefined
  },
  install: (site, hooks) =>
    hooks.flatMap((hook) => install(join(folderOf(site), hook), hook, site)),
  remove: (site) => hookNames.flatMap((hook) => planBlockRemoval(join(folderOf(site), hook))),
  afterInstall: () =>
    'husky runs it from the next commit on; others get it with the commit of these files, and need oakum among the dependencies or on PATH',
  afterRemoval: undefined,
}

/** Has husky set core.hooksPath here? */
export function isHuskySetUp({ hooks }: Pick<InstallTarget, 'hooks'>): boolean {
  return basename(hooks.path) === '_' && isFile(join(hooks.path, 'h'))
}

function folderOf({ top, hooks }: Pick<InstallTarget, 'top' | 'hooks'>): string {
  return isHuskySetUp({ hooks }) ? dirname(hooks.path) : join(top, '.husky')
}

function install(path: string, hook: HookName, { command }: InstallTarget): readonly FileChange[] {
  const there = readRegularFile(path)?.bytes.toString('utf8')
  const mark = there === undefined ? 'made' : (findBlock(there)?.mark ?? 'added')
  // Husky puts the top's node_modules/.bin on PATH.
  const start = guardedCommand(command === './node_modules/.bin/oakum' ? 'oakum' : command, hook)
  return planEdit(
    path,
    (text) => {
      const rest = withoutBlocks(text)
      if (rest !== '' && hooksReadingStdin.includes(hook))
        return atStart(rest, formatBlock(mark, readingOnce(start)))
      // What ends the script well would keep the last line from running.
      return /(?:^|[;&|{]|\bthen\b)[ \t]*(?:exec\b|exit\b(?![ \t]+[1-9]))/m.test(rest)
        ? atStart(rest, formatBlock(mark, [start]))
        : withLinesAtEnd(rest, formatBlock(mark, [start]))
    },
    mark === 'made' ? 'made' : 'added to',
  )
}

function atStart(text: string, lines: readonly string[]): string {
  const at = text.startsWith('#!') ? text.indexOf('\n') + 1 : 0
  return `${text.slice(0, at)}${lines.join('\n')}\n${text.slice(at)}`
}

/** Standard input is kept, for what stands below. */
function readingOnce(command: string): readonly string[] {
  const given = ['$oakum_input', 'OAKUM_INPUT']
  return [
    'oakum_input=$(cat)',
    'if [ -z "$oakum_input" ]; then',
    'exec </dev/null',
    'else',
    `{ ${command}; } <<OAKUM_INPUT`,
    ...given,
    'exec <<OAKUM_INPUT',
    ...given,
    'fi',
  ]
}
