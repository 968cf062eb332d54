import { describe, expect, test } from 'vitest'
import { scan } from '../../../src/scan/scan.ts'
import { fakeGit } from '../../e2e/fake-git.ts'
import { nameOf, writePack } from '../../support/pack-writer.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'
import { plainLines } from './planted-secrets.ts'

/** Returns a repository with twelve versions of a folder of forty files. */
function versions(): Repo {
  const repo = Repo.create()
  for (let at = 0; at < 40; at += 1) repo.write(`folder/file-${at}-with-a-long-name.txt`, `${at}\n`)
  for (let at = 0; at < 12; at += 1)
    repo.commit(`Change ${at}\n\n${plainLines(20, 1).join('\n')}`, {
      [`folder/file-${at}-with-a-long-name.txt`]: `changed ${at}\n`,
      [`folder/inner-${at}/a.txt`]: `${at}\n`,
    })
  return repo
}

/** Returns a copy whose only pack lacks an object. */
function without(repo: Repo, name: string): { readonly repo: Repo; readonly id: string } {
  const id = repo.git('rev-parse', name)
  const all = repo.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n')
  const copy = Repo.create()
  copy.write('.git/objects/info/alternates', `${repo.path}/.git/objects\n`)
  copy.gitBytes(
    ['pack-objects', '-q', '--depth=50', '--window=50', `${copy.path}/.git/objects/pack/pack`],
    `${all.filter((one) => one !== id).join('\n')}\n`,
  )
  copy.git('update-ref', 'refs/heads/main', repo.git('rev-parse', 'main'))
  copy.remove('.git/objects/info/alternates')
  return { repo: copy, id }
}

