import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { awsPair } from '../support/credentials.ts'
import { bytesIn, gitOutcome, oakumIn } from '../support/hooked.ts'
import { bin } from '../support/oakum.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import { fakeGit } from './fake-git.ts'
import { pairText } from './pair-in-report.ts'

const hooksOf = (repo: Repo): string => join(repo.path, '.git/hooks')

function fresh(): Repo {
  const repo = Repo.create()
  repo.commit('Start', { 'a.txt': 'a\n' })
  return repo
}

/** Writes a hook that notes that it ran, in a file beside the repository. */
function existing(
  repo: Repo,
  name: string,
  text: string,
  mode = 0o755,
): { readonly ran: () => string } {
  mkdirSync(hooksOf(repo), { recursive: true })
  const log = join(temporaryFolder(), 'log')
  writeFileSync(join(hooksOf(repo), name), text.replaceAll('LOG', log))
  chmodSync(join(hooksOf(repo), name), mode)
  return { ran: () => (existsSync(log) ? readFileSync(log, 'utf8') : '') }
}

/** Tries to commit a pair, then something clean; which of the two went through. */
function tried(
  repo: Repo,
  seed: number,
  env: Readonly<Record<string, string>> = {},
): { readonly leak: boolean; readonly clean: boolean } {
  repo.write('b.txt', pairText(awsPair(seed))).git('add', '-A')
  const leak = gitOutcome(repo, ['commit', '-q', '-m', 'Leak'], { env })
  repo.write('b.txt', `clean ${seed}\n`).git('add', '-A')
  return {
    leak: leak.code === 0,
    clean: gitOutcome(repo, ['commit', '-q', '-m', 'Clean'], { env }).code === 0,
  }
}

/** A home of its own, and the environment in which git and Oakum have it. */
function atHome(): { readonly home: string; readonly env: Readonly<Record<string, string>> } {
  const home = temporaryFolder()
  writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Ada\n')
  return { home, env: { HOME: home, GIT_CONFIG_GLOBAL: join(home, '.gitconfig') } }
}

const guarded = { leak: false, clean: true }

