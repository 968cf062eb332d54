/** What happens to allow entries and a baseline while a team works, on real repositories. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { awsPair, githubToken } from '../support/credentials.ts'
import { oakumHere } from '../support/in-process.ts'
import type { OakumRun } from '../support/oakum.ts'
import { Repo } from '../support/repo.ts'

const lineOf = (token: string): string => `token = ${token}\n`
const filler = Array.from({ length: 30 }, (_, n) => `option${n} = ${n}\n`).join('')

async function json(repo: Repo, ...argv: string[]): Promise<OakumRun> {
  return oakumHere([...argv, '--format', 'json'], { cwd: repo.path })
}

/** Exit code, number of findings, and what was suppressed by what. */
async function verdict(
  repo: Repo,
  ...argv: string[]
): Promise<readonly [number | null, number, Readonly<Record<string, number>>]> {
  const run = await json(repo, ...argv)
  const { findings, suppressed } = run.report()
  return [run.code, findings.length, suppressed.by]
}

async function fingerprintsIn(repo: Repo): Promise<readonly string[]> {
  return (await json(repo, 'history', '--strict'))
    .report()
    .findings.map((finding) => finding.fingerprint)
}

async function allow(
  repo: Repo,
  fingerprint: string | undefined,
  ...more: string[]
): Promise<void> {
  const run = await oakumHere(
    ['allow', fingerprint ?? '', '--reason', 'revoked in May', '--author', 'Ada', ...more],
    { cwd: repo.path },
  )
  expect([run.code, run.stdout.slice(0, 5)]).toEqual([0, 'added'])
}

/** `main` with a token in `prod.ini`, which an entry allows. */
async function allowed(
  seed: number,
): Promise<{ readonly repo: Repo; readonly fingerprint: string; readonly token: string }> {
  const repo = Repo.create()
  const token = githubToken(seed)
  repo.commit('Start', { 'README.md': '# Shop\n', 'prod.ini': filler + lineOf(token) })
  const [fingerprint = ''] = await fingerprintsIn(repo)
  await allow(repo, fingerprint)
  repo.commit('Allow the old token')
  return { repo, fingerprint, token }
}

const one = { allowlist: 1 }

