import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ScanResult } from '../../../src/model/outcome.ts'
import { scan } from '../../../src/scan/scan.ts'
import type { ScanOptions } from '../../../src/model/target.ts'
import { comparable, copied } from '../packfile/planted-secrets.ts'
import {
  awsPair,
  awsPairWithoutSlash,
  githubToken,
  type Pair,
  password,
} from '../../support/credentials.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../support/repo.ts'

const keys = ({ id, secret }: Pair): string =>
  `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`

/** A repository with secrets in HEAD, removed, in a branch, a tag and a stash; none in names. */
function scattered(): Repo {
  const repo = Repo.create()
  repo.write(Buffer.from('caf\xe9/prod.ini', 'latin1'), keys(awsPair(2600)))
  repo.commit('Start', { 'old.ini': keys(awsPair(2601)) })
  repo.remove('old.ini').commit('Remove')
  repo.git('checkout', '-q', '-b', 'side')
  repo.commit('Aside', { 'side.ini': keys(awsPair(2602)) })
  repo.gitBytes(['tag', '-a', '-F', '-', 'v1'], `First\n\ntoken ${githubToken(2603)}\n`)
  repo.git('tag', 'file', 'HEAD:side.ini')
  repo.git('checkout', '-q', 'main')
  repo.write('a.txt', keys(awsPair(2604))).git('add', '-A')
  repo.git('stash', '-q')
  repo.commit('Go on', { 'b/b.txt': 'b\n' })
  return repo
}

const scene = scattered()
scene.git('repack', '-adq')

/** Scans with the cache and without it, and expects the same result. */
async function expectTrue(
  repo: Repo,
  state: string,
  options: ScanOptions = {},
): Promise<ScanResult> {
  const history = (cache: boolean): Promise<ScanResult> =>
    scan(
      { name: 'history', path: repo.path },
      { reader: 'pack', ...options, cache, env: { ...isolatedEnv, XDG_STATE_HOME: state } },
    )
  const found = await history(true)
  expect(comparable(found)).toEqual(comparable(await history(false)))
  return found
}

function kept(repo: Repo): string {
  return readFileSync(join(repo.path, '.git/oakum/attribution.json'), 'latin1')
}

const acts: readonly (readonly [what: string, act: (repo: Repo) => unknown])[] = [
  ['nothing came', () => {}],
  ['a branch stands elsewhere', (repo) => repo.git('branch', '-f', 'side', 'main~1')],
  ['a branch is gone', (repo) => repo.git('branch', '-D', 'side')],
  ['another branch is checked out', (repo) => repo.git('checkout', '-q', 'side')],
  ['an old commit is checked out', (repo) => repo.git('checkout', '-q', 'main~2')],
  ['HEAD leads nowhere', (repo) => repo.git('checkout', '-q', '--orphan', 'none')],
  ['a tag came', (repo) => repo.git('tag', '-a', '-m', 'Second', 'v2', 'side')],
  [
    'a tag with a message came',
    (repo) =>
      repo.gitBytes(['tag', '-a', '-F', '-', 'v2', 'v1'], `Second\n\ntoken ${githubToken(2605)}\n`),
  ],
  ['it was pushed', (repo) => repo.git('update-ref', 'refs/remotes/origin/side', 'side')],
  [
    'it was fetched',
    (repo) =>
      writeFileSync(
        join(repo.path, '.git/FETCH_HEAD'),
        `${repo.git('rev-parse', 'side')}\t\tbranch 'side' of elsewhere\n`,
      ),
  ],
  [
    'branches are what a remote has',
    (repo) => repo.git('config', 'remote.origin.fetch', '+refs/heads/*:refs/heads/*'),
  ],
  ['a stash is gone', (repo) => repo.git('stash', 'clear')],
  ['a commit came', (repo) => repo.commit('More', { 'more.ini': keys(awsPair(2606)) })],
  [
    'a commit came that takes one out',
    (repo) => repo.remove(Buffer.from('caf\xe9/prod.ini', 'latin1')).commit('Remove'),
  ],
  [
    'a file came that is in no commit',
    (repo) => repo.write('more.ini', keys(awsPair(2606))).git('add', '-A'),
  ],
  ['what is kept of commits is gone', (repo) => rmSync(join(repo.path, '.git/oakum/commits.json'))],
]

