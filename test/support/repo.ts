/**
 * Real repositories in a temporary folder, out of reach of the configuration of whoever runs the
 * tests.
 */
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'oakum-test-')))
const home = join(root, 'home')
mkdirSync(home)
process.once('exit', () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }))

/** Removes the folders that the tests of a file made. Called by `setup.ts`. */
export function removeFolders(): void {
  emptyRepositories.clear()
  for (const name of readdirSync(root))
    if (name !== 'home') rmSync(join(root, name), { recursive: true, force: true, maxRetries: 3 })
}

/**
 * All that a child process gets: no `GIT_*` of a hook these tests may run in, no `CI`, no colours.
 */
export const isolatedEnv: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  TMPDIR: tmpdir(),
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
}

/** A new empty folder, removed after the file's tests. */
export function temporaryFolder(): string {
  return mkdtempSync(join(root, 'folder-'))
}

export interface RepoOptions {
  readonly bare?: boolean
  readonly objectFormat?: 'sha1' | 'sha256'
}

/** Paths relative to the repository's top; as bytes where they are not UTF-8. */
export type Path = string | Buffer
type Files = Readonly<Record<string, string | Buffer>>

interface RunOptions {
  readonly input?: Buffer | string
  readonly env?: Readonly<Record<string, string>>
}

interface GitRun {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** An object of the store, and what was found in it. */
export interface Holder {
  readonly oid: string
  readonly kind: string
}

/** Empty repositories as `git init` makes them, one for each set of options: copied, not made. */
const emptyRepositories = new Map<string, string>()

function emptyRepository(bare: boolean, objectFormat: string): string {
  const key = `${bare} ${objectFormat}`
  const known = emptyRepositories.get(key)
  if (known !== undefined) return known
  const repo = new Repo(temporaryFolder())
  const options = [`--object-format=${objectFormat}`, ...(bare ? ['--bare'] : [])]
  repo.git('init', '-q', '-b', 'main', ...options)
  // Git would start a process after each commit to see whether there is anything to pack.
  appendFileSync(
    join(repo.path, bare ? 'config' : '.git/config'),
    '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n',
  )
  emptyRepositories.set(key, repo.path)
  return repo.path
}

/** One repository, or one work tree of one. Its commits are a minute apart, from 2024-01-01 on. */
export class Repo {
  static #minutes = 0
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  static create({ bare = false, objectFormat = 'sha1' }: RepoOptions = {}): Repo {
    const repo = new Repo(temporaryFolder())
    cpSync(emptyRepository(bare, objectFormat), repo.path, { recursive: true })
    return repo
  }

  /** One with a first commit, and these files staged. */
  static staged(files: Readonly<Record<string, string>>): Repo {
    const repo = Repo.create()
    repo.commit('Start', { 'README.md': '# Shop\n' })
    for (const [path, content] of Object.entries(files)) repo.write(path, content)
    repo.git('add', '-A')
    return repo
  }

  /**
   * A clone over git's own transport: objects are copied, not linked, and `--depth` and `--filter`
   * work.
   */
  clone(...options: readonly string[]): Repo {
    const copy = new Repo(join(temporaryFolder(), 'clone'))
    this.git('clone', '-q', ...options, `file://${this.path}`, copy.path)
    return copy
  }

  /** Standard output without its final newline; throws when git fails. */
  git(...args: readonly string[]): string {
    return this.gitBytes(args).toString().replace(/\n$/, '')
  }

  gitBytes(args: readonly string[], input?: Buffer | string): Buffer {
    const { code, stdout, stderr } = this.tryGit(args, input === undefined ? {} : { input })
    if (code !== 0)
      throw new Error(`git ${args[0] ?? ''} ended with ${code ?? 'a signal'}: ${stderr}`)
    return stdout
  }

  /** For commands that are meant to fail: a conflicting merge, a commit that a hook stops. */
  tryGit(args: readonly string[], options: RunOptions = {}): GitRun {
    return this.#run('git', args, options)
  }

