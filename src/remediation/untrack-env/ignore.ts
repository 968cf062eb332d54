/**
 * Lines of `.gitignore`: which are missing, and where they belong. Paths have a byte in each
 * character.
 */
import { posix } from 'node:path'
import { zFields } from '../../git/commands/path.ts'
import { type GitCall, readGit } from '../../git/commands/run.ts'
import { lineEndIn } from './template.ts'

/**
 * Which of these paths the repository's own `.gitignore` files cover, whether they are tracked or
 * not.
 */
export async function ignoredByRepository(
  call: GitCall,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set()
  // It refuses to take paths literally, and takes them so: but for a colon at the start, which `./`
  // covers.
  const env = Object.fromEntries(
    Object.entries(call.env).filter(([name]) => name !== 'GIT_LITERAL_PATHSPECS'),
  )
  const input = paths.map((path) => Buffer.from(`./${path}\0`, 'latin1'))
  // Exit 1 says that none is.
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
    allowedExitCodes: [1],
  })
  const fields = Array.from(zFields(output), (field) => field.toString('latin1'))
  const ignored = new Set<string>()
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [source = '', , pattern = '', path = ''] = fields.slice(at, at + 4)
    if (posix.basename(source) === '.gitignore' && !pattern.startsWith('!'))
      ignored.add(path.replace(/^\.\//, ''))
  }
  return ignored
}

/**
 * The nearest `.gitignore` from the file's folder up, of those that are there; else one at the top.
 */
export function ignoreFileFor(path: string, isThere: (path: string) => boolean): string {
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const name = folder === '.' ? '.gitignore' : `${folder}/.gitignore`
    if (folder === '.' || isThere(name)) return name
  }
}

/**
 * The line for a file: its name alone, or where other files of that name are to stay as they are,
 * its place.
 */
export function ignoreLine(path: string, ignoreFile: string, isAlone: boolean): string {
  const folder = posix.dirname(ignoreFile)
  const place = folder === '.' ? path : path.slice(folder.length + 1)
  return isAlone ? escaped(posix.basename(path)) : `/${escaped(place)}`
}

/** A `.gitignore` with these lines at its end, in its own line ends. */
export function withLines(text: string, lines: readonly string[]): string {
  const lineEnd = lineEndIn(text)
  const start = text === '' || text.endsWith('\n') ? text : `${text}${lineEnd}`
  return start + lines.map((line) => `${line}${lineEnd}`).join('')
}

/**
 * No character of a name means more than itself; the ends of lines cannot be written, and `?` is
 * any one character.
 */
function escaped(name: string): string {
  return name
    .replaceAll(/[\\*?[\]]/g, String.raw`\$&`)
    .replaceAll(/[\r\n]/g, '?')
    .replace(/^[#!]/, String.raw`\$&`)
    .replace(/ +$/, (blanks) => blanks.replaceAll(' ', String.raw`\ `))
}