describe('oakum install, then uninstall', () => {
  test('says what was written where, does nothing the second time, and leaves no trace', async () => {
    const repo = fresh()
    const before = bytesIn(hooksOf(repo))
    const { code, stdout, stderr } = await oakumIn(repo.path, [
      'install',
      '--hooks',
      'pre-commit,pre-push',
    ])
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `${hooksOf(repo)}/pre-commit: created\n${hooksOf(repo)}/pre-push: created\n`,
      stderr: '',
    })
    const installed = bytesIn(hooksOf(repo))
    expect((await oakumIn(repo.path, ['install', '--hooks', 'pre-commit,pre-push'])).stdout).toBe(
      'nothing to change: Oakum is already installed here\n',
    )
    expect(bytesIn(hooksOf(repo))).toEqual(installed)
    expect((await oakumIn(repo.path, ['uninstall'])).code).toBe(0)
    expect(bytesIn(hooksOf(repo))).toEqual(before)
    expect((await oakumIn(repo.path, ['uninstall'])).stdout).toBe(
      'nothing to change: Oakum is not installed here\n',
    )
  })

  test('writes nothing with --dry-run', async () => {
    const repo = fresh()
    const before = bytesIn(hooksOf(repo))
    expect((await oakumIn(repo.path, ['install', '--dry-run'])).stdout).toContain(
      'pre-commit: created\n',
    )
    expect(bytesIn(hooksOf(repo))).toEqual(before)
  })

  test.each([
    [
      'a shell script',
      '#!/bin/sh\necho "$0" >> LOG\nexit 0\n',
      0o755,
      /^\.git\/hooks\/pre-commit\n$/,
    ],
    [
      'a script of bash that takes -e',
      '#!/usr/bin/env bash\nset -e\nrun() { echo yes >> LOG; }\nrun',
      0o755,
      /^yes\n$/,
    ],
    [
      'a script of another language',
      `#!${process.execPath}\nrequire('fs').appendFileSync('LOG', 'yes')\n`,
      0o755,
      /^yes$/,
    ],
    ['a script without a first line for the interpreter', 'echo yes >> LOG\n', 0o755, /^yes\n$/],
    ['a script that is not executable, and stays off', '#!/bin/sh\necho yes >> LOG\n', 0o644, /^$/],
  ] as const)('keeps what was there: %s', async (name, text, mode, log) => {
    const repo = fresh()
    const { ran } = existing(repo, 'pre-commit', text, mode)
    const before = bytesIn(hooksOf(repo))
    expect((await oakumIn(repo.path, ['install', '--hooks', 'pre-commit'])).code).toBe(0)
    const installed = bytesIn(hooksOf(repo))
    expect((await oakumIn(repo.path, ['install', '--hooks', 'pre-commit'])).stdout).toContain(
      'nothing to change',
    )
    expect(bytesIn(hooksOf(repo))).toEqual(installed)
    repo.write('b.txt', pairText(awsPair(740 + name.length))).git('add', '-A')
    expect(gitOutcome(repo, ['commit', '-q', '-m', 'Leak']).code).not.toBe(0)
    expect(ran()).toMatch(log)
    expect((await oakumIn(repo.path, ['uninstall'])).code).toBe(0)
    expect(bytesIn(hooksOf(repo))).toEqual(before)
  })

  test('scans after the hook that was there, which may change what is committed, and keeps its failure', async () => {
    const repo = fresh()
    existing(
      repo,
      'pre-commit',
      `#!/bin/sh\n[ ! -f secret.txt ] || { cp secret.txt b.txt; git add b.txt; }\n[ ! -f fail ]\n`,
    )
    await oakumIn(repo.path, ['install'])
    const secret = join(repo.path, 'secret.txt')
    repo.write('.gitignore', 'secret.txt\nfail\n').write('b.txt', 'clean\n').git('add', '-A')
    writeFileSync(secret, pairText(awsPair(760)))
    const stopped = gitOutcome(repo, ['commit', '-q', '-m', 'Formatter'])
    expect(stopped.code).not.toBe(0)
    expect(stopped.said).toContain('AWS access key')
    repo.remove('secret.txt').write('b.txt', 'clean\n').write('fail', '').git('add', '-A')
    expect(gitOutcome(repo, ['commit', '-q', '-m', 'Fails']).code).not.toBe(0)
    expect(gitOutcome(repo.remove('fail'), ['commit', '-q', '-m', 'Passes']).code).toBe(0)
  })

  test('a hook with CRLF line ends is kept as it is', async () => {
    const repo = fresh()
    existing(repo, 'pre-commit', '#!/bin/sh\r\necho yes >> LOG\r\n')
    const before = bytesIn(hooksOf(repo))
    await oakumIn(repo.path, ['install', '--hooks', 'pre-commit'])
    expect(bytesIn(hooksOf(repo))['pre-commit.oakum-kept']).toBe(before['pre-commit'])
    await oakumIn(repo.path, ['uninstall'])
    expect(bytesIn(hooksOf(repo))).toEqual(before)
  })

  test('an installation or its undoing that was ended half way is gone on with', async () => {
    const repo = fresh()
    existing(repo, 'pre-commit', '#!/usr/bin/env python3\n')
    const before = bytesIn(hooksOf(repo))
    const half = (): void =>
      writeFileSync(join(hooksOf(repo), 'pre-commit.oakum-kept'), '#!/usr/bin/env python3\n', {
        mode: 0o755,
      })
    half()
    expect((await oakumIn(repo.path, ['install', '--hooks', 'pre-commit'])).code).toBe(0)
    expect((await oakumIn(repo.path, ['uninstall'])).code).toBe(0)
    expect(bytesIn(hooksOf(repo))).toEqual(before)
    half()
    expect((await oakumIn(repo.path, ['uninstall'])).code).toBe(0)
    expect(bytesIn(hooksOf(repo))).toEqual(before)
    writeFileSync(join(hooksOf(repo), 'pre-commit.oakum-kept'), 'another\n')
    expect(await oakumIn(repo.path, ['install'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is an older backup'),
    })
  })

  test('a hook that was changed after the installation keeps the change', async () => {
    const repo = fresh()
    await oakumIn(repo.path, ['install', '--hooks', 'pre-commit'])
    const path = join(hooksOf(repo), 'pre-commit')
    writeFileSync(path, `${readFileSync(path, 'utf8')}echo mine\n`)
    await oakumIn(repo.path, ['uninstall'])
    expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\necho mine\n')
  })

  test.each<[string, (repo: Repo) => void, string]>([
    [
      'a hook that is a link',
      (repo) => symlinkSync('../../a.txt', join(hooksOf(repo), 'pre-push')),
      'is a symbolic link',
    ],
    [
      'a hook that is a folder',
      (repo) => mkdirSync(join(hooksOf(repo), 'pre-push')),
      'is a folder',
    ],
    [
      'a folder of hooks that is a link',
      (repo) => {
        symlinkSync('../elsewhere', join(repo.path, 'linked'))
        repo.git('config', 'core.hooksPath', 'linked')
      },
      'is a symbolic link',
    ],
    [
      'a core.hooksPath that is no folder',
      (repo) => void repo.git('config', 'core.hooksPath', '/dev/null'),
      'is not a folder',
    ],
  ])('refuses %s, in one line, and changes nothing', async (_name, arrange, message) => {
    const repo = fresh()
    mkdirSync(hooksOf(repo), { recursive: true })
    arrange(repo)
    const before = bytesIn(hooksOf(repo))
    const { code, stdout, stderr } = await oakumIn(repo.path, ['install'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^oakum: [^\n]*\n$/)
    expect(stderr).toContain(message)
    expect(bytesIn(hooksOf(repo))).toEqual(before)
  })

  test.each([
    [['--hooks', 'pre-comit'], 'did you mean pre-commit?'],
    [['--hooks', ''], '--hooks needs a value'],
    [['--manager', 'husky'], 'husky is not in use'],
    [['--manager', 'none'], '--manager cannot be "none"'],
    [['--global', '--manager', 'lefthook'], '--global is for git itself'],
    [['more'], 'install takes no arguments'],
  ])('%j is a usage error of one line', async (args, message) => {
    const { code, stderr } = await oakumIn(fresh().path, ['install', ...args])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^oakum: [^\n]*\n$/)
    expect(stderr).toContain(message)
  })
})

