import { spawn, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import {
  asiaTriple,
  awsPair,
  awsPairWithoutSlash,
  githubToken,
  password,
} from '../support/credentials.ts'
import { bin, oakum, oakumJson, projectRoot, runOf } from '../support/oakum.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../support/repo.ts'
import { fakeGit, fakeObjectStream } from './fake-git.ts'
import { expectPair, pairText, skipsFor, verdictOf } from './pair-in-report.ts'

/**
 * Secrets of every kind in file names, contents, messages, the index, the stash and files that
 * cannot be parsed.
 */
function fullOfSecrets(): { readonly repo: Repo; readonly text: string } {
  const repo = Repo.create()
  const session = asiaTriple(700)
  const named = awsPairWithoutSlash(701)
  const text = [
    pairText(awsPair(702)),
    pairText(session),
    `AWS_SESSION_TOKEN=${session.token}`,
    `GITHUB_TOKEN=${githubToken(703)}`,
    `DATABASE_URL=postgres://shop:${password(704)}@db.example.com/shop`,
  ].join('\n')
  repo.commit(`Start\n\n${pairText(awsPair(705))}`, {
    '.env': `DB_PASSWORD=${password(706)}\n${text}`,
    'prod.json': JSON.stringify({ keys: awsPair(707) }),
  })
  repo.commit('Name', {
    [`${named.id}:${named.secret}`]: 'see the name\n',
    'wide.ini': Buffer.from(pairText(awsPair(708)), 'utf16le'),
  })
  repo.write('stashed.ini', pairText(awsPair(709))).git('add', '-A')
  repo.git('stash', '-q')
  repo.write('staged.ini', pairText(awsPair(710))).git('add', '-A')
  repo.write('untracked.ini', pairText(awsPair(711)))
  return { repo, text }
}

/** Sends SIGINT a moment after a file has come to be. */
function interruptAfter(file: string): (kill: (signal: NodeJS.Signals) => void) => void {
  return (kill) => {
    void (async () => {
      for (let tries = 0; tries < 1000 && !existsSync(file); tries += 1) await wait(20)
      await wait(200)
      kill('SIGINT')
    })()
  }
}

describe('what oakum writes', () => {
  const { repo, text } = fullOfSecrets()
  const commands = [
    ['scan'],
    ['scan', '--no-git'],
    ['staged'],
    ['range', 'HEAD~1..HEAD'],
    ['history'],
    ['stdin'],
  ]
  const full = [
    ['--verbose', '--show-suppressed', '--all-origins', '--color', 'always'],
    ['--format', 'json', '--verbose', '--show-suppressed', '--all-origins'],
  ]
  const brief = [['history', '--quiet'], ['history', '--format', 'jsonl'], ['history']]

  // The run itself refuses output that holds a piece of any planted secret.
  test.each(
    [...commands.flatMap((command) => full.map((form) => [...command, ...form])), ...brief].map(
      (args) => [args.join(' '), args] as const,
    ),
  )('holds no secret: oakum %s', async (_line, args) => {
    const run = await oakum(args, {
      cwd: repo.path,
      stdin: text,
      env: { DEBUG: '*', NODE_DEBUG: 'child_process' },
    })
    expect(run.code).toBe(1)
  })

  test('shows no secret in a pipe, even when it is asked to', async () => {
    const run = await oakum(['scan', '--show-secrets'], { cwd: repo.path })
    expect(run.stderr).not.toBe('')
    expect(run.code).toBe(2)
  })

  test('holds no secret when the command line is wrong and holds one', async () => {
    const { id, secret } = awsPair(720)
    for (const args of [
      ['range', `${id}:${secret}`],
      ['scan', `./${id}:${secret}`],
      ['stdin', `AWS_SECRET_ACCESS_KEY=${secret}`],
      [githubToken(721)],
    ]) {
      const run = await oakum(args, { cwd: repo.path })
      expect(run.stderr).toMatch(/^oakum: .+\n$/)
      expect(run.code).toBe(2)
    }
  })
})

describe('the exit code of oakum', () => {
  const empty = Repo.create()
  empty.commit('Start', { 'README.md': '# Shop\n' })
  const lone = Repo.create()
  lone.commit('Start', { 'lone.ini': `user = ${awsPair(730).id}\n` })

  test.each([
    ['0 when nothing is found', empty, ['scan'], 0],
    ['0 when what is found is below --fail-on', lone, ['scan', '--fail-on', 'high'], 0],
    ['1 when something is found', lone, ['scan'], 1],
    ['1 in quiet, too', lone, ['scan', '--quiet'], 1],
    ['2 for an option that does not exist', empty, ['scan', '--no-such-option'], 2],
    ['2 for a command that does not exist', empty, ['no-such-command'], 2],
    ['2 for a value that is none of the choices', empty, ['scan', '--fail-on', 'never'], 2],
    ['3 when the range cannot be resolved', empty, ['range', 'no-such-branch..HEAD'], 3],
    ['0 for --help', empty, ['--help'], 0],
    ['0 for --version', empty, ['--version'], 0],
  ] as const)('is %s', async (_what, repo, args, code) => {
    expect((await oakum(args, { cwd: repo.path })).code).toBe(code)
  })

  test('is 130 after SIGINT, with a report on what was read until then', async () => {
    const pair = awsPair(740)
    const repo = Repo.create()
    for (let n = 0; n < 40; n += 1)
      repo.write(`config/${n}.ini`, `${pairText(pair)}${`option${n} = ${n}\n`.repeat(250)}`)
    repo.commit('Add settings')
    const reached = join(temporaryFolder(), 'reached')
    // Such a history takes longer than this test may: only the signal can end the scan.
    const env = fakeObjectStream(`"$real" "$@" | head -c 20000; : > '${reached}'; exec sleep 60`)
    const run = await oakumJson(['history', '--reader', 'cat-file'], {
      cwd: repo.path,
      env,
      onStarted: interruptAfter(reached),
    })
    expect(verdictOf(run)).toEqual({ code: 130, findings: 1, complete: false })
    expectPair(run, pair)
    expect(skipsFor(run, 'interrupted')).toHaveLength(1)
  })

  test.each([
    ['lists the objects', 'cat-file --batch-all-objects --batch-check=%(objectname)'],
    ['walks the refs', 'rev-list --objects'],
    ['lists what is reachable', 'rev-list --objects --all --missing=allow-any', '--reachable'],
    [
      'lists trees and commits, to look for those of what was found',
      'cat-file --batch-all-objects --batch-check=%(objecttype)',
    ],
  ])(
    'is 130 with a report, too, when SIGINT comes while git %s',
    async (_what, command, ...options) => {
      const repo = Repo.create()
      repo.commit('Add settings', { 'prod.ini': pairText(awsPair(741)) })
      const reached = join(temporaryFolder(), 'reached')
      const env = fakeGit(
        `case "$*" in '${command}'*) "$real" "$@"; : > '${reached}'; exec sleep 60 ;; esac; exec "$real" "$@"`,
      )
      const run = await oakumJson(['history', '--reader', 'cat-file', ...options], {
        cwd: repo.path,
        env,
        onStarted: interruptAfter(reached),
      })
      expect(run.code).toBe(130)
      expect(skipsFor(run, 'interrupted')).toHaveLength(1)
    },
  )

  test('is 3 when the deadline passes while git still lists the objects', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'README.md': '# Shop\n' })
    const env = fakeGit(
      `case "$*" in *--batch-all-objects*) "$real" "$@"; exec sleep 60 ;; esac; exec "$real" "$@"`,
    )
    const run = await oakumJson(['history', '--reader', 'cat-file', '--deadline', '1s'], {
      cwd: repo.path,
      env,
    })
    expect(verdictOf(run)).toEqual({ code: 3, findings: 0, complete: false })
    expect(run.report().receipt.skipped.map(({ reason }) => reason)).toEqual(['deadline'])
  })
})

