/** Lines of `.gitignore`: which are missing, and in which file they belong. */
import { posix } from 'node:path'
import { zFields } from '../../git/commands/path.ts'
import { type GitCall, readGit } from '../../git/commands/run.ts'
import { lineEndIn } from './template.ts'

// Paths in this file have one byte in each character.

/** Returns which paths the repository's `.gitignore` files cover, whether tracked or not. */
export async function ignoredByRepository(
  call: GitCall,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set()
  // `git check-ignore` refuses to run with GIT_LITERAL_PATHSPECS. It takes paths literally anyway,
  // except for a colon at the start, which `./` protects.
  const env = Object.fromEntries(
    Object.entries(call.env).filter(([name]) => name !== 'GIT_LITERAL_PATHSPECS'),
  )
  const input = paths.map((path) => Buffer.from(`./${path}\0`, 'latin1'))
  const output = await readGit({
    ...call,
    env,
    args: [
      '-c',
      'core.excludesFile=',
      'check-ignore',
      '--no-index',
      '--verbose',
      '--non-matching',
      '-z',
      '--stdin',
    ],
    input,
    // Exit code 1 means that no path is ignored.
    allowedExitCodes: [1],
  })
  // Four fields for each path: file, line number and pattern of the match, and the path.
  const fields = Array.from(zFields(output), (field) => field.toString('latin1'))
  const ignored = new Set<string>()
  for (let index = 0; index + 3 < fields.length; index += 4) {
    const [source = '', , pattern = '', path = ''] = fields.slice(index, index + 4)
    if (posix.basename(source) === '.gitignore' && !pattern.startsWith('!'))
      ignored.add(path.replace(/^\.\//, ''))
  }
  return ignored
}

/** Returns the nearest existing `.gitignore` from the file's folder upwards, or the one at the top. */
export function ignoreFileFor(path: string, exists: (path: string) => boolean): string {
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const name = folder === '.' ? '.gitignore' : `${folder}/.gitignore`
    if (folder === '.' || exists(name)) return name
  }
}

/**
 * Returns the line that ignores a file: its name alone if `isNameEnough`, else its path, so that
 * other files of the same name stay as they are.
 */
export function ignoreLine(path: string, ignoreFile: string, isNameEnough: boolean): string {
  const folder = posix.dirname(ignoreFile)
  const relativePath = folder === '.' ? path : path.slice(folder.length + 1)
  return isNameEnough ? escapePattern(posix.basename(path)) : `/${escapePattern(relativePath)}`
}

/** Appends lines to the text of a `.gitignore`, with the line ends it has. */
export function withLines(text: string, lines: readonly string[]): string {
  const lineEnd = lineEndIn(text)
  const start = text === '' || text.endsWith('\n') ? text : `${text}${lineEnd}`
  return start + lines.map((line) => `${line}${lineEnd}`).join('')
}

/** Escapes the special characters of a pattern. A line end cannot be escaped and becomes `?`. */
function escapePattern(name: string): string {
  return name
    .replaceAll(/[\\*?[\]]/g, String.raw`\$&`)
    .replaceAll(/[\r\n]/g, '?')
    .replace(/^[#!]/, String.raw`\$&`)
    .replace(/ +$/, (blanks) => blanks.replaceAll(' ', String.raw`\ `))
}
