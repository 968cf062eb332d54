/** Finds the repository around a path and asks git short questions about it. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { GitError, simpleGit } from 'simple-git'
import { ScanError, UsageError } from '../../model/errors.ts'
import { type Environment, gitEnvironment } from './environment.ts'
import { findBlockingFile, findBlockingObject, gitFoldersAround } from './git-folders.ts'
import { type GitContext, ifGitFails } from './run.ts'

/** Milliseconds after which a git that has a short answer to give, and gives none, is stopped. */
const MAX_ANSWER_MS = 60_000

/** A repository as git itself describes it. */
export interface Repository extends GitContext {
  /** Top folder of the work tree; null in a bare repository. */
  readonly top: string | null
  readonly gitDir: string
  readonly commonDir: string
  /** Hexadecimal digits of an object id: 40 for SHA-1, 64 for SHA-256. */
  readonly idLength: 40 | 64
  readonly shallow: boolean
  readonly gitVersion: string
  /** Environment with the user's own configuration, whose ignore files decide what git stages. */
  readonly ownEnv: Environment
}

export interface RepositoryRequest {
  /** Folder in which the search begins and git runs. */
  readonly path: string
  /** True when the user named the path: then `GIT_DIR` of an enclosing hook does not count. */
  readonly explicit: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Finds the repository around a path. Throws UsageError when there is none, and ScanError when git
 * refuses it.
 */
export async function openRepository(request: RepositoryRequest): Promise<Repository> {
  if (!isFolder(request.path)) throw new UsageError(`${request.path} is not a folder`)
  refuseBlockingFile(request)
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
  const description = await describe({ cwd: request.path, env })
  if (description !== 'dubious') return { ...description, ownEnv }

  const safeDirectories = await ownSafeDirectories({ cwd: request.path, env: ownEnv })
  const trusted = await describe({
    cwd: request.path,
    env: gitEnvironment(request.env, { ...ambient, configuration: 'none', safeDirectories }),
  })
  if (trusted !== 'dubious') return { ...trusted, ownEnv }
  const path = resolve(request.path)
  throw new ScanError(
    `${path} belongs to another user, so git refuses it; ` +
      `if you trust it: git config --global --add safe.directory '${path}'`,
  )
}

/** Throws a ScanError for a FIFO or a device on which git itself would hang. */
function refuseBlockingFile({ path, explicit, env }: RepositoryRequest): void {
  const folders = gitFoldersAround(path, explicit ? {} : env)
  refuseBlocking(folders && findBlockingFile(folders))
}

/** Throws a ScanError when a loose object is a FIFO or a device: a git that reads all would hang. */
export function refuseBlockingObject(objects: string): void {
  refuseBlocking(findBlockingObject(objects))
}

function refuseBlocking(file: string | undefined): void {
  if (file !== undefined)
    throw new ScanError(
      `${file} is not a file but a FIFO or a device, for which git would wait for ever: remove it`,
    )
}

/** Returns the id of the commit that a revision names, or undefined when it names none here. */
export async function commitOf(
  repository: GitContext,
  revision: string,
): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]
  const output = (await gitOutput(repository, args).catch(ifGitFails(''))).trim()
  return /^[0-9a-f]{40,64}$/.test(output) ? output : undefined
}

/**
 * Runs git and returns its output as text. Throws ScanError with git's own message when git fails,
 * unless the message contains `tolerated`: then the output that came before it is returned.
 */
export async function gitOutput(
  { cwd, env }: GitContext,
  args: readonly string[],
  tolerated?: string,
): Promise<string> {
  try {
    return await simpleGit({
      ...(tolerated !== undefined && {
        errors: (
          error: Buffer | Error | undefined,
          { stdErr }: { readonly stdErr: readonly Buffer[] },
        ) => (Buffer.concat(stdErr).includes(tolerated) ? undefined : error),
      }),
      baseDir: cwd,
      allowEnvironment: Object.keys(env),
      // simple-git waits 50 ms after the exit of a git that left its pipes open.
      completion: { onExit: false },
      timeout: { block: MAX_ANSWER_MS },
      unsafe: ALLOWED_SETTINGS,
    })
      .env({ ...env })
      .raw([...args])
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    // simple-git expects pipes, which a child has not when there are no more files for them.
    const message = error.message.startsWith('TypeError: Cannot read properties of undefined')
      ? 'git could not be started: there may be too many open files (`ulimit -n`)'
      : error.message
    throw new ScanError(message, { cause: error })
  }
}

