import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { awsPair } from '../support/credentials.ts'
import { bytesIn, gitOutcome, oakumIn } from '../support/hooked.ts'
import { bin, projectRoot } from '../support/oakum.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../support/repo.ts'
import { pairText } from './pair-in-report.ts'

/**
 * PATH with an `oakum` on it, as others have who get a file from the repository; and the managers.
 */
const tools = temporaryFolder()
writeFileSync(join(tools, 'oakum'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`, {
  mode: 0o755,
})
const home = temporaryFolder()
const env = {
  HOME: home,
  PATH: `${tools}:${join(projectRoot, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
  PRE_COMMIT_HOME: join(home, 'pre-commit'),
}
const hasPreCommit = spawnSync('pre-commit', ['--version']).status === 0

interface Manager {
  readonly name: string
  /**
   * Files of the project before Oakum: the manager is in use, and its own hook says so in a file
   * `ran`.
   */
  readonly files: Readonly<Record<string, string>>
  /** What sets its hooks up; run again after Oakum was added, where its own files changed. */
  readonly setUp: readonly string[]
  /** The line that Oakum adds. */
  readonly added: RegExp
}

const managers: readonly Manager[] = [
  // lint-staged beside it: it stages what its tasks changed, and Oakum comes after it.
  {
    name: 'husky',
    files: {
      '.husky/pre-commit': 'lint-staged --quiet\n',
      'note.sh': 'echo yes >> ran\n',
      'package.json': '{"devDependencies": {"husky": "9"}, "lint-staged": {"*": "sh note.sh"}}\n',
    },
    setUp: ['husky'],
    added: /oakum hook pre-commit "\$@"/,
  },
  {
    name: 'lefthook',
    files: {
      'lefthook.yml':
        '# ours\npre-commit:\n  parallel: true\n  jobs:\n    - name: own # first\n      run: echo yes >> ran\n\noutput: [failure, execution_out]',
    },
    setUp: ['lefthook', 'install'],
    added: /- name: oakum\n {6}run: oakum hook pre-commit/,
  },
  {
    name: 'simple-git-hooks',
    files: {
      'package.json':
        '{\n\t"name": "x",\n\t"simple-git-hooks": {\n\t\t"pre-commit": "echo yes >> ran"\n\t}\n}',
    },
    setUp: ['simple-git-hooks'],
    added: /echo yes >> ran && \{ .*oakum hook pre-commit/,
  },
  {
    name: 'pre-commit',
    files: {
      '.pre-commit-config.yaml':
        'repos:\n- repo: local\n  hooks:\n  - {id: own, name: own, language: system, entry: sh -c "echo yes >> ran", pass_filenames: false}\n# end\n',
    },
    setUp: ['pre-commit', 'install', '--hook-type', 'pre-commit', '--hook-type', 'pre-push'],
    added: /id: oakum-push/,
  },
]

function run(repo: Repo, [program = '', ...args]: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, {
    cwd: repo.path,
    env: { ...isolatedEnv, ...env },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${program} ended with ${status ?? 'a signal'}: ${stderr}`)
}

for (const { name, files, setUp, added } of managers) {
  test.skipIf(name === 'pre-commit' && !hasPreCommit)(
    `with ${name}, Oakum adds a line to its file, blocks, passes, guards pushes, and leaves no trace`,
    async () => {
      const repo = Repo.create()
      repo.commit('Start', { ...files, '.gitignore': 'ran\n' })
      run(repo, setUp)
      const before = bytesIn(repo.path)
      const hooks = repo.git('rev-parse', '--git-path', 'hooks')
      const ownHooks = bytesIn(join(repo.path, hooks))

      const installed = await oakumIn(repo.path, ['install'], env)
      expect(installed).toMatchObject({ code: 0, stderr: '' })
      const changed = Object.values(bytesIn(repo.path)).join('\n')
      expect(changed).toMatch(added)
      expect(changed).not.toContain(bin)
      expect((await oakumIn(repo.path, ['install'], env)).stdout).toContain('nothing to change')
      if (name !== 'husky') run(repo, setUp)
      repo.git('add', '-A')
      expect(gitOutcome(repo, ['commit', '-q', '-m', 'Guard'], { env })).toMatchObject({ code: 0 })

      repo.write('b.txt', pairText(awsPair(790))).git('add', '-A')
      const stopped = gitOutcome(repo, ['commit', '-q', '-m', 'Leak'], { env })
      expect(stopped.said).toContain('AWS access key')
      expect(stopped.code).not.toBe(0)
      repo.git('reset', '-q', '--hard')
      repo.write('.gitignore', 'ran\nmore\n')
      expect(gitOutcome(repo, ['commit', '-q', '-am', 'Clean'], { env }).code).toBe(0)
      expect(readFileSync(repo.at('ran'), 'utf8').split('\n').length).toBeGreaterThan(2)

      const server = Repo.create({ bare: true })
      repo.git('remote', 'add', 'origin', server.path)
      expect(gitOutcome(repo, ['push', '-q', 'origin', 'main'], { env })).toMatchObject({ code: 0 })
      repo.write('b.txt', pairText(awsPair(791))).git('add', '-A')
      repo.git('commit', '-q', '--no-verify', '-m', 'By hand')
      const held = gitOutcome(repo, ['push', '-q', 'origin', 'main'], { env })
      expect(held.said).toContain('AWS access key')
      expect(held.code).not.toBe(0)
      repo.git('reset', '-q', '--hard', 'HEAD~1')
      repo.remove('ran').write('.gitignore', 'ran\n')

      expect((await oakumIn(repo.path, ['uninstall'], env)).code).toBe(0)
      expect(bytesIn(repo.path)).toEqual(before)
      if (name === 'lefthook') run(repo, ['lefthook', 'uninstall'])
      if (name !== 'husky') run(repo, setUp)
      expect(bytesIn(join(repo.path, hooks))).toEqual(ownHooks)
    },
    120_000,
  )
}
