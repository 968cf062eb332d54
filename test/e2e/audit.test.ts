import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { awsPair, githubToken, password, type Pair } from '../support/credentials.ts'
import { oakumHere } from '../support/in-process.ts'
import { oakum } from '../support/oakum.ts'
import { isolatedEnv, Repo } from '../support/repo.ts'

const keys = ({ id, secret }: Pair): string =>
  `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`

interface VerdictJson {
  readonly answer: string
  readonly safe: boolean
  readonly points: readonly {
    readonly topic: string
    readonly blocks: boolean
    readonly count: number
    readonly fingerprints: readonly string[]
  }[]
  readonly coverage: { readonly complete: boolean; readonly envFiles: readonly string[] }
}

async function verdictOf(
  repo: Repo,
  ...options: readonly string[]
): Promise<{
  readonly code: number | null
  readonly topics: Readonly<Record<string, number>>
  readonly json: VerdictJson
}> {
  const run = await oakumHere(['audit', '--verdict', '--format', 'json', ...options], {
    cwd: repo.path,
  })
  const json: VerdictJson = JSON.parse(run.stdout)
  return {
    code: run.code,
    json,
    topics: Object.fromEntries(json.points.map(({ topic, count }) => [topic, count])),
  }
}

/**
 * One of everything: pushed, not pushed, in a stash, in an ignored file, and an env file that git
 * tracks.
 */
function shop(): Repo {
  const origin = Repo.create({ bare: true })
  const repo = Repo.create()
  repo.git('config', 'user.name', 'Ada')
  repo.git('remote', 'add', 'origin', `file://${origin.path}`)
  repo.commit('Deploy', { 'prod.ini': keys(awsPair(951)) })
  repo.remove('prod.ini').commit('Remove')
  repo.git('push', '-q', 'origin', 'main')
  repo.commit('Settings', {
    '.env': `PORT=3000\nDB_PASSWORD=${password(952)}\n`,
    '.gitignore': '.env.local\n',
    '.env.example': 'DB_PASSWORD=\n',
  })
  repo.write('README.md', `token: ${githubToken(953)}\n`).git('add', '-A')
  repo.git('stash', '-q')
  repo.write('.env.local', `DB_PASSWORD=${password(954)}\n`)
  return repo
}

