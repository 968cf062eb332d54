import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Pair } from '../support/credentials.ts'
import { asiaTriple, awsPair } from '../support/credentials.ts'
import { oakumHere as oakum, oakumJsonHere as oakumJson } from '../support/in-process.ts'
import { bin } from '../support/oakum.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import {
  clean,
  expectOnlyPair,
  expectPair,
  pairText,
  secretPlace,
  skipsFor,
  verdictOf,
} from './pair-in-report.ts'

/** README.md is committed, `*.log` ignored. */
function started(): Repo {
  const repo = Repo.create()
  repo.commit('Start', { 'README.md': '# Shop\n', '.gitignore': '*.log\n' })
  return repo
}

const found: readonly (readonly [string, string, (pair: Pair) => Repo])[] = [
  [
    'a tracked file',
    'prod.ini',
    (pair) => {
      const repo = started()
      repo.commit('Add', { 'prod.ini': pairText(pair) })
      return repo
    },
  ],
  [
    'a tracked file as it is edited now',
    'README.md',
    (pair) => started().write('README.md', pairText(pair)),
  ],
  [
    'an untracked file that is not ignored',
    'deep/down/prod.ini',
    (pair) => started().write('deep/down/prod.ini', pairText(pair)),
  ],
  [
    'a tracked file that is ignored all the same',
    'kept.log',
    (pair) => {
      const repo = started().write('kept.log', pairText(pair))
      repo.git('add', '-f', 'kept.log')
      return repo
    },
  ],
  [
    'a file whose name has spaces, quotes and a newline',
    `my "prod"\n'copy'.ini`,
    (pair) => started().write(`my "prod"\n'copy'.ini`, pairText(pair)),
  ],
  [
    'a file whose name looks like an option or a pattern',
    '--all [a-z]*.ini',
    (pair) => started().write('--all [a-z]*.ini', pairText(pair)),
  ],
]

describe('oakum scan', () => {
  test.each(found.map(([what, path, build], index) => [what, path, build, 600 + index] as const))(
    'finds a pair in %s',
    async (_what, path, build, seed) => {
      const pair = awsPair(seed)
      const run = await oakumJson(['scan'], { cwd: build(pair).path })
      expect(secretPlace(expectOnlyPair(run, pair))).toMatchObject({
        kind: 'file',
        path,
        line: 3,
        column: 25,
        endLine: 3,
        endColumn: 65,
      })
      expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: true })
    },
  )

  test.runIf(process.platform === 'linux')(
    'finds a pair in a file whose name is not UTF-8',
    async () => {
      const pair = awsPair(610)
      const path = Buffer.from('caf\xe9.ini', 'latin1')
      const run = await oakumJson(['scan'], { cwd: started().write(path, pairText(pair)).path })
      expect(secretPlace(expectOnlyPair(run, pair)).pathBytes).toBe(path.toString('base64'))
    },
  )

  test('leaves an ignored file alone, and takes it when it is named', async () => {
    const pair = awsPair(611)
    const repo = started().write('debug.log', pairText(pair))
    expect(verdictOf(await oakumJson(['scan'], { cwd: repo.path }))).toEqual(clean)
    const named = await oakumJson(['scan', 'debug.log'], { cwd: repo.path })
    expect(secretPlace(expectOnlyPair(named, pair)).path).toBe('debug.log')
  })

  test('leaves everything below .git alone', async () => {
    const repo = started().write('.git/notes.ini', pairText(awsPair(612)))
    expect(verdictOf(await oakumJson(['scan'], { cwd: repo.path }))).toEqual(clean)
  })

  test('scans only the folder it is given', async () => {
    const [inside, outside] = [awsPair(613), awsPair(614)]
    const repo = started()
      .write('app/prod.ini', pairText(inside))
      .write('other/prod.ini', pairText(outside))
    expectOnlyPair(await oakumJson(['scan', 'app'], { cwd: repo.path }), inside)
    const run = await oakumJson(['scan', '.'], { cwd: join(repo.path, 'app') })
    expectOnlyPair(run, inside)
    expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: true })
  })

  test('reads no file through a symbolic link, but scans the text of the link', async () => {
    const [linked, text] = [awsPair(615), awsPair(616)]
    const outside = join(temporaryFolder(), 'outside.ini')
    writeFileSync(outside, pairText(linked))
    const repo = started()
      .link('outside', outside)
      .link('text', `${text.id}:${text.secret}`)
      .link('loop', 'loop')
    const run = await oakumJson(['scan'], { cwd: repo.path })
    expect(secretPlace(expectOnlyPair(run, text))).toMatchObject({
      path: 'text',
      line: 1,
      column: 22,
    })
  })

  test('does not wait for a pipe that nobody writes to', async (context) => {
    const repo = started()
    if (spawnSync('sh', ['-c', 'mkfifo pipe'], { cwd: repo.path }).status !== 0)
      context.skip('needs mkfifo')
    expect(verdictOf(await oakumJson(['scan'], { cwd: repo.path }))).toEqual(clean)
    const named = await oakumJson(['scan', 'pipe'], { cwd: repo.path })
    expect(skipsFor(named, 'special-file').map(({ path }) => path)).toEqual(['pipe'])
    expect((await oakumJson(['scan', '--no-git'], { cwd: repo.path })).code).toBe(0)
  })

  test('names a submodule that it does not enter', async () => {
    const library = started()
    library.commit('Add', { 'prod.ini': pairText(awsPair(617)) })
    const repo = started()
    repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.path, 'lib')
    const run = await oakumJson(['scan'], { cwd: repo.path })
    expect(skipsFor(run, 'submodule').map(({ path }) => path)).toEqual(['lib'])
    expect(verdictOf(run)).toEqual(clean)
  })

  test('names the files that a sparse checkout leaves out', async () => {
    const repo = started()
    repo.commit('Add', {
      'app/main.c': 'int main(void) { return 0; }\n',
      'hidden/prod.ini': pairText(awsPair(618)),
    })
    repo.git('sparse-checkout', 'set', 'app')
    const run = await oakumJson(['scan'], { cwd: repo.path })
    expect(skipsFor(run, 'sparse').map(({ path }) => path)).toEqual(['hidden/prod.ini'])
    expect(verdictOf(run)).toEqual(clean)
  })

  test('reports a deleted tracked file as nothing at all', async () => {
    const repo = started().remove('README.md')
    expect(verdictOf(await oakumJson(['scan'], { cwd: repo.path }))).toEqual(clean)
  })

  test('finds session credentials whole, expired ones too', async () => {
    const { id, secret, token } = asiaTriple(619)
    const repo = started().write(
      'session.ini',
      `${pairText({ id, secret })}aws_session_token = ${token}\n`,
    )
    const run = await oakumJson(['scan', '--fail-on', 'low'], { cwd: repo.path })
    expect(
      run
        .report()
        .findings.flatMap(({ parts }) => parts.map(({ role }) => role))
        .sort(),
    ).toEqual(['id', 'secret', 'token'])
    expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: true })
  })

  test('refuses a path that does not exist', async () => {
    const run = await oakum(['scan', 'no-such-file'], { cwd: started().path })
    expect(run.stderr).toContain('no-such-file')
    expect(run.code).toBe(2)
  })

  test.each(['.git', '.git/config'])('of %s is not clean, and says what scans it', async (path) => {
    const run = await oakum(['scan', path], { cwd: Repo.create().path })
    expect(run.stderr.trimEnd().split('\n')).toEqual([expect.stringContaining('oakum history')])
    expect(run.code).toBe(3)
  })

  test('outside a repository refuses, and says how to scan a plain folder', async () => {
    const run = await oakum(['scan'], { cwd: temporaryFolder() })
    expect(run.stderr).toContain('--no-git')
    expect(run.code).toBe(2)
  })
})