describe('oakum', () => {
  test('ends quietly when nobody reads on', async () => {
    const folder = temporaryFolder()
    for (let n = 0; n < 600; n += 1)
      writeFileSync(join(folder, `${n}.ini`), pairText(awsPair(7000 + n)))
    const child = spawn(
      'sh',
      ['-c', '"$0" "$1" scan --no-git --format jsonl | head -n 1', process.execPath, bin],
      { cwd: folder, env: isolatedEnv },
    )
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
    child.stderr.on('data', (bytes: Buffer) => err.push(bytes))
    const code = await new Promise<number | null>((done) => child.on('close', done))
    const run = runOf(code, Buffer.concat(out).toString(), Buffer.concat(err).toString())
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toMatch(/^\{.*\n$/)
  })

  test('says how to trust a repository of another owner, and scans it when the user does', async (context) => {
    if (process.getuid?.() !== 0) context.skip('needs root, to give a repository to another user')
    const pair = awsPair(750)
    const repo = Repo.create()
    repo.commit('Add settings', { 'prod.ini': pairText(pair) })
    spawnSync('chown', ['-R', '12345', repo.path])
    const home = temporaryFolder()
    const env = { HOME: home, GIT_CONFIG_GLOBAL: undefined }
    for (const command of ['scan', 'staged', 'history']) {
      const refused = await oakum([command], { cwd: repo.path, env })
      expect(refused.stderr.trimEnd().split('\n')).toEqual([
        expect.stringContaining('git config --global --add safe.directory'),
      ])
      expect(refused.code).toBe(3)
    }
    writeFileSync(join(home, '.gitconfig'), `[safe]\n\tdirectory = ${repo.path}\n`)
    for (const command of ['scan', 'history'])
      expectPair(await oakumJson([command], { cwd: repo.path, env }), pair)
  })

  test.each([['scan'], ['history']])(
    'finds nothing above low in its own repository: oakum %s',
    async (command) => {
      const own = new Repo(projectRoot)
      // Whoever runs the tests may have to trust this folder.
      const env = { HOME: process.env['HOME'], GIT_CONFIG_GLOBAL: process.env['GIT_CONFIG_GLOBAL'] }
      const shallow =
        own
          .tryGit(['-c', 'safe.directory=*', 'rev-parse', '--is-shallow-repository'])
          .stdout.toString()
          .trim() === 'true'
      const run = await oakumJson(
        [command, ...(shallow && command === 'history' ? ['--allow-shallow'] : [])],
        { cwd: projectRoot, env },
      )
      // Passwords of test words, in tests and in pages about rules, are low.
      const severe = run.report().findings.filter(({ severity }) => severity !== 'low')
      expect(severe).toEqual([])
      expect([run.code, run.report().receipt.complete]).toEqual([0, true])
    },
  )
})
