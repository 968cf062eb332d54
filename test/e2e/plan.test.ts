import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeMarks } from '../../src/audit/marks-file.ts'
import { awsPair, githubToken, password } from '../support/credentials.ts'
import { oakumHere } from '../support/in-process.ts'
import { oakum } from '../support/oakum.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../support/repo.ts'
import { pairText } from './pair-in-report.ts'

const hasFilterRepo =
  spawnSync('git', ['filter-repo', '--version'], { env: isolatedEnv }).status === 0
if (!hasFilterRepo) console.warn('skipped: git-filter-repo is not installed')

interface PlanJson {
  readonly complete: boolean
  readonly rotate: readonly { readonly rule: string; readonly steps: readonly string[] }[]
  readonly pending: readonly object[]
  readonly local: readonly object[]
  readonly commits: {
    readonly total: number
    readonly changed: number
    readonly first: readonly string[]
  }
  readonly refs: Readonly<Record<'branches' | 'tags' | 'remotes' | 'others', readonly string[]>>
  readonly remotes: readonly { readonly address: string; readonly host: string }[]
  readonly people: readonly { readonly name: string }[]
}

describe('oakum plan', () => {
  const repo = Repo.create()
  const [pushed, late, lost, token] = [
    awsPair(8501),
    awsPair(8502),
    awsPair(8503),
    githubToken(8504),
  ]
  repo.commit('Start', { 'README.md': '# Shop\n' })
  const first = repo.commit('Add', { 'prod.ini': pairText(pushed) })
  repo.git('branch', 'old', 'HEAD~1')
  repo.git('tag', '-a', 'v0', '-m', 'Before', 'HEAD~1')
  repo.git('tag', '-a', 'v1', '-m', 'After')
  repo.commit('On', { 'b.txt': 'b\n' })
  repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
  repo.git('remote', 'add', 'origin', `https://ada:${password(8505)}@github.com/acme/shop.git`)
  repo.git('remote', 'add', 'copy', 'git@gitlab.example.com:acme/shop.git')
  repo.tryGit(['checkout', '-q', '-b', 'side', 'old'])
  const second = repo.commit('Same on the side', { 'prod.ini': pairText(pushed) })
  repo.git('checkout', '-q', 'main')
  repo.tryGit(['commit', '-q', '--allow-empty', '-m', `Use ${token}`], {
    env: {
      GIT_AUTHOR_NAME: '<b>`Eve`</b>\u001b[31m',
      GIT_COMMITTER_DATE: new Date().toISOString(),
      GIT_AUTHOR_DATE: new Date().toISOString(),
    },
  })
  repo.commit('Env', {
    '.env': `DB_PASSWORD=${password(8506)}\n`,
    'late.ini': `${pairText(late)}# ${late.secret.replaceAll('/', '\\/')}\n`,
    'wide.ini': Buffer.from(pairText(awsPair(8507)), 'utf16le'),
  })
  repo.git('branch', 'x<b>')
  repo.write('b.txt', pairText(lost)).git('stash', '-q')

  test('orders rotation before the rewrite, and knows what changes, who is concerned and what hosts keep', async () => {
    const run = await oakum(['plan', '--format', 'json'], { cwd: repo.path })
    expect(run).toMatchObject({ code: 0, stderr: '' })
    const plan = JSON.parse(run.stdout) as PlanJson
    expect(plan).toMatchObject({
      complete: true,
      rotate: [{ rule: 'aws-access-key' }],
      commits: {
        total: Number(repo.git('rev-list', '--all', '--count')),
        first: expect.arrayContaining([first, second]),
      },
      refs: {
        branches: ['refs/heads/main', 'refs/heads/side', 'refs/heads/x<b>'],
        tags: ['refs/tags/v1'],
        remotes: ['refs/remotes/origin/main'],
        others: ['refs/stash'],
      },
      remotes: [
        { address: 'https://github.com/acme/shop.git', host: 'github' },
        { address: 'git@gitlab.example.com:acme/shop.git', host: 'gitlab' },
      ],
    })
    expect([plan.pending.length, plan.local.length, plan.commits.first.length]).toEqual([4, 2, 2])
    // Everything but the first commit.
    expect(plan.commits.changed).toBe(plan.commits.total - 1)
    expect(plan.people.map(({ name }) => name)).toContain('Cem Committer <cem@example.com>')
    const text = (await oakumHere(['plan'], { cwd: repo.path })).stdout
    const titles = text.split('\n').filter((line) => /^\d\. /.test(line))
    expect(titles.map((line) => line.slice(0, 12))).toEqual(
      [
        '1. Rotate 1 c',
        '2. Rewrite',
        '3. Publish th',
        '4. Tell ever ',
        '5. What https',
        '6. What git@g',
        '7. 2 credenti',
      ].map((line) => line.slice(0, 12)),
    )
    expect(text).toContain('refs/pull/')
    expect(text).not.toContain('\u001b')
    const markdown = (await oakumHere(['plan', '--format', 'markdown'], { cwd: repo.path })).stdout
    expect(markdown).toContain(String.raw`\<b\>`)
    expect(markdown).not.toMatch(/(?<!\\)<b>/)
  })

  test.skipIf(!hasFilterRepo)(
    'writes files for git filter-repo that only the owner can read, outside of the work tree, and these work',
    async () => {
      for (const within of [
        'plan',
        '.',
        '.git/plan',
        '../' + repo.path.slice(repo.path.lastIndexOf('/') + 1) + '/sub/plan',
      ]) {
        expect(await oakumHere(['plan', '--output', within], { cwd: repo.path })).toMatchObject({
          code: 2,
          stdout: '',
        })
      }
      expect(
        (await oakumHere(['plan', '--output', '.git/oakum/plan-1'], { cwd: repo.path })).code,
      ).toBe(0)
      const folder = join(temporaryFolder(), 'plan')
      const run = await oakum(['plan', '--output', folder, '--remove-path', '.env'], {
        cwd: repo.path,
      })
      expect(run.code).toBe(0)
      expect(run.stderr).toContain('contains the secrets in clear text')
      expect(lstatSync(folder).mode & 0o777).toBe(0o700)
      for (const name of ['replacements.txt', 'paths.txt', 'plan.md'])
        expect(lstatSync(join(folder, name)).mode & 0o777).toBe(0o600)
      expect(readFileSync(join(folder, 'paths.txt'), 'utf8')).toBe('literal:.env\n')

      const mirror = repo.clone('--mirror')
      mirror.git(
        'filter-repo',
        '--force',
        '--replace-text',
        join(folder, 'replacements.txt'),
        '--replace-message',
        join(folder, 'replacements.txt'),
      )
      mirror.git(
        'filter-repo',
        '--force',
        '--invert-paths',
        '--paths-from-file',
        join(folder, 'paths.txt'),
      )
      for (const value of [
        pushed.secret,
        late.secret,
        late.secret.replaceAll('/', '\\/'),
        token,
        password(8506),
      ])
        expect(mirror.holders(value)).toEqual([])
      // As the plan says: what has zeros in it is left.
      expect(run.stdout).toContain('leaves 1 file version with NUL bytes')
      expect(mirror.holders(Buffer.from(awsPair(8507).secret, 'utf16le'))).toHaveLength(1)
    },
  )

  test('says that there is nothing to do, and never calls a part the whole', async () => {
    const clean = Repo.create()
    clean.commit('Start', { 'README.md': '# Shop\n' })
    expect(await oakumHere(['plan'], { cwd: clean.path })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to rotate'),
    })
    const none = Repo.create()
    expect(await oakumHere(['plan'], { cwd: none.path })).toMatchObject({ code: 0 })
    const shallow = repo.clone('--depth', '1')
    expect(await oakumHere(['plan'], { cwd: shallow.path })).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('The scan is incomplete'),
    })
    expect(await oakumHere(['plan', '--format', 'jsonl'], { cwd: clean.path })).toMatchObject({
      code: 2,
    })
    expect(existsSync(join(clean.path, 'plan.md'))).toBe(false)
  })
})

describe('with --marked', () => {
  const repo = Repo.create()
  repo.commit('Start', { 'a.ini': pairText(awsPair(8590)), 'b.ini': pairText(awsPair(8591)) })

  test('a plan is of what an audit marked, and of nothing else', async () => {
    expect((await oakumHere(['plan', '--marked'], { cwd: repo.path })).stderr).toBe(
      'oakum: nothing is marked to rotate or rewrite in this repository; mark credentials in oakum audit\n',
    )
    const all = JSON.parse(
      (await oakumHere(['plan', '--format', 'json'], { cwd: repo.path })).stdout,
    ) as { readonly rewrite: readonly string[] }
    expect(all.rewrite).toHaveLength(2)
    const [first = '', second = ''] = all.rewrite
    writeMarks(`${repo.path}/.git`, { marks: new Map([[first, 'rewrite']]) })
    const plan = JSON.parse(
      (await oakumHere(['plan', '--marked', '--format', 'json'], { cwd: repo.path })).stdout,
    ) as { readonly rewrite: readonly string[] }
    expect(plan.rewrite).toEqual([first])
    expect(
      (await oakumHere(['plan', '--marked', '--fingerprint', second], { cwd: repo.path })).code,
    ).toBe(2)
  })
})
