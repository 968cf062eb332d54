import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { zipOf } from '../support/archives.ts'
import { awsPair, awsPairWithoutSlash, githubToken, password } from '../support/credentials.ts'
import { oakumHere as oakum, oakumJsonHere as oakumJson } from '../support/in-process.ts'
import { bin } from '../support/oakum.ts'
import { ends } from '../support/processes.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../support/repo.ts'
import { pairText, verdictOf } from './pair-in-report.ts'

const hasFilterRepo =
  spawnSync('git', ['filter-repo', '--version'], { env: isolatedEnv }).status === 0
if (!hasFilterRepo) console.warn('skipped: git-filter-repo is not installed')

/** Every file of a repository with what is in it and when it was written. */
function stateOf(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const file = join(folder, name)
    const found = lstatSync(file)
    hash.update(`${name}\0${found.mtimeMs}\0`)
    if (found.isFile()) hash.update(readFileSync(file))
  }
  return hash.digest('hex')
}

function newMirror(): string {
  return join(temporaryFolder(), 'clean.git')
}

const names = (of: Repo): string =>
  of.git('for-each-ref', '--format=%(refname) %(symref) %(objecttype)')
const people = (of: Repo): string =>
  of.git('--no-replace-objects', 'log', '--format=%cn %ce %cI %ae %aI', '--date-order', 'main')

const count = (repo: Repo, ...args: readonly string[]): string =>
  repo.git('rev-list', '--all', '--count', ...args)

const canSign = spawnSync('ssh-keygen', ['-?']).error === undefined
if (!canSign) console.warn('not signed: ssh-keygen is not installed')

/** Signs with a key of its own, made for the occasion. */
function signing(): Readonly<Record<string, string>> {
  const key = join(temporaryFolder(), 'key')
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  const settings = [
    ['gpg.format', 'ssh'],
    ['user.signingKey', key],
  ]
  return {
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([name, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, name ?? ''],
        [`GIT_CONFIG_VALUE_${at}`, value ?? ''],
      ]),
    ),
  }
}

