import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { awsPair } from '../support/credentials.ts'
import { gitOutcome, hooked, stateOf } from '../support/hooked.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import { pairText } from './pair-in-report.ts'

interface Scene {
  /** Where git is run. */
  readonly repo: Repo
  /** The file that is changed; tracked, unless it is the first commit. */
  readonly file: string
  readonly args: readonly string[]
  readonly input?: string
  /** Is the change staged before? */
  readonly staged: boolean
}

async function started(): Promise<Repo> {
  const repo = Repo.create()
  repo.commit('Start', { 'prod.ini': '[shop]\n', 'app/other.txt': 'text\n' })
  return hooked(repo)
}

const plain = { file: 'prod.ini', args: ['commit', '-q', '-m', 'Go on'], staged: true }

const scenes: Readonly<Record<string, () => Promise<Scene>>> = {
  'git commit': async () => ({ ...plain, repo: await started() }),
  'git commit -a': async () => ({
    ...plain,
    repo: await started(),
    args: [...plain.args, '-a'],
    staged: false,
  }),
  'git commit PATH': async () => ({
    ...plain,
    repo: await started(),
    args: [...plain.args, '--', 'prod.ini'],
    staged: false,
  }),
  'git commit --amend': async () => ({
    ...plain,
    repo: await started(),
    args: [...plain.args, '--amend'],
  }),
  'git commit -p': async () => ({
    ...plain,
    repo: await started(),
    args: [...plain.args, '-p'],
    staged: false,
    input: 'y\n',
  }),
  'git commit from a folder below': async () => ({
    ...plain,
    repo: await started(),
    args: ['-C', 'app', ...plain.args],
  }),
  'the first commit': async () => ({ ...plain, repo: await hooked(Repo.create()) }),
  'a file with Windows line ends': async () => {
    const repo = await started()
    repo.git('config', 'core.autocrlf', 'true')
    return { ...plain, repo }
  },
  'a path with spaces and a line feed': async () => ({
    ...plain,
    repo: await started(),
    file: 'a folder/pr\nod .ini',
  }),
  'a work tree of another': async () => {
    const first = Repo.create()
    first.commit('Start', { 'prod.ini': '[shop]\n' })
    const path = join(temporaryFolder(), 'tree')
    await hooked(first)
    first.git('worktree', 'add', '-q', '-b', 'side', path)
    return { ...plain, repo: new Repo(path) }
  },
  'a submodule': async () => {
    const inner = Repo.create()
    inner.commit('Start', { 'prod.ini': '[shop]\n' })
    const outer = Repo.create()
    outer.git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      inner.path,
      'inner',
    )
    return { ...plain, repo: await hooked(new Repo(join(outer.path, 'inner'))) }
  },
  'a sparse checkout': async () => {
    const repo = await started()
    repo.commit('More', { 'big/file.txt': 'much\n' })
    repo.git('sparse-checkout', 'set', 'app')
    return { ...plain, repo }
  },
}

describe('Oakum installed in git', () => {
  test.each(Object.entries(scenes))(
    '%s: stops a pair, touches nothing, and lets a clean change pass',
    async (name, scene) => {
      const { repo, file, args, input, staged } = await scene()
      const write = (text: string): void => {
        const ends = name.includes('Windows') ? text.replaceAll('\n', '\r\n') : text
        repo.write(file, ends)
        if (staged) repo.git('add', '--', file)
      }
      write(`[shop]\n${pairText(awsPair(700 + Object.keys(scenes).indexOf(name)))}`)
      const before = stateOf(repo)
      const stopped = gitOutcome(repo, args, input === undefined ? {} : { input })
      expect(stopped.said).toContain('AWS access key')
      expect(stopped.code).not.toBe(0)
      expect(stateOf(repo)).toEqual(before)

      write('[shop]\nopen = yes\n')
      const passed = gitOutcome(repo, args, input === undefined ? {} : { input })
      expect(passed).toMatchObject({ code: 0 })
      expect(repo.git('status', '--porcelain')).toBe('')
    },
  )

  test('a merge that brings a pair in stops before its commit; a clean one passes', async () => {
    const repo = await started()
    for (const [branch, text] of [
      ['bad', pairText(awsPair(730))],
      ['good', 'open = yes\n'],
    ] as const) {
      repo.git('checkout', '-q', '-b', branch, 'main')
      repo.write(`${branch}.ini`, `[${branch}]\n${text}`).git('add', '-A')
      repo.git('commit', '-q', '--no-verify', '-m', branch)
    }
    repo.git('checkout', '-q', 'main')
    repo.write('app/other.txt', 'changed\n').git('commit', '-qam', 'Go on')
    const head = repo.git('rev-parse', 'HEAD')
    const stopped = gitOutcome(repo, ['merge', '--no-edit', 'bad'])
    expect(stopped.said).toContain('AWS access key')
    expect(stopped.code).not.toBe(0)
    expect(repo.git('rev-parse', 'HEAD')).toBe(head)
    repo.git('merge', '--abort')
    expect(repo.git('status', '--porcelain')).toBe('')
    expect(gitOutcome(repo, ['merge', '--no-edit', 'good']).code).toBe(0)
    expect(repo.git('rev-parse', 'HEAD^2')).toBe(repo.git('rev-parse', 'good'))
  })

  test('a push stops what a cherry-pick brought, which no hook of a commit saw', async () => {
    const repo = await started()
    const remote = Repo.create({ bare: true })
    repo.git('remote', 'add', 'origin', remote.path)
    expect(gitOutcome(repo, ['push', '-q', 'origin', 'main']).code).toBe(0)
    repo.git('checkout', '-q', '-b', 'side')
    repo.write('prod.ini', pairText(awsPair(731))).git('commit', '-qam', 'Pair', '--no-verify')
    repo.git('checkout', '-q', 'main')
    repo.git('cherry-pick', 'side')
    const stopped = gitOutcome(repo, ['push', '-q', 'origin', 'main'])
    expect(stopped.said).toContain('AWS access key')
    expect(stopped.code).not.toBe(0)
    expect(remote.git('rev-parse', 'main')).toBe(repo.git('rev-parse', 'main~1'))
  })
})
