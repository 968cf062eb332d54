import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ScanError, UsageError } from '../../../src/model/errors.ts'
import { gitOutput, commitOf, openRepository } from '../../../src/git/commands/repository.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../support/repo.ts'

const open = (path: string, env: Readonly<Record<string, string>> = {}, explicit = true) =>
  openRepository({ path, explicit, env: { ...isolatedEnv, ...env } })

describe('openRepository', () => {
  test('describes a repository from any folder in it', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a/b/c.txt': 'c' })
    for (const path of [repo.path, join(repo.path, 'a/b')]) {
      expect(await open(path)).toMatchObject({
        cwd: path,
        top: repo.path,
        gitDir: join(repo.path, '.git'),
        commonDir: join(repo.path, '.git'),
        idLength: 40,
        shallow: false,
        gitVersion: expect.stringMatching(/^\d+\.\d+/),
      })
    }
  })

  test('describes a bare repository without a work tree', async () => {
    const repo = Repo.create({ bare: true })
    expect(await open(repo.path)).toMatchObject({
      top: null,
      gitDir: repo.path,
      commonDir: repo.path,
    })
  })

  test('distinguishes a linked work tree from the shared folder', async () => {
    const repo = Repo.create()
    repo.commit('Start', { a: 'a' })
    const linked = join(temporaryFolder(), 'linked')
    repo.git('worktree', 'add', '-q', linked)
    expect(await open(linked)).toMatchObject({
      top: linked,
      gitDir: join(repo.path, '.git/worktrees/linked'),
      commonDir: join(repo.path, '.git'),
    })
  })

  test('knows the length of object ids', async () => {
    expect((await open(Repo.create({ objectFormat: 'sha256' }).path)).idLength).toBe(64)
  })

  test('knows a shallow clone', async () => {
    const repo = Repo.create()
    repo.commit('One', { a: '1' })
    repo.commit('Two', { a: '2' })
    expect((await open(repo.clone('--depth=1').path)).shallow).toBe(true)
  })

  test('knows a shallow clone in a folder whose name has a line feed', async () => {
    const repo = Repo.create()
    repo.commit('One', { a: '1' })
    repo.commit('Two', { a: '2' })
    const odd = join(temporaryFolder(), 'odd\nname')
    repo.git('clone', '-q', '--depth=1', `file://${repo.path}`, odd)
    expect(await open(odd)).toMatchObject({
      shallow: true,
      idLength: 40,
      top: odd,
      gitDir: join(odd, '.git'),
      commonDir: join(odd, '.git'),
    })
  })

  test.each([
    [
      'a folder in no repository',
      () => temporaryFolder(),
      UsageError,
      /is not in a git repository/,
    ],
    [
      'a folder that is not there',
      () => join(temporaryFolder(), 'gone'),
      UsageError,
      /is not a folder/,
    ],
    [
      'a file',
      () => {
        const file = join(temporaryFolder(), 'file')
        writeFileSync(file, '')
        return file
      },
      UsageError,
      /is not a folder/,
    ],
    [
      'a repository from the future',
      () => {
        const repo = Repo.create()
        repo.git('config', 'core.repositoryFormatVersion', '99')
        return repo.path
      },
      ScanError,
      /cannot open/,
    ],
    [
      'a repository whose configuration is broken',
      () => {
        const repo = Repo.create()
        repo.write('.git/config', '[core\n')
        return repo.path
      },
      ScanError,
      /cannot open/,
    ],
  ])('refuses %s in one line', async (_name, make, kind, message) => {
    const opened = open(make())
    await expect(opened).rejects.toThrow(kind)
    await expect(opened).rejects.toThrow(message)
    await expect(opened).rejects.toThrow(/^[^\n]*$/)
  })

  test('uses the repository of an enclosing hook only when no path was given', async () => {
    const [repo, other] = [Repo.create(), Repo.create()]
    const env = { GIT_DIR: join(other.path, '.git'), GIT_WORK_TREE: other.path }
    expect((await open(repo.path, env, true)).gitDir).toBe(join(repo.path, '.git'))
    expect((await open(other.path, env, false)).gitDir).toBe(join(other.path, '.git'))
    expect((await open(repo.path, env, false)).gitDir).toBe(join(other.path, '.git'))
  })
})

describe('commitOf', () => {
  const repo = Repo.create()
  const commit = repo.commit('Start', { a: 'a' })
  repo.git('tag', '-a', '-m', 'One', 'v1')
  repo.git('tag', 'tree', 'HEAD^{tree}')

  test.each([
    ['HEAD', commit],
    ['main', commit],
    ['v1', commit],
    [commit.slice(0, 10), commit],
    ['refs/heads/main', commit],
    ['tree', undefined],
    ['HEAD:a', undefined],
    ['gone', undefined],
    ['', undefined],
    ['--all', undefined],
    ['-h', undefined],
    ['HEAD..main', undefined],
    ['HEAD main', undefined],
    ['a\nb', undefined],
  ])('of %j is right', async (revision, id) => {
    expect(await commitOf(await open(repo.path), revision)).toBe(id)
  })
})

test('gitOutput returns the output of git, and rejects with the message of git', async () => {
  const repository = await open(Repo.create().path)
  expect(await gitOutput(repository, ['rev-parse', '--is-bare-repository'])).toBe('false\n')
  await expect(gitOutput(repository, ['cat-file', '-p', 'f'.repeat(40)])).rejects.toThrow(
    /Not a valid object name/,
  )
})
