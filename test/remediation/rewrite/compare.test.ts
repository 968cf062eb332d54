import { describe, expect, test } from 'vitest'
import { compareTrees } from '../../../src/remediation/rewrite/compare.ts'
import { compareCommits } from '../../../src/remediation/rewrite/compare-commits.ts'
import type { FilterData } from '../../../src/remediation/rewrite/filter-callbacks.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'

const hex = (text: string): string => Buffer.from(text).toString('hex')
const noEdits: FilterData = { blobs: {}, texts: {}, names: [], paths: [] }

type Files = Readonly<Record<string, string>>

/** One repository with a commit of the files before and one of those after. */
function historiesOf(before: Files, after: Files) {
  const repo = Repo.create()
  const commit = (branch: string, files: Files): string => {
    repo.git('checkout', '-q', '--orphan', branch)
    repo.tryGit(['rm', '-rfq', '.'])
    return repo.commit('Files', files)
  }
  const map = new Map([[commit('before', before), commit('after', after)]])
  const blob = (text: string): string =>
    repo.gitBytes(['hash-object', '-w', '--stdin'], text).toString().trim()
  return { map, blob, call: { cwd: repo.path, env: isolatedEnv } }
}

describe('compareTrees', () => {
  test('counts replaced blobs, and accepts what was requested', async () => {
    const { map, blob, call } = historiesOf(
      { 'a.ini': 'k=s3cret\n', 'b/c.ini': 'k=s3cret\n', 'd.txt': 'd\n' },
      { 'a.ini': 'k=X\n', 'b/c.ini': 'k=X\n', 'd.txt': 'd\n' },
    )
    const data = { ...noEdits, blobs: { [blob('k=s3cret\n')]: blob('k=X\n') } }
    expect(await compareTrees(call, map, data)).toEqual({
      commits: 1,
      changed: 1,
      replaced: 2,
      removed: [],
      wrong: [],
    })
  })

  test('lists removed files: archives, named files and named folders', async () => {
    const { map, blob, call } = historiesOf(
      { 'a.zip': 'zip', '.env': 'A=1\n', 'keys/a': 'a\n', 'keys/b/c': 'c\n', 'd.txt': 'd\n' },
      { 'd.txt': 'd\n' },
    )
    const data = { ...noEdits, blobs: { [blob('zip')]: null }, paths: [hex('.env'), hex('keys')] }
    expect(await compareTrees(call, map, data)).toMatchObject({
      removed: ['.env', 'a.zip', 'keys/a', 'keys/b/c'],
      wrong: [],
    })
  })

  test('accepts files whose name lost a secret', async () => {
    const { map, call } = historiesOf({ 'a-s3cret.txt': 'a\n' }, { 'a-REMOVED.txt': 'a\n' })
    const data = { ...noEdits, names: [[hex('s3cret'), hex('REMOVED')]] as const }
    expect(await compareTrees(call, map, data)).toMatchObject({ changed: 1, wrong: [] })
  })

  test.each<[string, Files, Files, string[]]>([
    ['another content than requested', { 'a.ini': 'k=s3cret\n' }, { 'a.ini': 'k=Y\n' }, ['a.ini']],
    ['a file that stays unedited', { 'b.txt': 'b\n' }, { 'b.txt': 'B\n' }, ['b.txt']],
    ['a missing file', { 'b.txt': 'b\n', 'c.txt': 'c\n' }, { 'c.txt': 'c\n' }, ['b.txt']],
    ['an added file', { 'c.txt': 'c\n' }, { 'c.txt': 'c\n', 'größe.txt': 'd\n' }, ['größe.txt']],
    ['a renamed file', { 'b.txt': 'b\n' }, { 'd.txt': 'b\n' }, ['b.txt', 'd.txt']],
    [
      'a folder whose name only begins alike',
      { 'keys2/a': 'a\n', c: 'c' },
      { c: 'c' },
      ['keys2/a'],
    ],
  ])('lists %s as wrong', async (_what, before, after, wrong) => {
    const { map, blob, call } = historiesOf(before, after)
    const data = {
      ...noEdits,
      blobs: { [blob('k=s3cret\n')]: blob('k=X\n') },
      paths: [hex('keys')],
    }
    expect((await compareTrees(call, map, data)).wrong).toEqual(wrong)
  })

  test('lists a changed mode as wrong, even with the requested content', async () => {
    const { map, blob, call } = historiesOf({ 'a.ini': 'k=s3cret\n' }, { 'a.ini': 'k=X\n' })
    const [oldCommit = '', newCommit = ''] = [...map].flat()
    const repo = new Repo(call.cwd)
    repo.git('checkout', '-q', newCommit)
    repo.git('update-index', '--chmod=+x', 'a.ini')
    const executable = repo.commitStaged('Mode')
    const data = { ...noEdits, blobs: { [blob('k=s3cret\n')]: blob('k=X\n') } }
    expect(await compareTrees(call, new Map([[oldCommit, executable]]), data)).toMatchObject({
      replaced: 0,
      wrong: ['a.ini'],
    })
  })

  test('does nothing for an empty history', async () => {
    const repo = Repo.create()
    expect(
      await compareTrees({ cwd: repo.path, env: isolatedEnv }, new Map(), noEdits),
    ).toMatchObject({ commits: 0, changed: 0 })
  })
})