describe('oakum scan --no-git', () => {
  test('finds a pair in every file of a plain folder, hidden ones too', async () => {
    const [shown, hidden, binary] = [awsPair(630), awsPair(631), awsPair(632)]
    const folder = temporaryFolder()
    mkdirSync(join(folder, '.aws'))
    writeFileSync(join(folder, 'prod.ini'), pairText(shown))
    writeFileSync(join(folder, '.aws/credentials'), pairText(hidden))
    writeFileSync(
      join(folder, 'program.bin'),
      Buffer.concat([
        Buffer.from([0, 1, 2, 255]),
        Buffer.from(`\n${pairText(binary)}`),
        Buffer.from([0, 7]),
      ]),
    )
    symlinkSync(folder, join(folder, 'loop'))
    const run = await oakumJson(['scan', '--no-git'], { cwd: folder })
    expect(secretPlace(expectPair(run, shown)).path).toBe('prod.ini')
    expect(secretPlace(expectPair(run, hidden)).path).toBe('.aws/credentials')
    expect(secretPlace(expectPair(run, binary)).path).toBe('program.bin')
    expect(verdictOf(run)).toEqual({ code: 1, findings: 3, complete: true })
  })

  test('is incomplete when a file may not be read, and finds a pair in the next one', async (context) => {
    if (process.getuid === undefined) context.skip('needs a system with file modes')
    const asNobody = process.getuid?.() === 0
    if (asNobody && spawnSync(process.execPath, ['--check', bin], { uid: 65534 }).status !== 0)
      context.skip('needs a checkout that any user can read')
    // Root may read everything, so the scan runs as another user, in a folder that user can reach.
    const folder = join(tmpdir(), `oakum-unreadable-${process.pid}`)
    const pair = awsPair(640)
    mkdirSync(folder)
    context.onTestFinished(() => void spawnSync('rm', ['-rf', folder]))
    writeFileSync(join(folder, 'locked.ini'), pairText(awsPair(641)))
    chmodSync(join(folder, 'locked.ini'), 0)
    writeFileSync(join(folder, 'open.ini'), pairText(pair))
    if (asNobody)
      for (const path of [folder, join(folder, 'locked.ini'), join(folder, 'open.ini')])
        chownSync(path, 65534, 65534)
    const run = await oakumJson(['scan', '--no-git'], {
      cwd: folder,
      env: { HOME: folder },
      ...(asNobody ? { uid: 65534 } : {}),
    })
    expectOnlyPair(run, pair)
    expect(skipsFor(run, 'unreadable').map(({ path }) => path)).toEqual(['locked.ini'])
    expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: false })
  })
})

describe('oakum stdin', () => {
  test('finds a pair in what it is given, in a repository or not', async () => {
    const pair = awsPair(650)
    const run = await oakumJson(['stdin'], {
      cwd: temporaryFolder(),
      stdin: `# log\n${pairText(pair)}`,
    })
    expect(secretPlace(expectOnlyPair(run, pair))).toMatchObject({
      kind: 'stdin',
      line: 4,
      column: 25,
    })
    expect(verdictOf(run)).toEqual({ code: 1, findings: 1, complete: true })
    expect(verdictOf(await oakumJson(['stdin'], { cwd: temporaryFolder() }))).toEqual(clean)
  })
})
