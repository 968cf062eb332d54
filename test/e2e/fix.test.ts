import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../src/cli/process/main.ts'
import { awsPair, githubToken, password } from '../support/credentials.ts'
import { fakeIo } from '../support/io.ts'
import { oakum, runOf } from '../support/oakum.ts'
import { oakumHere } from '../support/in-process.ts'
import { isolatedEnv, Repo } from '../support/repo.ts'

const read = (repo: Repo, path: string): string => readFileSync(repo.at(path)).toString('latin1')
const tracked = (repo: Repo): readonly string[] =>
  repo.git('ls-files', '-z').split('\0').filter(Boolean)
const ignores = (repo: Repo, path: string): boolean =>
  repo.tryGit(['check-ignore', '-q', '--no-index', path]).code === 0

/** The shape of a whole clone: its files, its index, what git says of it. */
function stateOf(repo: Repo): string {
  return [
    repo.git('status', '--porcelain=v1', '-z', '--ignored'),
    repo.git('ls-files', '--stage'),
    ...['.env', '.gitignore', '.env.example'].map((path) =>
      existsSync(repo.at(path)) ? read(repo, path) : 'none',
    ),
  ].join('\n')
}

const secret = password(8001)
const envText = [
  '# Shop settings',
  '',
  `export DB_PASSWORD="${secret}" # of the shop`,
  'PORT=3000',
  `# the old one was ${secret}`,
  `# DB_OLD=${secret}`,
  `# ask ada, or use ${githubToken(8002)}`,
  'KEY="-----BEGIN X-----',
  'PORT=4711',
  'not an entry',
  '-----END X-----"',
  "QUOTED='a b' # with a blank",
  `TOKEN=${githubToken(8003)} #abc`,
  'PORT=3001',
  '',
].join('\n')

