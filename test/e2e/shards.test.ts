import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { awsPair, awsPairWithoutSlash, password } from '../support/credentials.ts'
import { oakumHere } from '../support/in-process.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'

/**
 * Versions of files, merges, names, messages, pairs in different files, env files named by trees,
 * loose objects and packs.
 */
function estate(): Repo {
  const [pair, apart, named, said] = [
    awsPair(801),
    awsPair(802),
    awsPairWithoutSlash(803),
    awsPair(804),
  ]
  const repo = Repo.create()
  const secret = password(805)
  for (let version = 0; version < 12; version += 1) {
    repo.commit(`version ${version}`, {
      'config.ini': `# ${version}\n${'\n'.repeat(version)}aws_access_key_id = ${pair.id}\naws_secret_access_key = ${pair.secret}\n`,
      [`notes/${version}.txt`]: `nothing ${version}\n`,
    })
  }
  repo.commit('an id', { 'deploy/id.txt': `aws_access_key_id=${apart.id}\n` })
  repo.commit('its secret', { 'deploy/secret.txt': `aws_secret_access_key=${apart.secret}\n` })
  repo.commit('settings', {
    'app/.env': `DB_PASSWORD=${secret}\n`,
    'app/.env.example': 'DB_PASSWORD=changeme\n',
  })
  repo.commit('the same settings elsewhere', {
    'b/settings.local': `DB_PASSWORD=${secret}\n`,
    'b/.env.sample': `DB_PASSWORD=${secret}\n`,
  })
  repo.git('checkout', '-q', '-b', 'side', 'HEAD~3')
  repo.commit('by the side', {
    'side.ini': `aws_access_key_id = ${pair.id}\naws_secret_access_key = ${pair.secret}\n`,
    [`keys/aws_secret_access_key=${named.secret}.txt`]: `aws_access_key_id = ${named.id}\n`,
  })
  repo.git('checkout', '-q', 'main')
  repo.merge('side')
  repo.commitStaged('merged')
  repo.git(
    'tag',
    '-a',
    'v1',
    '-m',
    `aws_access_key_id = ${said.id}\naws_secret_access_key = ${said.secret}`,
  )
  repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD~2')
  repo.git('gc', '-q')
  repo.commit('loose', { 'late.env': `API_TOKEN=${password(806)}\nDB_PASSWORD=changeme\n` })
  return repo
}

const withoutTime = (report: string): string =>
  report.replaceAll(/"durationMs": \d+/g, '"durationMs": 0')

async function shardsOf(
  repo: Repo,
  count: number,
  ...options: readonly string[]
): Promise<readonly string[]> {
  const folder = temporaryFolder()
  const paths = Array.from({ length: count }, (_, at) => join(folder, `${at + 1}.json`))
  for (const [at, path] of paths.entries()) {
    const run = await oakumHere(
      [
        'history',
        '--shard',
        `${at + 1}/${count}`,
        '--format',
        'json',
        '--output',
        path,
        ...options,
      ],
      { cwd: repo.path },
    )
    expect(run.code === 0 || run.code === 1).toBe(true)
  }
  return paths
}

const repo = estate()

describe('the shards of a history', () => {
  test.each([
    ['read from packs', 4, []],
    ['read by git', 3, ['--reader', 'cat-file']],
    ['of what refs lead to', 2, ['--reachable']],
    ['with every place', 5, ['--all-origins']],
    ['in one', 1, []],
  ] as const)('merged are the whole: %s', async (_, count, options) => {
    const whole = await oakumHere(['history', '--no-cache', '--format', 'json', ...options], {
      cwd: repo.path,
    })
    expect(whole.report().findings.length).toBeGreaterThan(4)
    const paths = await shardsOf(repo, count, ...options)
    const places = options.filter((option) => option === '--all-origins')
    const merged = await oakumHere(
      ['merge', ...paths.toReversed(), '--format', 'json', ...places],
      { cwd: repo.path },
    )
    expect(withoutTime(merged.stdout)).toBe(withoutTime(whole.stdout))
    expect(merged.code).toBe(whole.code)
  })

  test('are as many objects together as the whole, and none twice', async () => {
    const reports = (await shardsOf(repo, 4)).map(
      (path) =>
        JSON.parse(readFileSync(path, 'utf8')) as {
          receipt: Record<'blobs' | 'trees' | 'commits' | 'tags', number>
        },
    )
    const objects = reports.reduce(
      (sum, { receipt }) => sum + receipt.blobs + receipt.trees + receipt.commits + receipt.tags,
      0,
    )
    expect(objects).toBe(
      repo
        .gitBytes(['cat-file', '--batch-all-objects', '--batch-check=%(objectname)'])
        .toString()
        .trim()
        .split('\n').length,
    )
    for (const { receipt } of reports) expect(receipt.blobs).toBeGreaterThan(0)
  })
})