describe('an allow entry', () => {
  test('counts after a rebase', async () => {
    const { repo } = await allowed(101)
    repo.git('checkout', '-q', '-b', 'topic', 'HEAD~1')
    repo.commit('Topic', {
      'topic.txt': 'x\n',
      'prod.ini': `${filler}${lineOf(githubToken(101))}# end\n`,
    })
    repo.git('rebase', '-q', 'main')
    expect(await verdict(repo, 'scan')).toEqual([0, 0, one])
    expect(await verdict(repo, 'range', 'main..HEAD')).toEqual([0, 0, { unchanged: 1 }])
    expect(await verdict(repo, 'history')).toEqual([0, 0, one])
  })

  test('counts after a squash merge', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'README.md': '# Shop\n' })
    repo.git('checkout', '-q', '-b', 'topic')
    repo.commit('One', { 'prod.ini': lineOf(githubToken(102)) })
    await allow(repo, (await fingerprintsIn(repo))[0])
    repo.commit('Two')
    repo.git('checkout', '-q', 'main')
    repo.git('merge', '-q', '--squash', 'topic')
    repo.commitStaged('Topic, squashed')
    repo.git('branch', '-q', '-D', 'topic')
    expect(await verdict(repo, 'scan')).toEqual([0, 0, one])
    expect(await verdict(repo, 'range', 'HEAD~1..HEAD')).toEqual([0, 0, one])
    expect(await verdict(repo, 'history')).toEqual([0, 0, one])
  })

  test('counts after the file moved, and after its lines shifted', async () => {
    const { repo, token } = await allowed(103)
    repo.git('mv', 'prod.ini', 'moved.ini')
    repo.commitStaged('Move')
    expect(await verdict(repo, 'scan')).toEqual([0, 0, one])
    repo.commit('Shift', { 'moved.ini': `${filler}${filler}\t${lineOf(token)}` })
    expect(await verdict(repo, 'scan')).toEqual([0, 0, one])
    expect(await verdict(repo, 'history')).toEqual([0, 0, one])
  })

  test('does not cover another secret on the same line, nor the value with one character changed', async () => {
    const { repo, token } = await allowed(104)
    repo.write('prod.ini', `token = ${token} ${githubToken(105)}\n`)
    expect(await verdict(repo, 'scan')).toEqual([1, 1, one])
    const pair = awsPair(7)
    repo
      .write(
        'prod.ini',
        `[a]\naws_access_key_id = ${pair.id}\naws_secret_access_key = ${pair.secret}\n`,
      )
      .commit('Pair')
    const [fingerprint] = (await json(repo, 'scan'))
      .report()
      .findings.map((finding) => finding.fingerprint)
    await allow(repo, fingerprint)
    expect(await verdict(repo, 'scan')).toEqual([0, 0, one])
    const changed =
      pair.secret.slice(0, 20) + (pair.secret[20] === 'x' ? 'y' : 'x') + pair.secret.slice(21)
    repo.write(
      'prod.ini',
      `[a]\naws_access_key_id = ${pair.id}\naws_secret_access_key = ${changed}\n`,
    )
    expect(await verdict(repo, 'scan')).toEqual([1, 1, {}])
  })

  test('that expired counts no more, and the finding says so', async () => {
    const { repo, fingerprint } = await allowed(106)
    const entry = (expires: string): string =>
      `${JSON.stringify({ fingerprint, reason: 'until it is rotated', author: 'Ada', date: '2020-01-01', expires })}\n`
    repo.write('oakum.allow', entry('2020-02-01'))
    expect(await verdict(repo, 'scan')).toEqual([1, 1, {}])
    expect(
      (await oakumHere(['scan'], { cwd: repo.path })).stdout.replaceAll(/\s+/g, ' '),
    ).toContain('lapsed its allow entry expired on 2020-02-01: until it is rotated (Ada)')
    repo.write('oakum.allow', entry('2999-01-01'))
    expect(await verdict(repo, 'scan')).toEqual([0, 0, one])
    // Of two entries for one value, the one that still counts does.
    repo.append('oakum.allow', entry('2020-02-01'))
    expect(await verdict(repo, 'scan')).toEqual([0, 0, one])
  })

  test('that only the pull request has counts for nothing where the base is asked', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'README.md': '# Shop\n' })
    repo.git('checkout', '-q', '-b', 'topic')
    repo.commit('Leak', { 'prod.ini': lineOf(githubToken(107)) })
    await allow(repo, (await fingerprintsIn(repo))[0])
    repo.commit('Allow my own leak')
    expect(await verdict(repo, 'range', 'main..topic')).toEqual([0, 0, one])
    expect(await verdict(repo, 'range', 'main..topic', '--config-from', 'main')).toEqual([1, 1, {}])
    repo.git('checkout', '-q', 'main')
    repo.git('checkout', '-q', 'topic', '--', 'oakum.allow')
    repo.commitStaged('Allow it on the base')
    expect(await verdict(repo, 'range', 'main..topic', '--config-from', 'main')).toEqual([
      0,
      0,
      one,
    ])
    expect(
      (await json(repo, 'range', 'main..topic', '--config-from', 'main')).report().receipt,
    ).toMatchObject({ config: { path: 'oakum.allow', from: 'base' } })
  })

  test('merges with those of another branch, line by line', async () => {
    const repo = Repo.create()
    const tokens = [201, 202, 203, 204].map(githubToken)
    repo.commit('Start', {
      '.gitattributes': 'oakum.allow merge=union\n',
      ...Object.fromEntries(tokens.map((token, at) => [`${at}.ini`, lineOf(token)])),
    })
    const [a, b, c, d] = await fingerprintsIn(repo)
    await allow(repo, a)
    repo.commit('First entry')
    repo.git('checkout', '-q', '-b', 'topic')
    await allow(repo, b)
    await allow(repo, c)
    repo.commit('Two entries')
    repo.git('checkout', '-q', 'main')
    await allow(repo, c)
    await allow(repo, d)
    repo.commit('Two others, one of them the same')
    const merged = repo.tryGit(['merge', '-q', '--no-edit', 'topic'])
    expect([merged.code, merged.stderr]).toEqual([0, ''])
    expect(await verdict(repo, 'scan')).toEqual([0, 0, { allowlist: 4 }])
  })

  test('of a file with conflict markers is not read, and that is one line', async () => {
    const { repo, fingerprint } = await allowed(108)
    const entry = JSON.stringify({ fingerprint, reason: 'x', author: 'Ada', date: '2020-01-01' })
    repo.write('oakum.allow', `<<<<<<< HEAD\n${entry}\n=======\n${entry}\n>>>>>>> topic\n`)
    const run = await oakumHere(['scan'], { cwd: repo.path })
    expect([run.code, run.stdout, run.stderr]).toEqual([
      2,
      '',
      'oakum: oakum.allow:1: unresolved merge conflict: keep the lines of both sides and remove the markers\n',
    ])
  })
})

