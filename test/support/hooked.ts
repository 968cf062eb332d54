/**
 * Repositories with Oakum's hooks, and everything of them that a stopped commit must leave as it
 * was.
 */
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { applyAll } from '../../src/setup/install/changes.ts'
import { planInstall } from '../../src/setup/install/install.ts'
import { oakumHere } from './in-process.ts'
import { type OakumRun, runOf } from './oakum.ts'
import { isolatedEnv, type Repo } from './repo.ts'

/** A command line, to its end. Hooks that it installs run the built program. */
export function oakumIn(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<OakumRun> {
  return oakumHere(args, { cwd, env })
}

/** The repository, with Oakum installed as its command does, but without a process for it. */
export async function hooked(repo: Repo, hooks?: readonly string[]): Promise<Repo> {
  const plan = await planInstall({
    cwd: repo.path,
    env: isolatedEnv,
    global: false,
    hooks,
    manager: 'auto',
  })
  await applyAll(plan.changes, plan.steps)
  return repo
}

export interface GitOutcome {
  readonly code: number | null
  /** What git and its hooks said. */
  readonly said: string
}

/** Runs git, and looks through what its hooks say for secrets. */
export function gitOutcome(
  repo: Repo,
  args: readonly string[],
  {
    input,
    env = {},
  }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): GitOutcome {
  const { code, stdout, stderr } = repo.tryGit(args, { ...(input !== undefined && { input }), env })
  // What hooks write goes to standard error, but for those of a push; on standard output a commit
  // may show the change itself.
  return {
    code,
    said: runOf(code, '', args[0] === 'push' ? `${stdout.toString()}${stderr}` : stderr).stderr,
  }
}

/** Refs, index and every file, with what git's own folder holds beside objects and messages. */
export function stateOf(repo: Repo): Readonly<Record<string, string>> {
  const gitDir = repo.git('rev-parse', '--absolute-git-dir')
  const files = filesIn(repo.path).filter((name) => name !== '.git')
  return {
    head: repo.tryGit(['rev-parse', '--verify', '-q', 'HEAD']).stdout.toString(),
    refs: repo.git('for-each-ref'),
    index: repo.git('ls-files', '--stage', '-z'),
    status: repo.git('status', '--porcelain=v2', '-z'),
    files: files.map((name) => `${name}\0${contentOf(join(repo.path, name))}`).join('\0'),
    own: readdirSync(gitDir)
      .filter((name) => name !== 'COMMIT_EDITMSG')
      .sort()
      .join(' '),
  }
}

/** All files below a folder, but for those in a folder `.git`; sorted. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      if (entry.name === '.git') return []
      return entry.isDirectory()
        ? filesIn(join(folder, entry.name)).map((name) => `${entry.name}/${name}`)
        : [entry.name]
    })
    .sort()
}

/** Names, bytes and permissions of all files below a folder; nothing where it is not there. */
export function bytesIn(folder: string): Readonly<Record<string, string>> {
  if (!existsSync(folder)) return {}
  return Object.fromEntries(
    filesIn(folder).map((name) => [
      name,
      `${(lstatSync(join(folder, name)).mode & 0o777).toString(8)} ${contentOf(join(folder, name))}`,
    ]),
  )
}

function contentOf(path: string): string {
  return lstatSync(path).isSymbolicLink() ? 'link' : readFileSync(path, 'latin1')
}
