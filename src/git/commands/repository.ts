import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { simpleGit } from 'simple-git'
import { ScanError, UsageError } from '../../model/errors.ts'
import { type Environment, gitEnvironment } from './environment.ts'
import type { GitContext } from './run.ts'

/** A repository as git itself describes it. */
export interface Repository extends GitContext {
  /** Top of the work tree; null in a bare repository. */
  readonly top: string | null
  readonly gitDir: string
  readonly commonDir: string
  /** Hex digits of an object's name: 40 for SHA-1, 64 for SHA-256. */
  readonly idLength: 40 | 64
  readonly shallow: boolean
  readonly gitVersion: string
  /** With the user's own configuration, whose ignore files decide what git would take. */
  readonly ownEnv: Environment
}

export interface RepositoryRequest {
  /** Where to look, and where git runs. */
  readonly path: string
  /**
   * Was the path given by the user? Then variables of an enclosing hook do not say which repository
   * is meant.
   */
  readonly explicit: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Finds the repository around a path. UsageError when there is none, ScanError when git refuses it.
 */
export async function openRepository(request: RepositoryRequest): Promise<Repository> {
  if (!isFolder(request.path)) throw new UsageError(`${request.path} is not a folder`)
  const ambient = { ambientRepository: !request.explicit }
  const ownEnv = gitEnvironment(request.env, {
    ...ambient,
    configuration: 'own',
    safeDirectories: [],
  })
  const env = gitEnvironment(request.env, {
    ...ambient,
    configuration: 'none',
    safeDirectories: [],
  })
  const facts = await describe({ cwd: request.path, env })
  if (facts !== 'dubious') return { ...facts, ownEnv }

  const safeDirectories = await ownSafeDirectories({ cwd: request.path, env: ownEnv })
  const trusted = await describe({
    cwd: request.path,
    env: gitEnvironment(request.env, { ...ambient, configuration: 'none', safeDirectories }),
  })
  if (trusted !== 'dubious') return { ...trusted, ownEnv }
  throw new ScanError(
    `${resolve(request.path)} belongs to another user, so git refuses it; if you trust it: git config --global --add safe.directory '${resolve(request.path)}'`,
  )
}

/** The id of the commit a revision names, or undefined when it does not name one here. */
export async function commitOf(
  repository: GitContext,
  revision: string,
): Promise<string | undefined> {
  const said = await gitOutput(repository, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`,
  ]).catch(() => '')
  return /^[0-9a-f]{40,64}$/.test(said.trim()) ? said.trim() : undefined
}

/**
 * Git's answer in words. Rejects with git's own message, unless that has these words: then what it
 * said before is an answer.
 */
export function gitOutput(
  place: GitContext,
  args: readonly string[],
  unless?: string,
): Promise<string> {
  return simpleGit({
    ...(unless !== undefined && {
      errors: (
        error: Buffer | Error | undefined,
        { stdErr }: { readonly stdErr: readonly Buffer[] },
      ) => (Buffer.concat(stdErr).includes(unless) ? undefined : error),
    }),
    baseDir: place.cwd,
    allowEnvironment: Object.keys(place.env),
    // Its clock for a git that ended and left its pipes open would keep this process alive for 50
    // ms.
    completion: { onExit: false },
    // Its guard refuses the very settings that make git safe; ours are all set to harmless values
    // (docs/adr/0006).
    unsafe: {
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafePager: true,
      allowUnsafeSshCommand: true,
      allowUnsafeGitProxy: true,
      allowUnsafeAskPass: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeGpgProgram: true,
      allowUnsafeAlias: true,
    },
  })
    .env({ ...place.env })
    .raw([...args])
}

/** The one path that git answers with. */
async function askPath(place: GitContext, question: string): Promise<string> {
  return (await gitOutput(place, ['rev-parse', question])).replace(/\n$/, '')
}

type Facts = Omit<Repository, 'ownEnv'>

async function describe(place: GitContext): Promise<Facts | 'dubious'> {
  try {
    const [facts, version] = await Promise.all([
      // Without a work tree nothing is the top of it.
      gitOutput(
        place,
        [
          'rev-parse',
          '--show-object-format',
          '--is-shallow-repository',
          '--is-inside-work-tree',
          '--absolute-git-dir',
          '--git-common-dir',
          '--show-toplevel',
        ],
        'must be run in a work tree',
      ),
      gitOutput(place, ['version']),
    ])
    const [format, shallow, inside, gitDir, commonDir, ...more] = facts.split('\n')
    if (gitDir === undefined || commonDir === undefined)
      throw new ScanError('git rev-parse answered less than it was asked')
    const hasTop = inside === 'true'
    const [top = '', ...others] = more
    // The paths come last: where one holds a line feed itself, each is asked for alone.
    const plain = others.length <= (hasTop ? 1 : 0)
    return {
      ...place,
      top: hasTop ? (plain ? top : await askPath(place, '--show-toplevel')) : null,
      gitDir: plain ? gitDir : await askPath(place, '--absolute-git-dir'),
      commonDir: resolve(place.cwd, plain ? commonDir : await askPath(place, '--git-common-dir')),
      idLength: format === 'sha256' ? 64 : 40,
      shallow: shallow === 'true',
      gitVersion: version.trim().replace(/^git version /, ''),
    }
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    if (said.includes('dubious ownership')) return 'dubious'
    if (said.includes('spawn git ENOENT'))
      throw new ScanError('git was not found: install it, or put it on PATH', { cause: error })
    if (said.includes('not a git repository'))
      throw new UsageError(`${resolve(place.cwd)} is not in a git repository`)
    throw new ScanError(
      `git cannot open ${resolve(place.cwd)}: ${said.trim().split('\n')[0] ?? ''}`,
      { cause: error },
    )
  }
}

/**
 * `safe.directory` counts only from the user's and the system's files, never from the repository's.
 */
async function ownSafeDirectories(place: GitContext): Promise<readonly string[]> {
  const scopes = await Promise.all(
    ['--system', '--global'].map((scope) =>
      gitOutput(place, ['config', scope, '-z', '--get-all', 'safe.directory']).catch(() => ''),
    ),
  )
  return scopes.flatMap((values) => values.split('\0')).filter((value) => value !== '')
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/**
 * The user as git knows them, `Name <mail>`: of the repository around `cwd`, else their own.
 * Undefined without a name.
 */
export async function readIdentity(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const place = {
    cwd,
    env: gitEnvironment(env, {
      configuration: 'own',
      ambientRepository: true,
      safeDirectories: [],
    }),
  }
  const read = async (key: string): Promise<string> =>
    (await gitOutput(place, ['config', '--get', key]).catch(() => '')).trim()
  const [name, mail] = [await read('user.name'), await read('user.email')]
  if (name === '') return undefined
  return mail === '' ? name : `${name} <${mail}>`
}