describe('the cache of attribution answers', () => {
  test.each(acts)('is right where %s', async (_what, act) => {
    const [repo, state] = [copied(scene), temporaryFolder()]
    expect((await expectTrue(repo, state)).findings).toHaveLength(5)
    act(repo)
    const { receipt } = await expectTrue(repo, state)
    expect(receipt.complete).toBe(true)
    await expectTrue(repo, state)
  })

  test('is right after several changes in a row', async () => {
    const [repo, state] = [copied(scene), temporaryFolder()]
    for (const [what, act] of acts) {
      if (what !== 'a branch is gone' && what !== 'HEAD leads nowhere') act(repo)
      if (what === 'a tag came') repo.git('tag', '-d', 'v2')
      expect((await expectTrue(repo, state)).findings.length).toBeGreaterThan(4)
    }
  })

  test('suffices when there are no new commits: no commit is read', async () => {
    const [repo, state] = [copied(scene), temporaryFolder()]
    await expectTrue(repo, state)
    rmSync(join(repo.path, '.git/oakum/commits.json'))
    await expectTrue(repo, state)
    // Reading all commits would have written them to the cache.
    expect(existsSync(join(repo.path, '.git/oakum/commits.json'))).toBe(false)
  })

  test('contains names of files and people, unless a name contains a secret', async () => {
    const [repo, other, state] = [copied(scene), copied(scene), temporaryFolder()]
    const author = scene.git('log', '-1', '--format=%an')
    const pair = awsPairWithoutSlash(2607)
    other.commit('Name', { [`${pair.id}:${pair.secret}`]: 'x\n' })
    await expectTrue(repo, state)
    await expectTrue(other, state)
    for (const name of ['side.ini', author])
      expect([kept(repo).includes(name), kept(other).includes(name)]).toEqual([true, false])
  })

  const words = password(2610)
  const told: readonly (readonly [
    what: string,
    tell: (repo: Repo) => unknown,
    options: ScanOptions,
  ])[] = [
    [
      'a path holds a password that was found elsewhere',
      (repo) => repo.commit('Save', { [`backup-${words}/.env`]: `SMTP_PASSWORD=${words}\n` }),
      {},
    ],
    [
      'so does an author',
      (repo) =>
        repo.write('.env', `SMTP_PASSWORD=${words}\n`).git('add', '-A') +
        repo.git('commit', '-q', '-m', 'Save', '--author', `${words} <a@example.com>`),
      {},
    ],
    [
      'only some rules were asked for, and another finds a name',
      (repo) =>
        repo.commit('Save', { [`x-${githubToken(2611)}/.env`]: `SMTP_PASSWORD=${words}\n` }),
      { rules: ['dotenv'] },
    ],
  ]
  test.each(told)('contains no names when %s', async (_what, tell, options) => {
    const [repo, state] = [Repo.create(), temporaryFolder()]
    repo.commit('Start', { 'a.ini': keys(awsPair(2612)) })
    tell(repo)
    await expectTrue(repo, state, options)
    for (const secret of [words, githubToken(2611)]) expect(kept(repo)).not.toContain(secret)
    await expectTrue(repo, state, options)
    expect(kept(repo)).not.toContain(words)
  })

  test('loses its names when one contains a secret that is found only now', async () => {
    const [repo, state] = [Repo.create(), temporaryFolder()]
    repo.commit('Start', { [`backup-${words}/a.ini`]: keys(awsPair(2612)) })
    await expectTrue(repo, state)
    expect(kept(repo)).toContain(words)
    repo.commit('Save', { 'b/.env': `SMTP_PASSWORD=${words}\n` })
    await expectTrue(repo, state)
    expect(kept(repo)).not.toContain(words)
  })

  test('contains names once all rules were used', async () => {
    const [repo, state] = [copied(scene), temporaryFolder()]
    await expectTrue(repo, state, { rules: ['aws', 'github-token'] })
    expect(kept(repo)).not.toContain('side.ini')
    await expectTrue(repo, state)
    expect(kept(repo)).toContain('side.ini')
  })

  test('is right when commits are read again for fewer findings', async () => {
    const [repo, state] = [Repo.create(), temporaryFolder()]
    repo.commit('Start', { 'a.ini': keys(awsPair(2613)), 't.txt': `token ${githubToken(2614)}\n` })
    repo.remove('a.ini').commit('Remove one')
    repo.remove('t.txt').commit('Remove the other')
    await expectTrue(repo, state)
    rmSync(join(repo.path, '.git/oakum/commits.json'))
    repo.git('branch', 'other')
    for (let round = 0; round < 3; round += 1)
      expect(
        (await expectTrue(repo, state, { rules: ['github-token'] })).findings[0]?.attribution
          ?.removed?.path?.text,
      ).toBe('t.txt')
    await expectTrue(repo, state)
  })

  test('is right when a blob of an old commit arrives only now', async () => {
    const [repo, state] = [Repo.create(), temporaryFolder()]
    repo.commit('Start', { 'a.ini': keys(awsPair(2615)) })
    repo.commit('More', { 'b.ini': keys(awsPair(2616)) })
    const blob = repo.git('rev-parse', 'HEAD:b.ini')
    const bytes = readFileSync(repo.looseObject(blob))
    rmSync(repo.looseObject(blob), { force: true })
    await expectTrue(repo, state)
    repo.write(`.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`, bytes)
    expect(
      (await expectTrue(repo, state)).findings
        .map(({ attribution }) => attribution?.first?.path?.text)
        .sort(),
    ).toEqual(['a.ini', 'b.ini'])
    await expectTrue(repo, state)
  })

  test('does not contain the author of a message in which a secret was found', async () => {
    const [repo, state] = [Repo.create(), temporaryFolder()]
    repo.write('more.ini', keys(awsPair(2609))).git('add', '-A')
    repo.git('commit', '-q', '-m', 'Start', '--author', `${githubToken(2608)} <a@example.com>`)
    expect((await expectTrue(repo, state)).findings).toHaveLength(2)
    expect([kept(repo).includes('more.ini'), kept(repo).includes(githubToken(2608))]).toEqual([
      true,
      false,
    ])
    await expectTrue(repo, state)
  })
})
