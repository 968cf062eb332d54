import { describe, expect, test } from 'vitest'
import { parseRawDiff, type RawChange } from '../../../src/git/commands/diff-raw.ts'
import { pathKey } from '../../../src/git/commands/path.ts'
import { openRepository } from '../../../src/git/commands/repository.ts'
import { catFileReader } from '../../../src/git/objects/cat-file-reader.ts'
import { compareCommit, listFilesOf } from '../../../src/git/objects/compare-trees.ts'
import { randomCommits } from '../../support/commits.ts'
import { streamOf } from '../../support/pieces.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'
import { seedsOf } from '../../support/rounds.ts'
import { writeTreeBomb } from '../../support/tree-bomb.ts'

const { signal } = new AbortController()

async function contextOf(repo: Repo) {
  const repository = await openRepository({ path: repo.path, explicit: true, env: isolatedEnv })
  return { reader: catFileReader(repository, 1), signal, idBytes: repository.idLength / 2 }
}

const keyOf = ({ id, mode, path }: RawChange): string => `${mode} ${id} ${pathKey(path)}`
const versionOf = ({ id, mode }: RawChange): string => `${mode} ${id}`

/** Returns the files that git's own comparison adds and changes, and the number of all paths. */
async function gitChanges(
  repo: Repo,
  commit: string,
): Promise<{ readonly added: readonly RawChange[]; readonly paths: number }> {
  const args = ['diff-tree', '--root', '-r', '-c', '--raw', '-z', '--no-renames', '--no-abbrev']
  const output = repo.gitBytes([...args, commit])
  const all: RawChange[] = []
  for await (const change of parseRawDiff(streamOf([output]))) all.push(change)
  return { added: all.filter(({ mode }) => mode !== '000000'), paths: all.length }
}

describe('compareCommit', () => {
  test.each(seedsOf([1, 2]))(
    'lists every version of a file that git lists: seed %i',
    async (seed) => {
      const repo = randomCommits(seed, { commits: 25 })
      const context = await contextOf(repo)
      for (const commit of repo.git('rev-list', '--all').split('\n')) {
        const { added, paths } = await gitChanges(repo, commit)
        const compared = await compareCommit(commit, context)
        const keys = new Set(added.map(keyOf))
        expect(compared.changes.map(keyOf).filter((key) => !keys.has(key))).toEqual([])
        expect(new Set(compared.changes.map(versionOf))).toEqual(new Set(added.map(versionOf)))
        if (compared.changes.every(({ hasMorePaths }) => hasMorePaths !== true))
          expect(compared.changes.map(keyOf).sort()).toEqual([...keys].sort())
        expect(compared.paths).toBeGreaterThanOrEqual(paths)
      }
    },
  )

  test('counts the paths of folders within folders without visiting them', async () => {
    const repo = Repo.create()
    const tree = writeTreeBomb(repo, 'x\n', 20, 2)
    const bomb = repo.git('commit-tree', '-m', 'Bomb', tree)
    const empty = repo.gitBytes(['mktree'], '').toString().trim()
    const removal = repo.git('commit-tree', '-p', bomb, '-m', 'Remove', empty)
    const context = await contextOf(repo)
    const { paths, changes } = await listFilesOf(bomb, context)
    expect([paths, changes.map(({ hasMorePaths }) => hasMorePaths)]).toEqual([
      2 ** 20,
      [true, true],
    ])
    expect(await compareCommit(removal, context)).toEqual({
      paths: 2 ** 20,
      changes: [],
      skips: [],
    })
  })
})