describe.skipIf(!hasFilterRepo)('oakum rewrite', () => {
  test('takes credentials out of versions, merges, renames, messages, names of people, tags, notes and the stash, and leaves the original alone', async () => {
    const repo = Repo.create()
    const pair = awsPair(9001)
    const token = githubToken(9002)
    repo.commit('Start', { 'README.md': '# Shop\n', 'größe/a b.txt': 'a\n', link: 'x' })
    for (let n = 0; n < 12; n += 1)
      repo.commit(`Version ${n}`, {
        'config/prod.ini': `${pairText(pair)}option = ${n}\n${'line\n'.repeat(50)}`,
      })
    repo.git('mv', 'config/prod.ini', 'config/prod with\ttab.ini')
    repo.commit(`Use ${token}\n\nand nothing else\r\n`)
    repo.git('checkout', '-q', '-b', 'side', 'HEAD~3')
    repo.commit('Side', {
      'side.txt': 'side\r\n',
      'notes.txt': `the other half is ${pair.secret} of course\r\n`,
    })
    repo.git('checkout', '-q', 'main')
    repo.git('merge', '-q', '--no-ff', '--no-commit', 'side')
    repo.commit('Merge side', { 'evil.ini': pairText(awsPair(9003)) })
    repo.tryGit(['commit', '-q', '--allow-empty', '-m', 'Named'], {
      env: { GIT_AUTHOR_NAME: token },
    })
    const signed = canSign ? signing() : {}
    expect(
      repo.tryGit(['tag', canSign ? '-s' : '-a', 'v1', '-m', `Release with ${token}`], {
        env: signed,
      }).code,
    ).toBe(0)
    expect(
      repo.tryGit(['commit', '-q', ...(canSign ? ['-S'] : []), '--allow-empty', '-m', 'Signed'], {
        env: signed,
      }).code,
    ).toBe(0)
    repo.git('tag', '-a', 'of-a-tag', '-m', 'Nested', 'v1')
    repo.git('tag', 'light')
    repo.git('tag', 'of-a-blob', repo.git('rev-parse', 'HEAD:evil.ini'))
    repo.git('tag', 'of-a-clean-blob', repo.git('rev-parse', 'HEAD:README.md'))
    repo.git('notes', 'add', '-m', `see ${token}`, 'HEAD~1')
    repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD~2')
    repo.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main')
    repo.git('replace', 'HEAD~4', 'HEAD~5')
    repo.write('side.txt', pairText(awsPair(9004))).git('stash', '-q')
    const before = stateOf(repo.path)
    const target = newMirror()

    const run = await oakum(['rewrite', '--to', target], { cwd: repo.path })
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toContain(
      `${canSign ? 'signatures of 1 tag; signatures of 1 commit; ' : ''}refs refs/replace/`,
    )
    expect(run.stdout).not.toContain('NO ')
    expect(stateOf(repo.path)).toBe(before)

    const mirror = new Repo(target)
    expect(readdirSync(dirname(target))).toEqual(['clean.git'])
    expect(verdictOf(await oakumJson(['history', '--no-config'], { cwd: target }))).toMatchObject({
      code: 0,
      findings: 0,
      complete: true,
    })
    for (const value of [pair.secret, pair.id, token, awsPair(9003).secret, awsPair(9004).secret])
      expect(mirror.holders(value).length).toBe(0)
    expect(names(mirror)).toBe(
      names(repo)
        .split('\n')
        .filter((line) => !/refs\/replace|of-a-blob/.test(line))
        .join('\n'),
    )
    expect(mirror.git('symbolic-ref', 'HEAD')).toBe('refs/heads/main')
    expect(mirror.git('show', 'main:config/prod with\ttab.ini')).toContain(
      'aws_secret_access_key = ***REMOVED***\noption = 11\n',
    )
    expect(mirror.git('show', 'main:notes.txt')).toBe('the other half is ***REMOVED*** of course\r')
    expect(mirror.git('show', 'main:größe/a b.txt')).toBe('a')
    expect(mirror.git('log', '--format=%an', '--all', '--author=REMOVED')).toBe('***REMOVED***')
    expect(mirror.git('notes', 'show', 'main~1')).toBe('see ***REMOVED***')
    expect(count(mirror, '--exclude=refs/notes/*', '--all', '--merges')).toBe(
      count(repo, '--merges'),
    )
    expect(people(mirror)).toBe(people(repo))
    expect(mirror.git('fsck', '--full', '--strict', '--no-dangling')).toBe('')
    expect(existsSync(join(target, 'oakum-filter.json'))).toBe(false)
    expect(mirror.git('config', '--list', '--local').includes('remote.')).toBe(false)
  })

  test('takes them out of UTF-16, base64, escapes, binary files, archives and names of files, and a path out of all commits', async () => {
    const repo = Repo.create()
    const pair = awsPairWithoutSlash(9010)
    const wide = awsPair(9011)
    const escaped = awsPair(9018)
    const binary = Buffer.concat([
      Buffer.from([0x7f, 0x45, 0, 0, 1, 2, 0]),
      Buffer.from(pairText(pair)),
      Buffer.from([0, 0, 9, 0xff]),
    ])
    repo.commit('Start', {
      '.env': `DB_PASSWORD=${password(9012)}\nPORT=3000\n`,
      'sub/.env.local': 'A=1\n',
      'wide.ini': Buffer.from(`\ufeff${pairText(wide)}`, 'utf16le'),
      'secret.yaml': `data:\n  file: ${Buffer.from(pairText(awsPair(9013))).toString('base64')}\n  other: 1\n`,
      'escaped.json': `{"aws_access_key_id": "${escaped.id}", "aws_secret_access_key": "${escaped.secret.replaceAll('/', '\\/')}", "next": 1}\n`,
      'tool.bin': binary,
      'dist.zip': zipOf([{ name: 'a.ini', data: Buffer.from(pairText(awsPair(9014))) }]),
      'keep.zip': zipOf([{ name: 'a.ini', data: Buffer.from('nothing\n') }]),
      [`backup ${pair.id} ${pair.secret}.txt`]: 'see the name\n',
    })
    repo.git('rm', '-q', '--cached', 'sub/.env.local')
    repo.commit('On', { 'b.txt': 'b\n', '.gitignore': 'sub/\n' })
    const target = newMirror()

    const run = await oakum(
      [
        'rewrite',
        '--to',
        target,
        '--remove-path',
        '.env',
        '--remove-path',
        './sub/',
        '--format',
        'json',
      ],
      { cwd: repo.path },
    )
    expect(run).toMatchObject({ code: 0, stderr: '' })
    const report = JSON.parse(run.stdout) as {
      readonly outcome: string
      readonly archives: number
      readonly comparison: {
        readonly removed: readonly string[]
        readonly wrong: readonly string[]
      }
    }
    expect(report).toMatchObject({
      outcome: 'proven',
      archives: 1,
      comparison: {
        removed: expect.arrayContaining(['.env', 'dist.zip', 'sub/.env.local']),
        wrong: [],
      },
    })

    const mirror = new Repo(target)
    expect(verdictOf(await oakumJson(['history', '--no-config'], { cwd: target }))).toMatchObject({
      code: 0,
      findings: 0,
    })
    for (const { secret } of [pair, wide, escaped])
      expect([
        ...mirror.holders(secret),
        ...mirror.holders(Buffer.from(secret, 'utf16le')),
      ]).toEqual([])
    const show = (path: string): Buffer => mirror.gitBytes(['show', `main:${path}`])
    expect(show('wide.ini').toString('utf16le')).toContain(
      'aws_secret_access_key = ***REMOVED***\n',
    )
    const decoded = Buffer.from(
      /file: (\S+)/.exec(show('secret.yaml').toString())?.[1] ?? '',
      'base64',
    )
    expect(decoded.length).toBe(pairText(pair).length)
    expect(decoded.toString('latin1')).toContain('# deploy\naws_access_key_id =')
    expect(show('tool.bin').length).toBe(binary.length)
    expect(show('tool.bin').subarray(0, 7)).toEqual(binary.subarray(0, 7))
    expect(JSON.parse(show('escaped.json').toString())).toEqual({
      aws_access_key_id: '***REMOVED***',
      aws_secret_access_key: '***REMOVED***',
      next: 1,
    })
    expect(mirror.git('ls-tree', '--name-only', '-r', 'main').split('\n').toSorted()).toEqual([
      '.gitignore',
      'b.txt',
      'backup REMOVED REMOVED.txt',
      'escaped.json',
      'keep.zip',
      'secret.yaml',
      'tool.bin',
      'wide.ini',
    ])
    expect(show('keep.zip')).toEqual(repo.gitBytes(['show', 'main:keep.zip']))
    expect(count(mirror)).toBe(count(repo))
  })

  test('rewrites only what is asked for, replaces a word only where it was found, and says what was kept', async () => {
    const repo = Repo.create()
    repo.commit('Start', {
      '.env': 'DB_PASSWORD=bluebird7\n',
      'song.txt': 'the bluebird7 sings\n',
      'prod.ini': pairText(awsPair(9020)),
    })
    repo.git('checkout', '-q', '--detach')
    const { findings } = (await oakumJson(['history'], { cwd: repo.path })).report()
    const word = findings.find(({ rule }) => rule === 'dotenv-secret')
    const target = newMirror()
    const run = await oakum(['rewrite', '--to', target, '--fingerprint', word?.fingerprint ?? ''], {
      cwd: repo.path,
    })
    expect(run.code).toBe(0)
    expect(run.stdout).toContain('1 finding not selected')
    expect(run.stdout).toContain('1 value may also be an ordinary word')
    const mirror = new Repo(target)
    expect(mirror.git('show', 'HEAD:.env')).toBe('DB_PASSWORD=***REMOVED***')
    expect(mirror.git('show', 'HEAD:song.txt')).toBe('the bluebird7 sings')
    expect(mirror.git('rev-parse', 'HEAD')).toBe(mirror.git('rev-parse', 'main'))
    expect(mirror.tryGit(['symbolic-ref', '-q', 'HEAD']).code).toBe(1)
  })

  test('takes a clone that borrows its objects, from a linked work tree, with a submodule, another encoding and names that are not UTF-8', async () => {
    const lender = Repo.create()
    const pair = awsPair(9050)
    const odd = Buffer.from([0x61, 0xff, 0x2e, 0x69, 0x6e, 0x69])
    const latin = Buffer.from(`Gr\u00f6\u00dfe ${githubToken(9051)}\n`, 'latin1')
    lender.write(odd, pairText(pair)).commit('Odd name')
    lender
      .write('message', latin)
      .git('-c', 'i18n.commitEncoding=iso-8859-1', 'commit', '-q', '--allow-empty', '-F', 'message')
    lender.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`)
    lender.commitStaged('Submodule')
    lender
      .write(
        '.gitmodules',
        `[submodule "lib"]\n\tpath = lib\n\turl = https://example.com/lib.git\n`,
      )
      .write(odd, 'nothing\n')
      .commit('On')
    lender.gitBytes(
      ['-c', 'core.logAllRefUpdates=false', 'update-ref', '--stdin', '-z'],
      Buffer.concat([
        Buffer.from('create refs/heads/'),
        Buffer.from([0xfe]),
        Buffer.from(`\0${lender.git('rev-parse', 'HEAD~1')}\0`),
      ]),
    )
    // No file may have a name that is no text, or this test could not look at it.
    lender.git('pack-refs', '--all')
    const borrower = new Repo(join(temporaryFolder(), 'borrower'))
    lender.git('clone', '-q', '--shared', '--no-checkout', lender.path, borrower.path)
    borrower.git('worktree', 'add', '-q', '--no-checkout', `${borrower.path}-tree`, '-b', 'other')
    const before = stateOf(join(lender.path, '.git'))
    const target = newMirror()
    const run = await oakum(['rewrite', '--to', target], { cwd: `${borrower.path}-tree` })
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(stateOf(join(lender.path, '.git'))).toBe(before)
    const mirror = new Repo(target)
    expect(existsSync(join(target, 'objects/info/alternates'))).toBe(false)
    expect([...mirror.holders(pair.secret), ...mirror.holders(githubToken(9051))]).toEqual([])
    expect(mirror.gitBytes(['cat-file', 'commit', 'other~2']).toString('latin1')).toMatch(
      /\nencoding iso-8859-1\n\nGr\u00f6\u00dfe \*{3}REMOVED\*{3}\n$/,
    )
    expect(mirror.git('ls-tree', 'other~1', 'lib')).toContain('160000')
    expect(mirror.gitBytes(['ls-tree', '-z', '--name-only', 'other']).includes(odd)).toBe(true)
    expect(
      mirror.gitBytes(['for-each-ref', '--format=%(refname)']).includes(Buffer.from([0xfe])),
    ).toBe(true)
    expect(mirror.git('symbolic-ref', 'HEAD')).toBe('refs/heads/other')
  })

  test('runs nothing that the repository, its folder or the environment bring along', async () => {
    const repo = Repo.create()
    const pair = awsPair(9030)
    const ran = join(temporaryFolder(), 'ran')
    repo.commit('Add', {
      'prod.ini': pairText(pair),
      'git_filter_repo.py': `open('${ran}', 'w')\n`,
      'json.py': `open('${ran}', 'w')\n`,
      '.gitattributes': '* filter=evil diff=evil\n',
    })
    repo.commit('On', { 'prod.ini': 'nothing\n' })
    for (const hook of [
      'post-rewrite',
      'reference-transaction',
      'pre-auto-gc',
      'post-checkout',
      'update',
    ]) {
      mkdirSync(join(repo.path, '.git/hooks'), { recursive: true })
      writeFileSync(join(repo.path, '.git/hooks', hook), `#!/bin/sh\ntouch '${ran}'\n`)
      chmodSync(join(repo.path, '.git/hooks', hook), 0o755)
    }
    const command = `touch '${ran}'`
    for (const [key, value] of Object.entries({
      'core.fsmonitor': command,
      'uploadpack.packObjectsHook': command,
      'filter.evil.clean': command,
      'filter.evil.smudge': command,
      'diff.evil.textconv': command,
      'diff.external': command,
      'core.alternateRefsCommand': command,
      'alias.filter-repo': `!${command}`,
      'core.pager': command,
    }))
      repo.git('config', key, value)
    repo.git('replace', 'HEAD~1', 'HEAD')
    rmSync(ran, { force: true })
    const target = newMirror()
    const run = await oakum(['rewrite', '--to', target], {
      cwd: repo.path,
      env: { PYTHONPATH: repo.path, PYTHONSTARTUP: join(repo.path, 'json.py'), GIT_DIR: undefined },
    })
    expect(run.code).toBe(0)
    expect(existsSync(ran)).toBe(false)
    expect(new Repo(target).holders(pair.secret)).toEqual([])
    expect(readdirSync(join(target)).includes('hooks')).toBe(false)
  })
})

