import { chmodSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scan } from '../../../src/scan/scan.ts'
import type { Target } from '../../../src/model/target.ts'
import { awsPair } from '../../support/credentials.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../support/repo.ts'

/** A program that leaves a file behind, and what else it must do to pass for the real one. */
function trap(): { readonly program: string; readonly sprung: () => readonly string[] } {
  const folder = temporaryFolder()
  const program = join(folder, 'program')
  writeFileSync(program, `#!/bin/sh\n: > '${folder}/sprung'-$$\ncat\nexit 0\n`)
  chmodSync(program, 0o755)
  return { program, sprung: () => readdirSync(folder).filter((name) => name.startsWith('sprung')) }
}

const keys = [
  'core.fsmonitor',
  'core.pager',
  'core.editor',
  'core.sshCommand',
  'core.gitProxy',
  'core.askPass',
  'core.alternateRefsCommand',
  'diff.external',
  'gpg.program',
  'gpg.ssh.program',
  'credential.helper',
  'pager.log',
  'pager.diff',
  'pager.rev-list',
  'pager.ls-files',
  'filter.evil.clean',
  'filter.evil.smudge',
  'filter.evil.process',
  'diff.evil.textconv',
  'diff.evil.command',
  'merge.evil.driver',
  'sequence.editor',
  'uploadpack.packObjectsHook',
  'remote.origin.uploadpack',
  'remote.origin.vcs',
  'interactive.diffFilter',
  'man.viewer',
  'browser.evil.cmd',
  'trailer.evil.command',
  'submodule.sub.update',
  'sendemail.smtpServer',
  'ssh.variant',
  'core.untrackedCache',
] as const

function configuration(program: string): string {
  const aliases = [
    'rev-list',
    'rev-parse',
    'ls-files',
    'cat-file',
    'diff-tree',
    'diff-index',
    'show-ref',
    'for-each-ref',
    'ls-tree',
    'count-objects',
    'version',
  ]
  const sections = keys.map((key) => {
    const [section, ...rest] = key.split('.')
    const name = rest.pop()
    return `[${section}${rest.length > 0 ? ` "${rest.join('.')}"` : ''}]\n\t${name} = ${key === 'submodule.sub.update' ? '!' : ''}${program}\n`
  })
  return [
    ...sections,
    `[alias]\n${aliases.map((name) => `\t${name} = !${program}\n`).join('')}`,
    '[diff "evil"]\n\tcachetextconv = true\n[log]\n\tshowSignature = true\n[core]\n\tattributesFile = .attributes\n',
  ].join('')
}

/** Places in which a repository can bring configuration along. */
const places: readonly (readonly [name: string, write: (repo: Repo, text: string) => void])[] = [
  ['its configuration', (repo, text) => repo.append('.git/config', text)],
  [
    'a file that its configuration includes',
    (repo, text) =>
      repo.write('.git/more', text).append('.git/config', '[include]\n\tpath = more\n'),
  ],
  [
    'a tracked file that its configuration includes',
    (repo, text) =>
      repo.write('evil.config', text).append('.git/config', '[include]\n\tpath = ../evil.config\n'),
  ],
  [
    'the configuration of its work tree',
    (repo, text) =>
      repo
        .write('.git/config.worktree', text)
        .append(
          '.git/config',
          '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tworktreeConfig = true\n',
        ),
  ],
]

/**
 * Changes that make git look at work tree, index, attributes, filters, submodules, hooks and
 * remotes.
 */
function hostile(write: (repo: Repo, text: string) => void, program: string): Repo {
  const repo = Repo.create()
  repo.commit('Start', {
    'a.txt': 'a\n',
    'b.bin': 'b\n',
    '.gitattributes': '* filter=evil diff=evil merge=evil\n',
    '.attributes': '* diff=evil\n',
  })
  repo.commit('Second', { 'a.txt': `a\n${awsPair(41).id}\n` })
  repo.write('staged.txt', `${awsPair(42).secret}\n`).git('add', '-A')
  repo.write('a.txt', 'changed\n').write('untracked.txt', 'u\n')
  const hooks = readdirSync(join(repo.path, '.git/hooks')).map((name) =>
    name.replace('.sample', ''),
  )
  for (const hook of [
    ...hooks,
    'post-index-change',
    'reference-transaction',
    'post-checkout',
    'query-watchman',
  ]) {
    repo.write(`.git/hooks/${hook}`, `#!/bin/sh\nexec '${program}'\n`)
    chmodSync(repo.at(`.git/hooks/${hook}`), 0o755)
  }
  write(repo, configuration(program))
  repo.append(
    '.git/config',
    '[remote "origin"]\n\turl = ext::sh -c "exec program"\n\tpromisor = true\n\tpartialclonefilter = blob:none\n[core]\n\thooksPath = .git/hooks\n',
  )
  return repo
}

const targets: readonly Target[] = [
  { name: 'scan' },
  { name: 'staged' },
  { name: 'range', range: 'HEAD~1..HEAD' },
  { name: 'history' },
  { name: 'history', reachable: true },
]

describe.each(places)('a program named in %s', (_name, write) => {
  test.each(targets.map((target) => [JSON.stringify(target), target] as const))(
    'is not started by a scan of %s',
    async (_target, target) => {
      const { program, sprung } = trap()
      const repo = hostile(write, program)
      const result = await scan(target, { cwd: repo.path, env: isolatedEnv })
      expect(sprung()).toEqual([])
      expect(result.receipt.blobs).toBeGreaterThan(0)
    },
  )

  test('is not started where an object is missing that a remote promised', async () => {
    const { program, sprung } = trap()
    const repo = hostile(write, program)
    rmSync(repo.looseObject(repo.git('-c', 'core.fsmonitor=false', 'rev-parse', 'HEAD:b.bin')))
    for (const one of sprung()) rmSync(join(program, '..', one))
    const result = await scan({ name: 'history' }, { cwd: repo.path, env: isolatedEnv })
    expect(sprung()).toEqual([])
    expect(result.receipt.complete).toBe(false)
  })

  test('would be started by git itself, so the trap works', () => {
    const { program, sprung } = trap()
    const repo = hostile(write, program)
    repo.tryGit(['status'])
    repo.tryGit(['diff'])
    expect(sprung().length).toBeGreaterThan(0)
    expect(existsSync(program)).toBe(true)
  })
})

describe('parents that a file makes up (info/grafts)', () => {
  test.each<readonly [string, (first: string) => Target]>([
    ['a range', (first) => ({ name: 'range', range: `${first}..HEAD` })],
    ['what refs lead to', () => ({ name: 'history', reachable: true })],
    ['all history', () => ({ name: 'history' })],
  ])('hide nothing from %s', async (_what, targetOf) => {
    const repo = Repo.create()
    const first = repo.commit('Start', { 'a.txt': 'a\n' })
    const { id, secret } = awsPair(5300)
    const leak = repo.commit('Leak', {
      'keys.ini': `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`,
    })
    const last = repo.remove('keys.ini').commit('Remove')
    repo.write('.git/info/grafts', `${last}\n`)
    const { findings, receipt } = await scan(targetOf(first), { cwd: repo.path, env: isolatedEnv })
    expect(receipt.skipped).toEqual([])
    expect(findings.map(({ attribution }) => attribution?.first?.commit)).toEqual([leak])
  })
})
