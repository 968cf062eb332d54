import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  carriedRefs,
  isSameRefState,
  readRefs,
  updateRefs,
} from '../../../src/remediation/rewrite/refs.ts'
import { ScanError } from '../../../src/model/errors.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'

const placeOf = (repo: Repo) => ({ cwd: repo.path, env: isolatedEnv })

describe('readRefs', () => {
  test('reads direct and symbolic refs with the kind of their object, and the branch of HEAD', async () => {
    const repo = Repo.create()
    const commit = repo.commit('Start', { 'a.txt': 'a\n' })
    const blob = repo.git('rev-parse', 'HEAD:a.txt')
    repo.git('tag', '-a', '-m', 'One', 'v1')
    repo.git('update-ref', 'refs/keep/blob', blob)
    repo.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/heads/main')
    const { all, head } = await readRefs(placeOf(repo))
    expect(all).toEqual([
      { name: 'refs/heads/main', id: commit, kind: 'commit', symbolic: '' },
      { name: 'refs/keep/blob', id: blob, kind: 'blob', symbolic: '' },
      { name: 'refs/remotes/origin/HEAD', id: commit, kind: 'commit', symbolic: 'refs/heads/main' },
      { name: 'refs/tags/v1', id: repo.git('rev-parse', 'v1'), kind: 'tag', symbolic: '' },
    ])
    expect(head).toEqual({ branch: 'refs/heads/main' })
  })

  test('reads a detached HEAD, and the branch of an unborn one', async () => {
    const repo = Repo.create()
    expect(await readRefs(placeOf(repo))).toEqual({ all: [], head: { branch: 'refs/heads/main' } })
    const commit = repo.commit('Start')
    repo.git('checkout', '-q', '--detach')
    expect((await readRefs(placeOf(repo))).head).toEqual({ commit })
  })

  test('keeps the bytes of a name that is not UTF-8', async () => {
    const repo = Repo.create()
    const commit = repo.commit('Start')
    const name = 'refs/heads/f\u00fcr'
    await updateRefs(placeOf(repo), [{ name, id: commit }])
    expect((await readRefs(placeOf(repo))).all.map((ref) => ref.name)).toContain(name)
  })

  test('fails for a broken ref', async () => {
    const repo = Repo.create()
    repo.commit('Start')
    writeFileSync(repo.at('.git/refs/heads/broken'), 'nothing\n')
    await expect(readRefs(placeOf(repo))).rejects.toThrow(ScanError)
  })
})

test('carriedRefs drops refs of one work tree and replacements', async () => {
  const repo = Repo.create()
  const id = repo.commit('Start')
  for (const name of [
    'refs/bisect/bad',
    'refs/worktree/x',
    'refs/rewritten/x',
    `refs/replace/${'1'.repeat(40)}`,
    'refs/replaced',
    'refs/notes/commits',
    'refs/stash',
  ])
    repo.git('update-ref', name, id)
  const { carried, dropped } = carriedRefs(await readRefs(placeOf(repo)))
  expect(carried.map(({ name }) => name)).toEqual([
    'refs/heads/main',
    'refs/notes/commits',
    'refs/replaced',
    'refs/stash',
  ])
  expect(dropped.map(({ name }) => name)).toEqual([
    'refs/bisect/bad',
    `refs/replace/${'1'.repeat(40)}`,
    'refs/rewritten/x',
    'refs/worktree/x',
  ])
})

describe('updateRefs', () => {
  test('creates, moves and deletes', async () => {
    const repo = Repo.create()
    const [first, second] = [repo.commit('One'), repo.commit('Two')]
    repo.git('branch', 'old', first)
    repo.git('branch', 'moving', first)
    await updateRefs(placeOf(repo), [
      { name: 'refs/heads/new', id: first },
      { name: 'refs/heads/moving', id: second },
      { name: 'refs/heads/old', id: '' },
    ])
    expect(repo.git('for-each-ref', '--format=%(refname:short) %(objectname)')).toBe(
      [`main ${second}`, `moving ${second}`, `new ${first}`].join('\n'),
    )
  })

  test('changes nothing when one update is refused', async () => {
    const repo = Repo.create()
    const id = repo.commit('One')
    const before = await readRefs(placeOf(repo))
    const updates = [
      { name: 'refs/heads/new', id },
      { name: 'refs/heads/wrong', id: 'f'.repeat(40) },
    ]
    await expect(updateRefs(placeOf(repo), updates)).rejects.toThrow(ScanError)
    expect(isSameRefState(before, await readRefs(placeOf(repo)))).toBe(true)
  })
})

test('isSameRefState sees a moved ref and a moved HEAD', async () => {
  const repo = Repo.create()
  repo.commit('One')
  const before = await readRefs(placeOf(repo))
  expect(isSameRefState(before, await readRefs(placeOf(repo)))).toBe(true)
  repo.commit('Two')
  const moved = await readRefs(placeOf(repo))
  expect(isSameRefState(before, moved)).toBe(false)
  repo.git('checkout', '-q', '--detach')
  expect(isSameRefState(moved, await readRefs(placeOf(repo)))).toBe(false)
})