describe('a history', () => {
  const whole = versions()

  test.each([
    ['a blob of its last tree', 'HEAD:folder/file-11-with-a-long-name.txt'],
    ['a blob of an old tree', 'HEAD~8:folder/file-9-with-a-long-name.txt'],
    ['an old tree', 'HEAD~6:folder'],
    ['a small tree', 'HEAD~3:folder/inner-5'],
    ['a commit', 'HEAD~4'],
  ])('is incomplete without %s, with every reader', async (_what, name) => {
    const { repo, id } = without(whole, name)
    for (const reader of ['cat-file', 'pack', 'zlib'] as const) {
      const { receipt } = await scan(
        { name: 'history', path: repo.path },
        { reader, env: isolatedEnv, rules: ['github-token'] },
      )
      expect([reader, receipt.complete, JSON.stringify(receipt.skipped).includes(id)]).toEqual([
        reader,
        false,
        true,
      ])
    }
  })

  test('is incomplete without its last commit, with every reader', async () => {
    const { repo } = without(whole, 'HEAD')
    for (const reader of ['cat-file', 'pack', 'zlib'] as const) {
      const { receipt } = await scan(
        { name: 'history', path: repo.path },
        { reader, env: isolatedEnv, rules: ['github-token'] },
      )
      expect([reader, receipt.complete]).toEqual([reader, false])
    }
  })

  test.each(['', ' '])(
    'is incomplete, or not, with a tree entry named "%s", as git says',
    async (name) => {
      const repo = Repo.create()
      const blob = Buffer.from('a\n')
      const id = Buffer.from(nameOf(blob), 'hex')
      const tree = Buffer.concat([
        Buffer.from(`100644 ${name}\0`),
        id,
        Buffer.from('100644 b\0'),
        id,
      ])
      const person = 'Ada Author <ada@example.com> 1704067200 +0000'
      const commit = Buffer.from(
        `tree ${nameOf(tree, 'tree')}\nauthor ${person}\ncommitter ${person}\n\nStart\n`,
      )
      writePack(`${repo.path}/.git/objects`, [
        { content: blob },
        { content: tree, kind: 'tree' },
        { content: commit, kind: 'commit' },
      ])
      repo.write('.git/refs/heads/main', `${nameOf(commit, 'commit')}\n`)
      const isWhole = repo.tryGit(['rev-list', '--objects', '--all']).code === 0
      expect(isWhole).toBe(name !== '')
      for (const reader of ['cat-file', 'pack', 'zlib'] as const) {
        const { receipt } = await scan(
          { name: 'history', path: repo.path },
          { reader, env: isolatedEnv, rules: ['github-token'] },
        )
        expect([reader, receipt.complete]).toEqual([reader, isWhole])
      }
    },
  )

  test('is incomplete without an object of the index, in whatever folder it is scanned', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a/b.txt': 'b\n' })
    repo.git('update-index', '--add', '--cacheinfo', `100644,${'ab'.repeat(20)},lost.txt`)
    for (const reader of ['cat-file', 'pack', 'zlib'] as const) {
      const { receipt } = await scan(
        { name: 'history', path: `${repo.path}/a` },
        { reader, env: isolatedEnv, rules: ['github-token'] },
      )
      expect([reader, receipt.skipped.map(({ reason, object }) => `${reason} ${object}`)]).toEqual([
        reader,
        [`missing ${'ab'.repeat(20)}`],
      ])
    }
  })

  test.each(['--filter=blob:none', '--filter=tree:0'])(
    'is incomplete in a partial clone (%s), with every reader',
    async (filter) => {
      whole.git('config', 'uploadpack.allowFilter', 'true')
      const clone = whole.clone('--no-checkout', filter)
      for (const reader of ['cat-file', 'pack', 'zlib'] as const) {
        const { receipt } = await scan(
          { name: 'history', path: clone.path },
          { reader, env: isolatedEnv, rules: ['github-token'] },
        )
        expect([reader, receipt.complete]).toEqual([reader, false])
      }
    },
  )

  test.each(['github-token', 'aws'])(
    'is complete when nothing is missing, without a walk by git: %s',
    async (rules) => {
      const walk = fakeGit(`case " $* " in *' rev-list '*) exit 9 ;; esac; exec "$real" "$@"`)
      const repo = whole.clone('--bare')
      // The mode of a folder as old programs wrote it.
      const tree = whole
        .gitBytes(['cat-file', 'tree', 'HEAD^{tree}'])
        .toString('latin1')
        .replaceAll('40000 folder', '040000 folder')
      const id = repo
        .gitBytes(
          ['hash-object', '-w', '-t', 'tree', '--stdin', '--literally'],
          Buffer.from(tree, 'latin1'),
        )
        .toString()
        .trim()
      repo.git('update-ref', 'refs/heads/old', repo.git('commit-tree', '-m', 'Old', id))
      repo.git('repack', '-adfq', '--depth=50', '--window=50')
      for (const reader of ['pack', 'zlib'] as const) {
        const { receipt } = await scan(
          { name: 'history', path: repo.path },
          { reader, env: { ...isolatedEnv, ...walk }, rules: [rules] },
        )
        expect([reader, receipt.complete, receipt.skipped]).toEqual([reader, true, []])
      }
      const { receipt } = await scan(
        { name: 'history', path: whole.path },
        { reader: 'cat-file', env: { ...isolatedEnv, ...walk }, rules: [rules] },
      )
      expect(receipt.complete).toBe(false)
    },
  )

  test('is complete with a file that is intended to be added, without a walk by git', async () => {
    const walk = fakeGit(`case " $* " in *' rev-list '*) exit 9 ;; esac; exec "$real" "$@"`)
    const repo = Repo.create()
    repo.commit('Start', { 'a.txt': 'a\n' })
    repo.write('b.txt', 'b\n').git('add', '--intent-to-add', 'b.txt')
    const { receipt } = await scan(
      { name: 'history', path: repo.path },
      { reader: 'pack', env: { ...isolatedEnv, ...walk }, rules: ['github-token'] },
    )
    expect(receipt.skipped).toEqual([])
  })
})
