import { describe, expect, test } from 'vitest'
import { openRepository } from '../../../src/git/commands/repository.ts'
import { pathBytes } from '../../../src/git/commands/path.ts'
import type { Skip } from '../../../src/model/model.ts'
import { defaultLimits } from '../../../src/model/limits.ts'
import { worktreeSource, type WorktreeOptions } from '../../../src/scan/sources/worktree.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'

interface Read {
  /** Content by path, whose bytes are characters. */
  readonly contents: Readonly<Record<string, string>>
  readonly skips: readonly Skip[]
}

async function read(repo: Repo, options: Partial<WorktreeOptions> = {}): Promise<Read> {
  const repository = await openRepository({ path: repo.path, explicit: true, env: isolatedEnv })
  const source = worktreeSource(
    { ...repository, top: repo.path },
    { all: true, folders: [], files: [], limits: { ...defaultLimits, jobs: 2 }, ...options },
  )
  const contents: Record<string, string> = {}
  const skips: Skip[] = []
  for await (const batch of source.blobs(new AbortController().signal)) {
    for (const item of batch) {
      if ('outcome' in item) skips.push(item)
      else if ('origins' in item && item.origins[0].inName === undefined)
        contents[pathBytes(item.origins[0].path!).toString('latin1')] = Buffer.from(
          item.bytes,
        ).toString()
    }
  }
  return { contents, skips }
}

describe('worktreeSource', () => {
  test('reads the files that git would commit, as they are on disk', async () => {
    const repo = Repo.create()
    repo.commit('Start', {
      tracked: 'old',
      gone: 'x',
      '.gitignore': 'ignored\n*.log\n',
      'kept.log': 'log',
    })
    repo.git('add', '-f', 'kept.log')
    repo.write('tracked', 'new').write('untracked', 'u').write('ignored', 'no').remove('gone')
    expect((await read(repo)).contents).toEqual({
      tracked: 'new',
      untracked: 'u',
      '.gitignore': 'ignored\n*.log\n',
      'kept.log': 'log',
    })
  })

  test('reads two files whose names are shown alike', async () => {
    const repo = Repo.create()
    const bytes = Buffer.from([0x61, 0xff])
    repo.write(bytes, 'bytes').write(String.raw`a\xff`, 'text')
    const expected = { [bytes.toString('latin1')]: 'bytes', [String.raw`a\xff`]: 'text' }
    expect((await read(repo)).contents).toEqual(expected)
    repo.commit('Start')
    expect((await read(repo)).contents).toEqual(expected)
  })

  test('reads files whose names look like options or patterns of git', async () => {
    const repo = Repo.create()
    const files = {
      '-n': '1',
      '--all': '2',
      ':(top)x': '3',
      '*': '4',
      '[a]': '5',
      'a\nb': '6',
      ':!y': '7',
    }
    for (const [path, content] of Object.entries(files)) repo.write(path, content)
    expect((await read(repo)).contents).toEqual(files)
    expect((await read(repo, { all: false, folders: ['*'] })).contents).toEqual({ '*': '4' })
  })

  test('reads only the named folders and files, even ignored files', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a/1': '1', 'a/b/2': '2', 'ab/3': '3', '.gitignore': 'secret\n' })
    repo.write('secret', 's').write('a/new', 'n')
    expect((await read(repo, { all: false, folders: ['a'] })).contents).toEqual({
      'a/1': '1',
      'a/b/2': '2',
      'a/new': 'n',
    })
    expect((await read(repo, { all: false, files: ['secret'] })).contents).toEqual({ secret: 's' })
    expect(
      (await read(repo, { all: false, folders: ['ab'], files: ['secret', 'ab/3'] })).contents,
    ).toEqual({ 'ab/3': '3', secret: 's' })
  })

  test('reads an unmerged file once, as it is on disk', async () => {
    const repo = Repo.create()
    repo.commit('Start', { a: '1\n' })
    repo.git('checkout', '-q', '-b', 'side')
    repo.commit('Side', { a: '2\n' })
    repo.git('checkout', '-q', 'main')
    repo.commit('Main', { a: '3\n' })
    const { contents } = await read(repo.merge('side'))
    expect(Object.keys(contents)).toEqual(['a'])
    expect(contents['a']).toMatch(/^<{7}/)
  })

  test('reports a listed file that is missing, unless git tracks it', async () => {
    const repo = Repo.create()
    repo.commit('Start', { a: '1\n' })
    expect((await read(repo, { all: false, files: ['gone'] })).skips).toEqual([
      { outcome: 'failed', reason: 'unreadable', path: { text: 'gone' }, detail: 'ENOENT' },
    ])
    expect((await read(repo.remove('a'))).skips).toEqual([])
  })
})