function baselineOf(repo: Repo): readonly { readonly in: string; readonly fingerprint: string }[] {
  return readFileSync(`${repo.path}/oakum.baseline`, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

describe('a baseline', () => {
  test('accepts what is there, lets what was fixed go, and takes nothing new in', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.ini': lineOf(githubToken(301)), 'b.ini': lineOf(githubToken(302)) })
    expect((await oakumHere(['baseline'], { cwd: repo.path })).stdout).toMatch(
      /^baseline: 2 accepted for now \(/,
    )
    repo.commit('Adopt')
    expect(await verdict(repo, 'scan')).toEqual([0, 0, { baseline: 2 }])
    expect(await verdict(repo, 'scan', '--strict')).toEqual([1, 2, {}])
    repo.git('mv', 'b.ini', 'c.ini')
    repo.commit('Fix one, move the other, leak a third', {
      'a.ini': 'token = ${TOKEN}\n',
      'c.ini': `${filler}${lineOf(githubToken(302))}`,
      'd.ini': lineOf(githubToken(303)),
    })
    expect(await verdict(repo, 'scan')).toEqual([1, 1, { baseline: 1 }])
    const again = await oakumHere(['baseline'], { cwd: repo.path })
    expect(again.stdout).toMatch(/^baseline: 1 of 2 still present \(.*\nnot in the baseline: 1; /)
    expect(baselineOf(repo)).toHaveLength(1)
    expect(await verdict(repo, 'scan')).toEqual([1, 1, { baseline: 1 }])
    // What was fixed is found when it comes back.
    repo.write('a.ini', lineOf(githubToken(301)))
    expect(await verdict(repo, 'scan')).toEqual([1, 2, { baseline: 1 }])
  })

  test('of history lets go what a rewrite took out, and accepts nothing in files that was only in history', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.ini': lineOf(githubToken(311)) })
    repo.commit('Fix', { 'a.ini': 'token = ${TOKEN}\n', 'b.ini': lineOf(githubToken(312)) })
    await oakumHere(['baseline', '--history'], { cwd: repo.path })
    expect(
      baselineOf(repo)
        .map((entry) => entry.in)
        .toSorted(),
    ).toEqual(['files', 'history'])
    repo.commit('Adopt')
    expect(await verdict(repo, 'history')).toEqual([0, 0, { baseline: 2 }])
    repo.write('a.ini', lineOf(githubToken(311)))
    expect(await verdict(repo, 'scan')).toEqual([1, 1, { baseline: 1 }])
    repo.git('checkout', '-q', '--', 'a.ini')
    // The rewrite: one new root commit with the files as they are.
    repo.git('checkout', '-q', '--orphan', 'fresh')
    repo.commitStaged('Start anew')
    repo.git('branch', '-q', '-D', 'main')
    repo.git('reflog', 'expire', '--expire=now', '--all')
    repo.git('gc', '-q', '--prune=now')
    expect(await verdict(repo, 'history')).toEqual([0, 0, { baseline: 1 }])
    expect((await oakumHere(['baseline'], { cwd: repo.path })).stdout).toMatch(
      /^baseline: 1 of 2 still present \(/,
    )
    expect(baselineOf(repo).map((entry) => entry.in)).toEqual(['files'])
  })

  test('is checked for having grown', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.ini': lineOf(githubToken(321)) })
    await oakumHere(['baseline'], { cwd: repo.path })
    expect((await oakumHere(['baseline', '--check'], { cwd: repo.path })).stdout).toBe(
      'HEAD has no baseline yet: 1 accepted for now\n',
    )
    repo.commit('Adopt')
    expect((await oakumHere(['baseline', '--check'], { cwd: repo.path })).code).toBe(0)
    repo.write('b.ini', lineOf(githubToken(322))).remove('oakum.baseline')
    await oakumHere(['baseline'], { cwd: repo.path })
    const grown = await oakumHere(['baseline', '--check'], { cwd: repo.path })
    expect([grown.code, grown.stdout.split('\n').length]).toEqual([1, 3])
    repo.commit('Grow')
    expect(
      (await oakumHere(['baseline', '--check', '--config-from', 'HEAD~1'], { cwd: repo.path }))
        .code,
    ).toBe(1)
    expect((await oakumHere(['baseline', '--check'], { cwd: repo.path })).code).toBe(0)
  })
})
