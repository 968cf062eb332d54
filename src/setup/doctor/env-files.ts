/** What git does with env files: ignored is right. */
import { posix } from 'node:path'
import { envFamilyOf } from '../../scan/env-files/family.ts'
import { ScanError } from '../../model/errors.ts'
import { repoPath, zFields } from '../../git/commands/path.ts'
import { readGit } from '../../git/commands/run.ts'
import type { Check, DoctorContext } from './check.ts'

/** Names that developers give them. */
const usualNames = ['.env', '.env.local', '.env.production']

/** More are no help. */
const MAX_NAMED = 10

/** Are env files ignored, are any tracked, and are any one `git add` away? */
export async function checkEnvFiles({ repository }: DoctorContext): Promise<readonly Check[]> {
  if (repository.top === null) return []
  const call = { cwd: repository.top, env: repository.ownEnv }
  const list = async (...args: readonly string[]): Promise<readonly string[]> => {
    const paths = Array.from(
      zFields(await readGit({ ...call, args: ['ls-files', '-z', '--full-name', ...args] })),
      (field) => repoPath(field).text,
    )
    return paths.filter((path) => envFamilyOf(posix.basename(path)) === 'env')
  }
  const [tracked, untracked] = await Promise.all([
    list('--cached'),
    list('--others', '--exclude-standard'),
  ])
  const checks: Check[] = []
  if (tracked.length > 0)
    checks.push({
      id: 'env-tracked',
      state: 'trouble',
      text: `tracked by git: ${named(tracked)}`,
      remedy: 'git rm --cached them and ignore them; what they held is in history: oakum history',
    })
  if (untracked.length > 0)
    checks.push({
      id: 'env-not-ignored',
      state: 'trouble',
      text: `neither tracked nor ignored: ${named(untracked)}`,
      remedy: 'add .env and .env.* to .gitignore, and !.env.example',
    })
  const open = await notIgnored(call, usualNames)
  if (untracked.length === 0) {
    checks.push(
      open.length === 0
        ? { id: 'env-ignored', state: 'good', text: `${usualNames.join(', ')} are ignored` }
        : {
            id: 'env-ignored',
            state: 'note',
            text: `not ignored, should they come to be: ${open.join(', ')}`,
            remedy: 'add .env and .env.* to .gitignore, and !.env.example',
          },
    )
  }
  return checks
}

async function notIgnored(
  call: { readonly cwd: string; readonly env: DoctorContext['repository']['env'] },
  names: readonly string[],
): Promise<readonly string[]> {
  // check-ignore refuses to take names literally, and takes them so. It ends with 1, and says
  // nothing, where none is ignored.
  const env = { ...call.env, GIT_LITERAL_PATHSPECS: '0' }
  const said = await readGit({
    ...call,
    env,
    args: ['check-ignore', '--no-index', '--verbose', '-z', '--stdin'],
    input: [names.map((name) => `${name}\0`).join('')],
  }).catch((error: unknown) => {
    if (error instanceof ScanError && error.message.endsWith(': exit 1')) return Buffer.alloc(0)
    throw error
  })
  const fields = Array.from(zFields(said), String)
  // Source, line, pattern, name; a pattern that begins with ! takes back.
  const ignored = new Set(
    names.filter((name) =>
      fields.some(
        (field, at) => at % 4 === 3 && field === name && fields[at - 1]?.startsWith('!') === false,
      ),
    ),
  )
  return names.filter((name) => !ignored.has(name))
}

function named(paths: readonly string[]): string {
  const more = paths.length - MAX_NAMED
  return `${paths.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