describe('oakum fix', () => {
  test('ignores, untracks and writes a template, and leaves the env file as it was', async () => {
    const repo = Repo.create()
    repo.commit('Start', { '.env': envText, '.gitignore': 'dist/', 'a.txt': 'a\n' })
    const shown = await oakumHere(['fix', '--dry-run'], { cwd: repo.path })
    expect(shown.code).toBe(0)
    expect(repo.git('status', '--porcelain')).toBe('')
    const done = await oakum(['fix', '--yes'], { cwd: repo.path })
    expect(done.code).toBe(0)
    expect(done.stdout.startsWith(shown.stdout)).toBe(true)
    expect(done.stdout).toContain('--- a/.gitignore\n+++ b/.gitignore\n@@ -1,0 +2,1 @@\n+.env\n')
    expect(done.stdout).toContain('git rm --cached .env')
    expect(read(repo, '.env')).toBe(envText)
    expect(read(repo, '.gitignore')).toBe('dist/\n.env\n')
    expect(read(repo, '.env.example')).toBe(
      [
        '# Shop settings',
        '',
        'export DB_PASSWORD= # of the shop',
        'PORT=',
        '# DB_OLD=',
        'KEY=',
        'QUOTED= # with a blank',
        'TOKEN=',
        '',
      ].join('\n'),
    )
    expect(done.stderr).toContain('skipped 2 comments that may contain a secret')
    expect(tracked(repo)).toEqual(['.gitignore', 'a.txt'])
    expect(await oakumHere(['fix', '--yes'], { cwd: repo.path })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing to fix'),
    })
  })

  test('adds to a template only the keys it lacks, in its own line ends, and ignores nothing twice', async () => {
    const repo = Repo.create()
    const text = '# ours\r\nPORT=8080\r\n# DEBUG=1'
    repo.commit('Start', { '.env.sample': text, '.gitignore': '# keep\r\n.env\r\n' })
    repo
      .write('.env', 'PORT=3000\n\n# which database\nDB=x1x2\nDEBUG=0\n')
      .write('.env.local', `DB=y\nAPI_TOKEN=${githubToken(8010)}\n`)
    expect((await oakumHere(['fix', '--yes'], { cwd: repo.path })).code).toBe(0)
    // `.env` is ignored already, so nothing is to be done about it.
    expect(read(repo, '.env.sample')).toBe(`${text}\r\nDB=\r\nAPI_TOKEN=\r\n`)
    expect(read(repo, '.gitignore')).toBe('# keep\r\n.env\r\n.env.local\r\n')
  })

  test('works from a sub-folder, in a linked work tree, and takes the nearest .gitignore', async () => {
    const main = Repo.create()
    main.commit('Start', {
      'services/api/.env': 'SECRET_KEY=a1b2c3d4\n',
      'services/.gitignore': 'log\n',
      'web/.env': 'A=b\n',
    })
    const path = `${main.path}-tree`
    main.git('worktree', 'add', '-q', path)
    const repo = new Repo(path)
    expect(
      (await oakumHere(['fix', '--yes', '../api'], { cwd: join(path, 'services/api') })).code,
    ).toBe(0)
    expect(tracked(repo)).toEqual(['services/.gitignore', 'web/.env'])
    expect(read(repo, 'services/.gitignore')).toBe('log\n.env\n')
    expect(read(repo, 'services/api/.env.example')).toBe('SECRET_KEY=\n')
    expect(existsSync(repo.at('.gitignore'))).toBe(false)
    expect(tracked(main)).toContain('services/api/.env')
    rmSync(path, { recursive: true, force: true })
  })

  test('takes odd names, and an example that a rule hides', async () => {
    const repo = Repo.create()
    const names = ['.env.a b ', '.env.[x]*', '.env.#1', '.env.größe', '!prod.env', '.env.new\nline']
    repo.commit('Start', {
      ...Object.fromEntries(names.map((name) => [name, 'PASS_WORD=a1b2c3\n'])),
      '.env.x': 'A=1\n',
    })
    repo.gitBytes(['add', '-A'])
    repo.write('.gitignore', '*.example\n')
    repo.write(Buffer.concat([Buffer.from('.env.'), Buffer.from([0xff])]), 'A=1\n')
    const done = await oakum(['fix', '--yes'], { cwd: repo.path })
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(tracked(repo)).toEqual([])
    for (const name of names) expect(ignores(repo, name)).toBe(true)
    expect(ignores(repo, '.env.example')).toBe(false)
    expect(ignores(repo, '.env.ax')).toBe(false)
    expect(
      repo
        .git('status', '--porcelain', '--untracked-files=all')
        .split('\n')
        .filter((line) => line.startsWith('??')),
    ).toEqual(['?? !prod.env.example', '?? .env.example', '?? .gitignore'])
  })

  test('leaves links, encrypted files, templates and submodules alone', async () => {
    const inner = Repo.create()
    inner.commit('Start', { '.env': 'A_SECRET=a1b2c3d4\n' })
    const repo = Repo.create()
    repo.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner.path, 'lib')
    repo.write('elsewhere', 'A=1\n').link('.env', 'elsewhere')
    repo.commit('Start', {
      '.env.production': 'DOTENV_PUBLIC_KEY="03aa"\nDB="encrypted:BDqD"\n',
      '.env.example': 'A=\n',
      '.envrc': 'export A=1\n',
    })
    const done = await oakumHere(['fix', '--yes'], { cwd: repo.path })
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to fix') })
    expect(done.stderr).toContain('.env: it is a symbolic link')
    const within = await oakumHere(['fix', '--yes'], { cwd: join(repo.path, 'lib') })
    expect(within.code).toBe(0)
    expect(tracked(new Repo(join(repo.path, 'lib')))).toEqual([])
    expect(lstatSync(repo.at('.env')).isSymbolicLink()).toBe(true)
  })

  test('asks on a terminal, and does nothing without an answer or without a terminal', async () => {
    const repo = Repo.create()
    repo.commit('Start', { '.env': `DB_PASSWORD=${password(8020)}\n` })
    const before = stateOf(repo)
    const ask = async (answer: string): Promise<number> => {
      const io = fakeIo({
        argv: ['fix'],
        cwd: repo.path,
        env: isolatedEnv,
        stdoutIsTTY: true,
        stdin: [Buffer.from(answer)],
      })
      const code = await run(io)
      expect(runOf(code, io.out(), io.err()).stderr).toContain('Apply these changes? [y/N]')
      return code
    }
    const piped = await oakum(['fix'], { cwd: repo.path, stdin: 'y\n' })
    expect(piped.code).toBe(1)
    expect(piped.stdout).toContain('+.env')
    expect(piped.stderr).toContain('use --yes to apply')
    expect([await ask(''), await ask('n\n'), await ask('\n')]).toEqual([1, 1, 1])
    expect(stateOf(repo)).toBe(before)
    expect(await ask('y\n')).toBe(0)
    expect(tracked(repo)).toEqual([])
  })

  test.each([
    [
      'the index is locked',
      (repo: Repo) => writeFileSync(repo.at('.git/index.lock'), ''),
      /index\.lock/,
    ],
    [
      '.gitignore is a link',
      (repo: Repo) => symlinkSync('/etc/passwd', repo.at('.gitignore')),
      /symbolic link/,
    ],
    [
      '.env.example is a folder',
      (repo: Repo) => repo.write('.env.example/a', 'a'),
      /not a regular file/,
    ],
    [
      'what is staged is nowhere else',
      (repo: Repo) => (
        repo.write('.env', 'A_SECRET=a1b2c3\n').git('add', '-A'),
        repo.write('.env', 'A_SECRET=d4e5f6\n')
      ),
      /would be lost/,
    ],
    [
      'a conflict is not resolved',
      (repo: Repo) =>
        repo.gitBytes(
          ['update-index', '--index-info'],
          `0 ${'0'.repeat(40)}\t.env\n100644 ${repo.git('rev-parse', 'HEAD:.env')} 1\t.env\n`,
        ),
      /has a merge conflict/,
    ],
  ])('does all or nothing: %s', async (_what, arrange, message) => {
    const repo = Repo.create()
    repo.commit('Start', { '.env': `DB_PASSWORD=${password(8030)}\n` })
    arrange(repo)
    const state = (): string =>
      [
        repo.git('ls-files', '--stage'),
        existsSync(repo.at('.gitignore')),
        existsSync(repo.at('.env.example')),
      ].join()
    const before = state()
    const done = await oakumHere(['fix', '--yes'], { cwd: repo.path })
    expect([2, 3]).toContain(done.code)
    expect(done.stderr).toMatch(message)
    expect(state()).toBe(before)
  })

  test('adds its lines behind those that bring a file back', async () => {
    const repo = Repo.create()
    repo.commit('Start', {
      'a/.env': `AWS_SECRET_ACCESS_KEY=${awsPair(8040).secret}\n`,
      '.gitignore': 'x\n',
    })
    writeFileSync(repo.at('.gitignore'), 'x\n/a/*\n!/a/.env*\n')
    const done = await oakumHere(['fix', '--yes'], { cwd: repo.path })
    // The line at the end wins over those before it.
    expect(done.code).toBe(0)
    expect(ignores(repo, 'a/.env')).toBe(true)
    expect(ignores(repo, 'a/.env.example')).toBe(false)
  })
})