  #run(program: string, args: readonly string[], { input, env = {} }: RunOptions): GitRun {
    const date = `${1_704_067_200 + 60 * Repo.#minutes} +0000`
    const made = spawnSync(program, args, {
      cwd: args[0] === 'clone' ? root : this.path,
      env: {
        ...isolatedEnv,
        GIT_AUTHOR_NAME: 'Ada Author',
        GIT_AUTHOR_EMAIL: 'ada@example.com',
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: 'Cem Committer',
        GIT_COMMITTER_EMAIL: 'cem@example.com',
        GIT_COMMITTER_DATE: date,
        ...env,
      },
      input: input ?? '',
      maxBuffer: 2 ** 30,
    })
    if (made.error) throw made.error
    return { code: made.status, stdout: made.stdout, stderr: made.stderr.toString() }
  }

  /** The place of a file; a Buffer, since not every name is text. */
  at(path: Path): Buffer {
    return Buffer.concat([Buffer.from(`${this.path}/`), Buffer.from(path)])
  }

  write(path: Path, content: string | Buffer): this {
    const place = this.at(path)
    mkdirSync(place.subarray(0, place.lastIndexOf('/')), { recursive: true })
    writeFileSync(place, content)
    return this
  }

  append(path: string, content: string): this {
    appendFileSync(this.at(path), content)
    return this
  }

  remove(path: Path): this {
    rmSync(this.at(path))
    return this
  }

  link(path: string, target: string): this {
    symlinkSync(target, this.at(path))
    return this
  }

  /** Commits the whole work tree, with these files written first; the name of the commit. */
  commit(message: string, files: Files = {}): string {
    for (const [path, content] of Object.entries(files)) this.write(path, content)
    return this.#commitWith(message, 'git add -A && exec git "$@"')
  }

  /** Commits what is staged; a merge under way is concluded. */
  commitStaged(message: string, ...options: readonly string[]): string {
    return this.#commitWith(message, 'exec git "$@"', options)
  }

  /**
   * Commits through a shell script that gets git's arguments. A process with the memory of a test
   * worker takes five times as long to start as one that a small shell starts.
   */
  #commitWith(message: string, script: string, options: readonly string[] = []): string {
    Repo.#minutes += 1
    const args = ['commit', '-q', '--allow-empty', '--cleanup=verbatim', '-F', '-', ...options]
    const { code, stderr } = this.#run('sh', ['-c', script, 'sh', ...args], { input: message })
    if (code !== 0) throw new Error(`git commit ended with ${code ?? 'a signal'}: ${stderr}`)
    return this.#head() ?? this.git('rev-parse', 'HEAD')
  }

  /** The commit HEAD leads to, read without a process; undefined where its ref is not a loose file. */
  #head(): string | undefined {
    try {
      const head = readFileSync(join(this.path, '.git/HEAD'), 'utf8').trim()
      const ref = /^ref: (.*)$/.exec(head)?.[1]
      return ref === undefined ? head : readFileSync(join(this.path, '.git', ref), 'utf8').trim()
    } catch {
      return undefined
    }
  }

  /** Merges `branch` without committing; conflicts are left in place. */
  merge(branch: string): this {
    this.tryGit(['merge', '-q', '--no-ff', '--no-commit', branch])
    return this
  }

  /** Objects anywhere in the store (unreachable ones too) that hold these bytes. */
  holders(needle: string | Buffer): readonly Holder[] {
    const all = this.gitBytes(['cat-file', '--batch-all-objects', '--batch'])
    const found: Holder[] = []
    for (let at = 0; at < all.length; ) {
      // "<oid> blob 12\n", then twelve bytes and a newline.
      const endOfHeader = all.indexOf('\n', at)
      const [oid = '', kind = '', size = ''] = all.toString('latin1', at, endOfHeader).split(' ')
      const end = endOfHeader + 1 + Number(size)
      if (all.subarray(endOfHeader + 1, end).includes(needle)) found.push({ oid, kind })
      at = end + 1
    }
    return found
  }

  /** Where a loose object lies. */
  looseObject(oid: string): string {
    return join(
      this.path,
      this.git('rev-parse', '--git-path', `objects/${oid.slice(0, 2)}/${oid.slice(2)}`),
    )
  }
}