describe('oakum audit --verdict', () => {
  test('is safe where nothing is found, by its exit code too', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'README.md': '# Shop\n', '.env': 'PORT=3000\n' })
    const { code, json } = await verdictOf(repo)
    expect([code, json.answer, json.safe]).toEqual([0, 'safe', true])
    expect(json.coverage.envFiles).toEqual(['.env'])
    const text = await oakumHere(['audit', '--verdict'], { cwd: repo.path })
    expect(text.stdout).toMatch(/^✔ Safe to publish/)
  })

  test('tells apart what is published, what a push would publish, and what only this clone has', async () => {
    const { code, topics, json } = await verdictOf(shop())
    expect(code).toBe(1)
    expect(topics).toEqual({ published: 1, pending: 1, 'env-files': 1, local: 2 })
    expect(json.points.filter(({ blocks }) => blocks).map(({ topic }) => topic)).toEqual([
      'published',
      'pending',
    ])
  })

  test('is the same in every format, and on a file', async () => {
    const repo = shop()
    const markdown = await oakumHere(
      [
        'audit',
        '--format',
        'markdown',
        '--format',
        'html',
        '--output',
        '-',
        '--output',
        '.git/verdict.html',
      ],
      { cwd: repo.path },
    )
    expect(markdown.stdout).toMatch(/^# Not yet safe to publish/)
    expect(markdown.stdout).toMatch(/^## Blocking: Published \(1\)$/m)
    const html = readFileSync(join(repo.path, '.git/verdict.html'), 'utf8')
    for (const words of [
      'Not yet safe to publish',
      'Blocking:</span> Published (1)',
      'Would be published by the next push (1)',
      'Only in this clone (2)',
    ])
      expect(html).toContain(words)
    expect(html).not.toMatch(/<script|src=|href=/)
  })

  test('does not know, exit 3, when not everything could be read and nothing else stands in the way', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.txt': 'a\n' })
    rmSync(repo.looseObject(repo.git('rev-parse', 'HEAD:a.txt')))
    const { code, json, topics } = await verdictOf(repo)
    expect([code, json.answer]).toEqual([3, 'unknown'])
    expect(topics['gaps']).toBeGreaterThan(0)
    repo.commit('More', { 'b.yml': `token: ${githubToken(955)}\n` })
    expect((await verdictOf(repo)).code).toBe(1)
  })

  test('leaves out of the way what is accepted, until it expires', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.yml': `token: ${githubToken(956)}\n` })
    const [pending] = (await verdictOf(repo)).json.points
    await oakumHere(
      ['allow', pending?.fingerprints[0] ?? '', '--reason', 'a sandbox', '--author', 'Ada'],
      { cwd: repo.path },
    )
    expect(await verdictOf(repo)).toMatchObject({ code: 0, topics: { accepted: 1 } })
    expect(await verdictOf(repo, '--strict')).toMatchObject({ code: 1 })
    repo.write(
      'oakum.allow',
      readFileSync(join(repo.path, 'oakum.allow'), 'utf8').replace('}', ',"expires":"2020-01-01"}'),
    )
    expect(await verdictOf(repo)).toMatchObject({ code: 1, topics: { pending: 1 } })
  })

  test('takes a threshold, a repository, and one without a work tree or a commit', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.ini': `user = ${awsPair(957).id}\n` })
    expect(await verdictOf(repo)).toMatchObject({ code: 1 })
    expect(await verdictOf(repo, '--fail-on', 'critical')).toMatchObject({
      code: 0,
      topics: { minor: 1 },
    })
    const elsewhere = Repo.create()
    expect(await verdictOf(elsewhere)).toMatchObject({ code: 0 })
    expect(await verdictOf(elsewhere, repo.path)).toMatchObject({ code: 1 })
    expect(await verdictOf(repo.clone('--bare'))).toMatchObject({
      code: 1,
      topics: { published: 1 },
    })
    const nowhere = await oakumHere(['audit', '--verdict', '/nowhere'], { cwd: repo.path })
    expect([nowhere.code, nowhere.stderr]).toEqual([2, 'oakum: /nowhere is not a folder\n'])
  })
})

/** How long it took is never the same. */
function withoutTimes(text: string): string {
  return text.replaceAll(/^Scanned: [^]*?\.$/gm, '')
}

