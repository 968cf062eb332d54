import { basename, dirname, join } from 'node:path'
import { blockIn, blockOf, withLinesAtEnd, withoutBlocks } from '../block.ts'
import { type FileChange, readPlain } from '../changes.ts'
import { type HookName, hookNames, hooksWithInput } from '../hook-names.ts'
import {
  edited,
  guarded,
  isFile,
  isFolder,
  type Manager,
  manifestText,
  type Site,
  unmarked,
} from './site.ts'

/** Husky sets core.hooksPath to `.husky/_`, whose hooks run `sh -e .husky/<name>`. */
export const husky: Manager = {
  name: 'husky',
  evidence: (site) => {
    const folder = folderOf(site)
    const isInUse = isSetUp(site) || (isFolder(folder) && /"husky"/.test(manifestText(site)))
    return isInUse ? folder : undefined
  },
  install: (site, hooks) =>
    hooks.flatMap((hook) => install(join(folderOf(site), hook), hook, site)),
  remove: (site) => hookNames.flatMap((hook) => unmarked(join(folderOf(site), hook))),
  next: () =>
    'husky runs it from the next commit on; others get it with the commit of these files, and need oakum among the dependencies or on PATH',
  last: undefined,
}

/** Has husky set core.hooksPath here? */
export function isSetUp({ hooks }: Pick<Site, 'hooks'>): boolean {
  return basename(hooks.path) === '_' && isFile(join(hooks.path, 'h'))
}

function folderOf({ top, hooks }: Pick<Site, 'top' | 'hooks'>): string {
  return isSetUp({ hooks }) ? dirname(hooks.path) : join(top, '.husky')
}

function install(path: string, hook: HookName, { command }: Site): readonly FileChange[] {
  const there = readPlain(path)?.bytes.toString('utf8')
  const mark = there === undefined ? 'made' : (blockIn(there)?.mark ?? 'added')
  // Husky puts the top's node_modules/.bin on PATH.
  const start = guarded(command === './node_modules/.bin/oakum' ? 'oakum' : command, hook)
  return edited(
    path,
    (text) => {
      const rest = withoutBlocks(text)
      if (rest !== '' && hooksWithInput.includes(hook))
        return atStart(rest, blockOf(mark, readingOnce(start)))
      // What ends the script well would keep the last line from running.
      return /(?:^|[;&|{]|\bthen\b)[ \t]*(?:exec\b|exit\b(?![ \t]+[1-9]))/m.test(rest)
        ? atStart(rest, blockOf(mark, [start]))
        : withLinesAtEnd(rest, blockOf(mark, [start]))
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
