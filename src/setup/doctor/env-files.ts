/** Checks that git ignores `.env` files, tracks none, and has none that `git add .` would stage. */
import { repoPath, zFields } from '../../git/commands/path.ts'
import { readGit } from '../../git/commands/run.ts'
import { ScanError } from '../../model/errors.ts'
import { envFamilyOf } from '../../scan/env-files/family.ts'
import type { Check, DoctorContext } from './check.ts'

/** Common names, which should be ignored even before such a file exists. */
const usualNames = ['.env', '.env.local', '.env.production']

const MAX_SHOWN_PATHS = 10

const ignoreFix = 'add .env and .env.* to .gitignore, and !.env.example'

/** The directory and environment of a git call. */
interface GitCall {
  readonly cwd: string
  readonly env: DoctorContext['repository']['env']
}

/** Returns the checks of env files; a bare repository has none. */
export async function checkEnvFiles({ repository }: DoctorContext): Promise<readonly Check[]> {
  if (repository.top === null) return []
  const call = { cwd: repository.top, env: repository.ownEnv }
  const [tracked, untracked] = await Promise.all([
    listEnvFiles(call, ['--cached']),
    listEnvFiles(call, ['--others', '--exclude-standard']),
  ])
  const checks: Check[] = []
  if (tracked.length > 0) checks.push(trackedProblem(tracked))
  if (untracked.length > 0)
    checks.push({
      id: 'env-not-ignored',
      state: 'trouble',
      text: `untracked and not ignored, so the next \`git add .\` will stage: ${shortList(untracked)}`,
      remedy: ignoreFix,
    })
  else checks.push(usualNamesCheck(await notIgnored(call, usualNames)))
  return checks
}

async function listEnvFiles(call: GitCall, args: readonly string[]): Promise<readonly string[]> {
  const output = await readGit({ ...call, args: ['ls-files', '-z', '--full-name', ...args] })
  return Array.from(zFields(output), (field) => repoPath(field).text).filter(
    (path) => envFamilyOf(path) === 'env',
  )
}

function trackedProblem(tracked: readonly string[]): Check {
  const [subject, object] = tracked.length === 1 ? ['is', 'it'] : ['are', 'them']
  return {
    id: 'env-tracked',
    state: 'trouble',
    text: `${shortList(tracked)} ${subject} tracked by git`,
    remedy:
      `run git rm --cached on ${object} and ignore ${object}; ` +
      'the contents stay in history: oakum history',
  }
}

function usualNamesCheck(notIgnoredNames: readonly string[]): Check {
  if (notIgnoredNames.length === 0)
    return { id: 'env-ignored', state: 'good', text: `${usualNames.join(', ')} are ignored` }
  return {
    id: 'env-ignored',
    state: 'note',
    text: `would not be ignored if created: ${notIgnoredNames.join(', ')}`,
    remedy: ignoreFix,
  }
}

async function notIgnored(call: GitCall, names: readonly string[]): Promise<readonly string[]> {
  // check-ignore takes names literally anyway, and fails when GIT_LITERAL_PATHSPECS is 1. It exits
  // with 1 and prints nothing when no name is ignored.
  const env = { ...call.env, GIT_LITERAL_PATHSPECS: '0' }
  const output = await readGit({
    ...call,
    env,
    args: ['check-ignore', '--no-index', '--verbose', '-z', '--stdin'],
    input: [names.map((name) => `${name}\0`).join('')],
  }).catch((error: unknown) => {
    if (error instanceof ScanError && error.message.endsWith(': exit 1')) return Buffer.alloc(0)
    throw error
  })
  const fields = Array.from(zFields(output), String)
  // Four fields per name: source, line, pattern, name. A pattern with ! at its start un-ignores.
  const ignored = new Set(
    names.filter((name) =>
      fields.some(
        (field, at) => at % 4 === 3 && field === name && fields[at - 1]?.startsWith('!') === false,
      ),
    ),
  )
  return names.filter((name) => !ignored.has(name))
}

function shortList(paths: readonly string[]): string {
  const hidden = paths.length - MAX_SHOWN_PATHS
  const suffix = hidden > 0 ? ` and ${hidden} more` : ''
  return `${paths.slice(0, MAX_SHOWN_PATHS).join(', ')}${suffix}`
}