describe('where git looks for hooks', () => {
  test('a core.hooksPath of the user that is another folder in each repository', async () => {
    const { home, env } = atHome()
    writeFileSync(join(home, '.gitconfig'), '[core]\n\thooksPath = .githooks\n')
    const repo = fresh()
    expect((await oakumIn(repo.path, ['install'], env)).stdout).toContain(
      `${repo.path}/.githooks/pre-commit: created`,
    )
    expect(await oakumIn(home, ['install', '--global'], env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('another folder in each repository'),
    })
  })

  test('husky’s own folder is left to husky', async () => {
    const repo = fresh()
    repo
      .write('.husky/_/h', '')
      .write('.husky/pre-commit', '')
      .git('config', 'core.hooksPath', '.husky/_')
    expect(await oakumIn(repo.path, ['install', '--manager', 'git'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is husky'),
    })
  })

  test('a git that cannot write its configuration: one line, and nothing is left', async () => {
    const { home, env } = atHome()
    writeFileSync(join(home, '.gitconfig.lock'), '')
    const before = bytesIn(home)
    const { code, stderr } = await oakumIn(home, ['install', '--global'], env)
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /^oakum: git config --global core\.hooksPath [^\n]* failed: [^\n]*\n$/,
      ),
    })
    expect(bytesIn(home)).toEqual(before)
  })

  test('a core.hooksPath in the work tree: git runs it from there, and no path of this machine is written', async () => {
    const repo = fresh()
    repo.git('config', 'core.hooksPath', '.githooks')
    const { stdout } = await oakumIn(repo.path, ['install'])
    expect(stdout).toContain(`${repo.path}/.githooks/pre-commit: created`)
    expect(stdout).toContain('that folder is in the work tree')
    expect(readFileSync(join(repo.path, '.githooks/pre-commit'), 'utf8')).not.toContain(bin)
    const onPath = temporaryFolder()
    writeFileSync(join(onPath, 'oakum'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`, {
      mode: 0o755,
    })
    expect(tried(repo, 770, { PATH: `${onPath}:${process.env['PATH'] ?? ''}` })).toEqual(guarded)
    await oakumIn(repo.path, ['uninstall'])
    expect(bytesIn(join(repo.path, '.githooks'))).toEqual({})
  })

  test('a work tree of another shares its hooks', async () => {
    const repo = fresh()
    const path = join(temporaryFolder(), 'tree')
    repo.git('worktree', 'add', '-q', path)
    expect((await oakumIn(path, ['install'])).stdout).toContain(
      `${hooksOf(repo)}/pre-commit: created`,
    )
  })

  test('a core.hooksPath that turns hooks off hides none of Oakum’s from uninstall', async () => {
    const repo = fresh()
    const before = bytesIn(hooksOf(repo))
    await oakumIn(repo.path, ['install'])
    repo.git('config', 'core.hooksPath', '/dev/null')
    expect((await oakumIn(repo.path, ['uninstall'])).code).toBe(0)
    expect(bytesIn(hooksOf(repo))).toEqual(before)
  })

  test('a bare repository gets pre-receive', async () => {
    const server = Repo.create({ bare: true })
    expect((await oakumIn(server.path, ['install'])).stdout).toBe(
      `${server.path}/hooks/pre-receive: created\n`,
    )
    const repo = fresh()
    repo.git('remote', 'add', 'origin', server.path)
    expect(gitOutcome(repo, ['push', '-q', 'origin', 'main']).code).toBe(0)
    repo.commit('Pair', { 'b.txt': pairText(awsPair(772)) })
    const refused = gitOutcome(repo, ['push', '-q', 'origin', 'main'])
    expect(refused.code).not.toBe(0)
    expect(refused.said).toContain('AWS access key')
  })
})

describe('oakum install --global', () => {
  test('guards every repository, lets their own hooks run, and leaves no trace', async () => {
    const { home, env } = atHome()
    const before = bytesIn(home)
    const repo = fresh()
    const pre = existing(repo, 'pre-commit', '#!/bin/sh\necho pre >> LOG\n')
    const post = existing(repo, 'post-commit', '#!/bin/sh\necho post >> LOG\n')
    expect(await oakumIn(home, ['install', '--global'], env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        `git config --global core.hooksPath ${home}/.config/oakum/hooks\n`,
      ),
    })
    expect(tried(repo, 780, env)).toEqual(guarded)
    expect({ pre: pre.ran(), post: post.ran() }).toEqual({ pre: 'pre\npre\n', post: 'post\n' })
    const path = join(temporaryFolder(), 'tree')
    repo.git('worktree', 'add', '-q', path)
    expect(tried(new Repo(path), 781, env)).toEqual(guarded)
    expect(post.ran()).toBe('post\npost\n')
    expect((await oakumIn(home, ['install', '--global'], env)).stdout).toContain(
      'nothing to change',
    )
    expect(await oakumIn(repo.path, ['install'], env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Oakum runs here already'),
    })
    expect((await oakumIn(home, ['uninstall', '--global'], env)).code).toBe(0)
    expect(bytesIn(home)).toEqual(before)
  })

  test('goes into the folder that core.hooksPath names already', async () => {
    const { home, env } = atHome()
    writeFileSync(env['GIT_CONFIG_GLOBAL'] ?? '', '[core]\n\thooksPath = ~/company\n')
    mkdirSync(join(home, 'company'))
    const before = bytesIn(home)
    expect((await oakumIn(home, ['install', '--global'], env)).stdout).toContain(
      `${home}/company/pre-commit: created`,
    )
    const repo = fresh()
    expect(tried(repo, 782, env)).toEqual(guarded)
    expect(await oakumIn(repo.path, ['install'], env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('oakum install --global puts Oakum there'),
    })
    await oakumIn(home, ['uninstall', '--global'], env)
    expect(bytesIn(home)).toEqual(before)
  })

  // A git before the real one says that it is 2.54; hooks in its configuration were not run by one
  // that has them.
  test('sets hooks in the configuration of a git that has them, and shadows nothing', async () => {
    const { home, env } = atHome()
    const before = bytesIn(home)
    const newer = {
      ...env,
      ...fakeGit(
        'case "$1" in version|--version) echo "git version 2.54.0"; exit 0 ;; esac\nexec "$real" "$@"',
      ),
    }
    expect((await oakumIn(home, ['install', '--global'], newer)).code).toBe(0)
    const set = readFileSync(join(home, '.gitconfig'), 'utf8')
    expect(set).toContain(
      `[hook "oakum-pre-commit"]\n\tcommand = '${home}/.config/oakum/hooks/pre-commit'\n\tevent = pre-commit\n`,
    )
    expect(set).not.toContain('hooksPath')
    const repo = fresh()
    const { stdout } = await oakumIn(repo.path, ['doctor', '--format', 'json'], newer)
    expect(JSON.parse(stdout)).toMatchObject({
      runners: [
        { hook: 'pre-commit', what: 'hook.oakum-pre-commit.command', by: 'oakum', scans: true },
        { scans: true },
        { scans: true },
      ],
    })
    expect((await oakumIn(home, ['install', '--global'], newer)).stdout).toContain(
      'nothing to change',
    )
    await oakumIn(home, ['uninstall', '--global'], newer)
    expect(bytesIn(home)).toEqual(before)
  })
})