describe('oakum merge', () => {
  test('says what is missing, and is not clean', async () => {
    const [first = '', ...others] = await shardsOf(repo, 3, '--rules', 'slack')
    const whole = await oakumHere(['merge', first, ...others], { cwd: repo.path })
    expect([whole.code, whole.stdout.includes('No secrets found.')]).toEqual([0, true])
    const run = await oakumHere(['merge', ...others, '--format', 'json'], { cwd: repo.path })
    expect(run.code).toBe(3)
    expect(run.report().receipt.skipped).toEqual([
      expect.objectContaining({
        outcome: 'failed',
        reason: 'missing',
        detail: 'shard 1 of 3 is not among the reports',
      }),
    ])
  })

  test('notices a clone of another state', async () => {
    const [first = ''] = await shardsOf(repo, 2, '--rules', 'slack')
    const copy = new Repo(join(temporaryFolder(), 'copy'))
    repo.git('clone', '-q', '--mirror', repo.path, copy.path)
    const [, second = ''] = await shardsOf(copy, 2, '--rules', 'slack')
    // The copy has no object that nothing leads to.
    const same = await oakumHere(['merge', first, second], { cwd: repo.path })
    expect(same.code).toBe(0)
    repo.gitBytes(['hash-object', '-w', '--stdin'], 'only here')
    repo.gitBytes(['hash-object', '-w', '--stdin'], 'only here, too')
    repo.gitBytes(['hash-object', '-w', '--stdin'], 'and a third one')
    const [again = ''] = await shardsOf(repo, 2, '--rules', 'slack')
    const run = await oakumHere(['merge', again, second], { cwd: repo.path })
    expect(run.code).toBe(3)
    expect(run.stdout).toContain('scan clones of one and the same state')
  })

  test.each([
    ['a shard twice', (report: object) => report, 'is given twice'],
    [
      'another repository',
      (report: { shard: { root: string } }) => ({
        ...report,
        shard: { ...report.shard, index: 2, root: '0'.repeat(40) },
      }),
      'they differ in repository',
    ],
    [
      'other rules',
      (report: { receipt: object; shard: object }) => ({
        ...report,
        shard: { ...report.shard, index: 2 },
        receipt: { ...report.receipt, rules: { count: 1, digest: 'other' } },
      }),
      'they differ in rules',
    ],
    [
      'other limits',
      (report: { shard: object }) => ({
        ...report,
        shard: { ...report.shard, index: 2, asked: 'other' },
      }),
      'they differ in limits, allow entries or baseline',
    ],
    ['no object', () => 'x', 'the report: expected an object'],
    [
      'a report of the whole',
      (report: object) => ({ ...report, shard: undefined }),
      'shard: expected the report of a shard',
    ],
    ['a field too many', (report: object) => ({ ...report, more: 1 }), 'expected no fields but'],
    [
      'a prototype',
      (report: { shard: object }) => ({
        ...report,
        shard: JSON.parse('{"__proto__": {"index": 1}}') as object,
      }),
      'shard: expected no fields but',
    ],
    [
      'a bad span',
      (report: { shard: { findings: readonly { places: readonly object[] }[] } }) => ({
        ...report,
        shard: {
          ...report.shard,
          findings: report.shard.findings.map((one) => ({
            ...one,
            places: one.places.map((place) => ({ ...place, span: [1, 2, 'x'] })),
          })),
        },
      }),
      'expected a whole number',
    ],
    [
      'too many',
      (report: { shard: object }) => ({
        ...report,
        shard: { ...report.shard, suppressed: { counts: { placeholder: 1e15 }, items: [] } },
      }),
      'expected a whole number',
    ],
  ])('refuses %s in one line', async (_, change, words) => {
    const [first = ''] = await hostile
    const other = join(temporaryFolder(), 'other.json')
    const changed: unknown = (change as (report: object) => unknown)(
      JSON.parse(readFileSync(first, 'utf8')) as object,
    )
    writeFileSync(other, JSON.stringify(changed))
    const run = await oakumHere(['merge', first, other], { cwd: repo.path })
    expect([run.code, run.stdout]).toEqual([2, ''])
    expect(run.stderr.split('\n')).toHaveLength(2)
    expect(run.stderr).toContain(words)
  })
})

/** One shard, to be changed. */
const hostile = shardsOf(repo, 2)