describe.skipIf(!hasFilterRepo)('a rewrite that cannot be, or that is stopped,', () => {
  const repo = Repo.create()
  repo.commit('Add', { 'prod.ini': pairText(awsPair(9040)) })
  for (let n = 0; n < 30; n += 1)
    repo.commit(`Version ${n}`, { 'prod.ini': `${pairText(awsPair(9040))}${n}\n` })

  test.each([
    ['a place that is taken', (): string[] => ['--to', temporaryFolder()], /already exists/],
    ['a place without a folder', () => ['--to', '/nowhere/at/all'], /its folder does not exist/],
    [
      'a place within the repository',
      () => ['--to', join(repo.path, 'clean.git')],
      /inside the repository/,
    ],
    ['no place', () => [], /needs --to/],
    [
      'a fingerprint nothing has',
      () => ['--to', newMirror(), '--fingerprint', `oak1-${'0'.repeat(32)}`],
      /no finding .* has the fingerprint/,
    ],
    [
      'a path no commit has',
      () => ['--to', newMirror(), '--remove-path', '.env.prod'],
      /no commit has such/,
    ],
    [
      'a path outside',
      () => ['--to', newMirror(), '--remove-path', '../.env'],
      /takes a file or folder from the top/,
    ],
  ])('is refused in one line: %s', async (_what, argsOf, message) => {
    const args = argsOf()
    const run = await oakum(['rewrite', ...args], { cwd: repo.path })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/^oakum: [^\n]+\n$/)
    expect(run.stderr).toMatch(message)
  })

  test('says how to install git filter-repo', async () => {
    const folder = temporaryFolder()
    for (const program of ['git', 'node', 'sh'])
      writeFileSync(
        join(folder, program),
        `#!/bin/sh\nexec ${spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim()} "$@"\n`,
        { mode: 0o755 },
      )
    const run = await oakum(['rewrite', '--to', newMirror()], {
      cwd: repo.path,
      env: { PATH: folder },
    })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/^oakum: git filter-repo was not found: install it [^\n]+\n$/)
  })

  test('makes no mirror where there is nothing to rewrite, and none of what cannot be read', async () => {
    const empty = Repo.create()
    empty.commit('Start', { 'README.md': '# Shop\n' })
    const target = newMirror()
    expect(await oakum(['rewrite', '--to', target], { cwd: empty.path })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to rewrite'),
    })
    expect(readdirSync(dirname(target))).toEqual([])
    const shallow = repo.clone('--depth', '1')
    expect(await oakum(['rewrite', '--to', target], { cwd: shallow.path })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--unshallow'),
    })
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'leaves nothing half done: %s; what a kill leaves, the next run takes away',
    async (signal) => {
      const target = newMirror()
      const folder = dirname(target)
      const slow = temporaryFolder()
      // The filter never ends by itself.
      writeFileSync(
        join(slow, 'git-filter-repo'),
        `#!/bin/sh\n[ "$1" = --version ] && { echo 1; exit; }\necho $$ > '${slow}/pid'\nexec sleep 60\n`,
        { mode: 0o755 },
      )
      const before = stateOf(repo.path)
      const child = spawn(process.execPath, [bin, 'rewrite', '--to', target], {
        cwd: repo.path,
        env: { ...isolatedEnv, PATH: `${slow}:${isolatedEnv['PATH'] ?? ''}` },
        stdio: 'ignore',
      })
      for (let tries = 0; tries < 1000 && !existsSync(join(slow, 'pid')); tries += 1) await wait(20)
      const [work] = readdirSync(folder)
      expect(work).toMatch(/^\.clean\.git\.oakum-rewrite-/)
      expect(lstatSync(join(folder, work ?? '')).mode & 0o777).toBe(0o700)
      expect(lstatSync(join(folder, work ?? '', 'mirror.git/oakum-filter.json')).mode & 0o777).toBe(
        0o600,
      )
      // Another run for the same place would be in its way.
      if (signal === 'SIGINT')
        expect(await oakum(['rewrite', '--to', target], { cwd: repo.path })).toMatchObject({
          code: 2,
          stderr: expect.stringContaining('another oakum rewrite'),
        })
      const ended = new Promise<number | null>((done) => child.on('close', done))
      child.kill(signal)
      expect(await ended).toBe(signal === 'SIGKILL' ? null : 130)
      expect(stateOf(repo.path)).toBe(before)
      expect(existsSync(target)).toBe(false)
      const pid = Number(readFileSync(join(slow, 'pid'), 'utf8'))
      if (signal === 'SIGKILL') {
        process.kill(pid)
        expect(readdirSync(folder)).toHaveLength(1)
        expect((await oakum(['rewrite', '--to', target], { cwd: repo.path })).code).toBe(0)
        expect(readdirSync(folder)).toEqual(['clean.git'])
      } else {
        expect(readdirSync(folder)).toEqual([])
        expect(await ends(pid)).toBe(true)
      }
    },
  )

  test('throws the mirror away when a filter leaves something, changes something else, or loses a commit', async () => {
    const target = newMirror()
    const lazy = temporaryFolder()
    const real = spawnSync('sh', ['-c', 'command -v git-filter-repo'], {
      encoding: 'utf8',
    }).stdout.trim()
    writeFileSync(
      join(lazy, 'git-filter-repo'),
      `#!/bin/sh\n[ "$1" = --version ] && { echo 1; exit; }\nexec '${real}' --force --partial --quiet --path-rename prod.ini:other.ini\n`,
      { mode: 0o755 },
    )
    appendFileSync(join(lazy, 'empty'), '')
    const run = await oakum(['rewrite', '--to', target], {
      cwd: repo.path,
      env: { PATH: `${lazy}:${isolatedEnv['PATH'] ?? ''}` },
    })
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('Not proven, so the mirror was deleted.')
    expect(run.stdout).toContain('differs but should not: other.ini')
    expect(run.stdout).toMatch(/left: AWS access key/)
    expect(readdirSync(dirname(target))).toEqual([])
  })
})