/**
 * Settings that the guard of simple-git refuses. Oakum sets all of them, each to a harmless value:
 * they are what makes git safe in a hostile repository (docs/adr/0006).
 */
const ALLOWED_SETTINGS = {
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
}

/** Returns the single path that `git rev-parse <option>` prints. */
async function pathOf(context: GitContext, option: string): Promise<string> {
  return (await gitOutput(context, ['rev-parse', option])).replace(/\n$/, '')
}

type Description = Omit<Repository, 'ownEnv'>

/** Describes the repository around a folder; `dubious` when git distrusts the folder's owner. */
async function describe(context: GitContext): Promise<Description | 'dubious'> {
  try {
    return await readDescription(context)
  } catch (error) {
    if (!(error instanceof ScanError)) throw error
    const { message } = error
    if (message.includes('dubious ownership')) return 'dubious'
    if (message.includes('spawn git ENOENT'))
      throw new ScanError('git was not found: install it, or put it on PATH', { cause: error })
    if (message.includes('not a git repository'))
      throw new UsageError(`${resolve(context.cwd)} is not in a git repository`)
    throw new ScanError(
      `git cannot open ${resolve(context.cwd)}: ${message.trim().split('\n')[0] ?? ''}`,
      { cause: error },
    )
  }
}

const DESCRIPTION_ARGS = [
  'rev-parse',
  '--show-object-format',
  '--is-shallow-repository',
  '--is-inside-work-tree',
  '--absolute-git-dir',
  '--git-common-dir',
  '--show-toplevel',
]

async function readDescription(context: GitContext): Promise<Description> {
  const [output, version] = await Promise.all([
    // A bare repository has no top folder, so the last option fails there.
    gitOutput(context, DESCRIPTION_ARGS, 'must be run in a work tree'),
    versionOfGit(context),
  ])
  const [format, shallow, inside, gitDir, commonDir, ...more] = output.split('\n')
  if (gitDir === undefined || commonDir === undefined)
    throw new ScanError('git rev-parse printed fewer lines than expected')
  const hasTop = inside === 'true'
  const [top = '', ...rest] = more
  // A path that contains a line feed shifts the lines; then each path is asked for alone.
  const isPlain = rest.length <= (hasTop ? 1 : 0)
  const common = isPlain ? commonDir : await pathOf(context, '--git-common-dir')
  return {
    ...context,
    top: hasTop ? (isPlain ? top : await pathOf(context, '--show-toplevel')) : null,
    gitDir: isPlain ? gitDir : await pathOf(context, '--absolute-git-dir'),
    commonDir: resolve(context.cwd, common),
    idLength: format === 'sha256' ? 64 : 40,
    shallow: shallow === 'true',
    gitVersion: version,
  }
}

/** Versions of git by `PATH`, which decides which git runs: one process asks each git once. */
const gitVersions = new Map<string, string>()

async function versionOfGit(context: GitContext): Promise<string> {
  const path = context.env['PATH'] ?? ''
  const known = gitVersions.get(path)
  if (known !== undefined) return known
  const version = (await gitOutput(context, ['version'])).trim().replace(/^git version /, '')
  gitVersions.set(path, version)
  return version
}

/**
 * Returns the user's `safe.directory` entries. Git takes them from the user's and the system's
 * files only, never from the repository's.
 */
async function ownSafeDirectories(context: GitContext): Promise<readonly string[]> {
  const scopes = await Promise.all(
    ['--system', '--global'].map((scope) =>
      gitOutput(context, ['config', scope, '-z', '--get-all', 'safe.directory']).catch(
        ifGitFails(''),
      ),
    ),
  )
  return scopes.flatMap((values) => values.split('\0')).filter((value) => value !== '')
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/**
 * Returns the user as git knows them, `Name <mail>`: from the repository around `cwd`, else from
 * their own configuration. Undefined when no name is configured.
 */
export async function readIdentity(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const context = {
    cwd,
    env: gitEnvironment(env, {
      configuration: 'own',
      ambientRepository: true,
      safeDirectories: [],
    }),
  }
  const read = async (key: string): Promise<string> =>
    (await gitOutput(context, ['config', '--get', key]).catch(ifGitFails(''))).trim()
  const [name, mail] = [await read('user.name'), await read('user.email')]
  if (name === '') return undefined
  return mail === '' ? name : `${name} <${mail}>`
}