describe('compareCommits', () => {
  const signal = new AbortController().signal

  /** A repository, and a function that writes a commit object with these fields. */
  function commitWriter() {
    const repo = Repo.create()
    repo.commit('Start')
    const tree = repo.git('rev-parse', 'HEAD^{tree}')
    const write = (
      message: string,
      { parents = [] as string[], author = 'Ada', extra = '' } = {},
    ) =>
      repo
        .gitBytes(
          ['hash-object', '-t', 'commit', '-w', '--stdin'],
          [
            `tree ${tree}`,
            ...parents.map((parent) => `parent ${parent}`),
            `author ${author} <a@example.com> 1704067200 +0000`,
            'committer Cem <c@example.com> 1704067200 +0000',
            ...(extra === '' ? [] : [extra]),
            '',
            message,
          ].join('\n'),
        )
        .toString()
        .trim()
    const compare = (map: ReadonlyMap<string, string>, data = noEdits) =>
      compareCommits({ cwd: repo.path, env: isolatedEnv, signal }, map, data)
    return { write, compare }
  }

  test('accepts rewritten parents, updated commit ids in messages and a lost signature', async () => {
    const { write, compare } = commitWriter()
    const oldRoot = write('Root')
    const newRoot = write('Root, other')
    const oldChild = write(`Revert ${oldRoot}`, {
      parents: [oldRoot],
      extra: 'gpgsig -----BEGIN\n -----END',
    })
    const newChild = write(`Revert ${newRoot}`, { parents: [newRoot] })
    const map = new Map([
      [oldRoot, newRoot],
      [oldChild, newChild],
    ])
    expect(await compare(map, { ...noEdits, texts: { [oldRoot]: [] } })).toEqual({
      astray: [],
      altered: [],
    })
  })

  test('lists commits with other parents', async () => {
    const { write, compare } = commitWriter()
    const [oldRoot, newRoot, otherRoot] = [write('Root'), write('Root 2'), write('Root 3')]
    const oldChild = write('Child', { parents: [oldRoot] })
    const newChild = write('Child', { parents: [otherRoot] })
    const map = new Map([
      [oldRoot, newRoot],
      [oldChild, newChild],
    ])
    const data = { ...noEdits, texts: { [oldRoot]: [] } }
    expect(await compare(map, data)).toEqual({ astray: [oldChild], altered: [] })
  })

  test('lists commits whose message or author changed without an edit', async () => {
    const { write, compare } = commitWriter()
    const [message, author] = [write('One'), write('Two')]
    const map = new Map([
      [message, write('One, changed')],
      [author, write('Two', { author: 'Bo' })],
    ])
    expect(await compare(map)).toEqual({ astray: [], altered: [message, author] })
    expect(await compare(map, { ...noEdits, texts: { [message]: [], [author]: [] } })).toEqual({
      astray: [],
      altered: [],
    })
  })
})
