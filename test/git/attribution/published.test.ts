import { describe, expect, test } from 'vitest'
import type { Attribution } from '../../../src/model/model.ts'
import { scan } from '../../../src/scan/scan.ts'
import { githubToken } from '../../support/credentials.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../support/repo.ts'

const token = (seed: number): string => `token: ${githubToken(seed)}\n`

/** The exposure of each token in a repository's history. */
async function attributions(repo: Repo): Promise<(seed: number) => Attribution | undefined> {
  const { findings, receipt } = await scan(
    { name: 'history' },
    { cwd: repo.path, env: isolatedEnv },
  )
  expect(receipt.skipped).toEqual([])
  return (seed) =>
    findings.find(({ parts }) => parts[0]?.secret.reveal() === githubToken(seed))?.attribution
}

/** A clone with a remote `origin` that has its branch `main`. */
function pushed(): { readonly repo: Repo; readonly origin: Repo } {
  const origin = Repo.create({ bare: true })
  const repo = Repo.create()
  repo.git('remote', 'add', 'origin', `file://${origin.path}`)
  repo.commit('Start', { 'a.txt': 'a\n' })
  repo.git('push', '-q', 'origin', 'main')
  return { repo, origin }
}

const [
  inPushed,
  inUnpushed,
  inTag,
  inStash,
  inReflog,
  inDangling,
  inRemoteOnly,
  inFork,
  inDetached,
  inNotes,
] = Array.from({ length: 10 }, (_, n) => 901 + n) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
]

test('exposure is right for each way in which a clone can contain a secret', async () => {
  const { repo, origin } = pushed()
  repo.commit('Pushed', { 'pushed.yml': token(inPushed) })
  repo.git('push', '-q', 'origin', 'main')

  // Another clone pushes a branch that this one only fetches.
  const other = origin.clone()
  other.git('checkout', '-q', '-b', 'theirs')
  other.commit('Remote only', { 'remote.yml': token(inRemoteOnly) })
  other.git('push', '-q', 'origin', 'theirs')
  repo.git('fetch', '-q', 'origin')

  const fork = Repo.create({ bare: true })
  repo.git('remote', 'add', 'fork', `file://${fork.path}`)
  repo.git('checkout', '-q', '-b', 'forked')
  repo.commit('Fork', { 'fork.yml': token(inFork) })
  repo.git('push', '-q', 'fork', 'forked')

  repo.git('checkout', '-q', 'main')
  repo.commit('Tagged', { 'tag.yml': token(inTag) })
  repo.git('tag', '-a', '-m', 'v1', 'v1')
  repo.git('reset', '-q', '--hard', 'HEAD~1')
  repo.write('a.txt', token(inStash)).git('stash', '-q')
  repo.git('notes', 'add', '-m', token(inNotes))
  repo.commit('Reset away', { 'reflog.yml': token(inReflog) })
  repo.git('reset', '-q', '--hard', 'HEAD~1')
  const tree = repo
    .write('dangling.yml', token(inDangling))
    .git('hash-object', '-w', 'dangling.yml')
  repo.remove('dangling.yml')
  repo.gitBytes(
    ['hash-object', '-t', 'commit', '-w', '--stdin'],
    `tree ${repo.gitBytes(['mktree'], `100644 blob ${tree}\tdangling.yml\n`).toString().trim()}\nauthor A <a@example.com> 1 +0000\ncommitter A <a@example.com> 1 +0000\n\nnobody\n`,
  )
  repo.commit('Not pushed', { 'unpushed.yml': token(inUnpushed) })
  repo.git('checkout', '-q', '--detach')
  repo.commit('Detached', { 'detached.yml': token(inDetached) })

  const of = await attributions(repo)
  const exposures = {
    inPushed,
    inUnpushed,
    inTag,
    inStash,
    inReflog,
    inDangling,
    inRemoteOnly,
    inFork,
    inDetached,
    inNotes,
  }
  expect(
    Object.fromEntries(Object.entries(exposures).map(([name, seed]) => [name, of(seed)?.exposure])),
  ).toEqual({
    inPushed: 'published',
    inUnpushed: 'pending',
    inTag: 'pending',
    inStash: 'local',
    inReflog: 'local',
    inDangling: 'local',
    inRemoteOnly: 'published',
    inFork: 'published',
    inDetached: 'local',
    inNotes: 'local',
  })
  expect(of(inRemoteOnly)?.refs).toEqual(['refs/remotes/origin/theirs'])
  expect(of(inFork)?.refs).toEqual(['refs/heads/forked', 'refs/remotes/fork/forked'])
})

describe('an object that a remote had once is published', () => {
  test('when a forced push removed it, and the log of the tracking ref still has it', async () => {
    const { repo } = pushed()
    repo.commit('Oops', { 'oops.yml': token(911) })
    repo.git('push', '-q', 'origin', 'main')
    repo.git('reset', '-q', '--hard', 'HEAD~1')
    repo.commit('Better', { 'b.txt': 'b\n' })
    repo.git('push', '-q', '--force', 'origin', 'main')
    expect((await attributions(repo))(911)).toMatchObject({
      exposure: 'published',
      refs: ['logs/refs/remotes/origin/main'],
    })
  })

  test('when it was fetched from a URL and into no ref', async () => {
    const { repo } = pushed()
    const stranger = Repo.create()
    stranger.commit('Theirs', { 'theirs.yml': token(912) })
    repo.git('fetch', '-q', `file://${stranger.path}`, 'main')
    expect((await attributions(repo))(912)).toMatchObject({
      exposure: 'published',
      refs: ['FETCH_HEAD'],
    })
  })
})

describe('branches count as published', () => {
  test.each([
    ['mirror', '--mirror'],
    ['bare clone', '--bare'],
  ])('in a %s', async (_name, option) => {
    const origin = Repo.create()
    origin.commit('Start', { 'a.yml': token(913) })
    expect((await attributions(origin.clone(option)))(913)).toMatchObject({
      exposure: 'published',
      refs: ['refs/heads/main'],
    })
  })

  test('when a refspec maps to them, and not in a clone with other refspecs', async () => {
    const { repo } = pushed()
    repo.commit('New', { 'new.yml': token(914) })
    repo.git('update-ref', 'refs/backup/main', 'HEAD')
    repo.git('reset', '-q', '--hard', 'HEAD~1')
    expect((await attributions(repo))(914)?.exposure).toBe('local')
    repo.git('config', '--add', 'remote.origin.fetch', '+refs/heads/*:refs/backup/*')
    expect((await attributions(repo))(914)?.exposure).toBe('published')
  })
})

test('without a remote nothing is published: branches are pending', async () => {
  const repo = Repo.create()
  repo.commit('Start', { 'a.yml': token(915) })
  expect((await attributions(repo))(915)?.exposure).toBe('pending')
  const server = new Repo(`${temporaryFolder()}/server`)
  repo.git('clone', '-q', '--bare', `file://${repo.path}`, server.path)
  server.git('remote', 'remove', 'origin')
  expect((await attributions(server))(915)?.exposure).toBe('pending')
})