describe('oakum audit without a terminal', () => {
  test('says in text what the screen shows, and no secret', async () => {
    const repo = shop()
    const run = await oakum(['audit'], { cwd: repo.path })
    expect([run.code, run.stderr]).toEqual([
      1,
      'oakum: no terminal for the screen: printing what audit --plain prints\n',
    ])
    for (const fact of [
      /^✘ Not yet safe to publish/,
      /2 only here/,
      /exposure +● published/,
      /exposure +◐ pending/,
      /exposure +○ local/,
      /┌ entered +\w{8} +prod\.ini/,
      /└ left +\w{8} +prod\.ini/,
      /2 │ aws_access_key_id = AKIA…/,
      /2 │ DB_PASSWORD=…/,
      /What to do\n +1\./,
      /Why it was found/,
      /in a file and in no commit \(ignored\)/,
    ])
      expect(run.stdout).toMatch(fact)
    const plain = await oakum(['audit', '--plain'], { cwd: repo.path })
    expect([plain.stderr, withoutTimes(plain.stdout)]).toEqual(['', withoutTimes(run.stdout)])
  })

  test('shows hostile names and messages as harmless text, in every format', async () => {
    const repo = Repo.create()
    repo.commit('\u001B[2J\u001B]0;owned\u0007 <script>alert(1)</script> \u202E@everyone', {
      'a\u001B[2J|`<b>`*x*.yml': `token: ${githubToken(958)}\n`,
    })
    for (const format of [
      ['--plain'],
      ['--format', 'markdown'],
      ['--format', 'html'],
      ['--format', 'json'],
    ]) {
      const { stdout } = await oakumHere(['audit', ...format], { cwd: repo.path })
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/)
      if (format[1] === 'html') expect(stdout).not.toMatch(/<script>|<b>/)
      if (format[1] === 'markdown') expect(stdout).not.toMatch(/<b>|[^\\]`/)
    }
  })

  test('shows what stands around secrets of archives, UTF-16 and long lines, redacted', async () => {
    const repo = Repo.create()
    const pair = awsPair(959)
    repo.commit('Start', {
      'wide.ini': Buffer.from(`# wide\n${keys(pair)}`, 'utf16le'),
      'min.js': `var a="${'x '.repeat(3000)}";var t="${githubToken(960)}";${'y '.repeat(3000)}`,
    })
    const { stdout } = await oakum(['audit', '--plain'], { cwd: repo.path })
    expect(stdout).toMatch(/ 1 │ # wide\n/)
    expect(stdout).toMatch(/ 4 │ aws_secret_access_key = \S{4}…/)
    expect(stdout).toMatch(/ 1 │ ….{8,40}";var t="ghp_…\w{4}".{4,40}…\n/)
  })
})

describe('oakum.allow', () => {
  test('loses no entry when several are added at the same time', async () => {
    const repo = Repo.create()
    const fingerprints = Array.from({ length: 6 }, (_, n) => `oak1-${String(n).repeat(32)}`)
    const runs = await Promise.all(
      fingerprints.map((one) =>
        oakum(['allow', one, '--reason', 'x', '--author', 'Ada'], { cwd: repo.path }),
      ),
    )
    expect(runs.map(({ code }) => code)).toEqual(fingerprints.map(() => 0))
    expect(
      readFileSync(join(repo.path, 'oakum.allow'), 'utf8')
        .split('\n')
        .map((line) => line.slice(16, 53)),
    ).toEqual([...fingerprints, ''])
    expect(existsSync(join(repo.path, 'oakum.allow.lock'))).toBe(false)
  })

  test('merges without a conflict when two branches each add entries, the first ones included', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.txt': 'a\n' })
    const allow = async (digit: string): Promise<void> => {
      const { code } = await oakumHere(
        ['allow', `oak1-${digit.repeat(32)}`, '--reason', `because ${digit}`, '--author', 'Ada'],
        { cwd: repo.path },
      )
      expect(code).toBe(0)
    }
    for (const round of [
      ['3', '4'],
      ['1', '2'],
      ['5', '6'],
    ]) {
      repo.git('checkout', '-q', '-b', `side${round[0]}`)
      await allow(round[0] ?? '')
      repo.commit('Side')
      repo.git('checkout', '-q', 'main')
      await allow(round[1] ?? '')
      repo.commit('Main')
      expect(
        repo.tryGit(['merge', '-q', '-m', 'Merge', `side${round[0]}`], { env: isolatedEnv }).code,
      ).toBe(0)
    }
    const list = await oakumHere(['allow', 'list'], { cwd: repo.path })
    expect(list.stdout.match(/oak1-(\d)/g)?.toSorted()).toEqual([
      'oak1-1',
      'oak1-2',
      'oak1-3',
      'oak1-4',
      'oak1-5',
      'oak1-6',
    ])
    expect(readFileSync(join(repo.path, '.gitattributes'), 'utf8')).toBe(
      'oakum.allow merge=union\n',
    )
  })

  test('tells of its merging once, and leaves a .gitattributes alone that already does', async () => {
    const repo = Repo.create()
    repo.write('.gitattributes', '*.png binary')
    const allow = (n: number) =>
      oakumHere(['allow', `oak1-${String(n).repeat(32)}`, '--reason', 'x', '--author', 'Ada'], {
        cwd: repo.path,
      })
    expect((await allow(1)).stderr).toMatch(/added oakum\.allow merge=union to \.gitattributes/)
    expect((await allow(2)).stderr).toBe('')
    expect(readFileSync(join(repo.path, '.gitattributes'), 'utf8')).toBe(
      '*.png binary\noakum.allow merge=union\n',
    )
  })
})
