import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { awsPair } from '../support/credentials.ts'
import { gitOutcome } from '../support/hooked.ts'
import { projectRoot } from '../support/oakum.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import { pairText } from './pair-in-report.ts'

const outside = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:GIT_|npm_|INIT_CWD)/.test(name)),
)
const env: Readonly<Record<string, string>> = {
  ...outside,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  PRE_COMMIT_HOME: temporaryFolder(),
  npm_config_prefer_offline: 'true',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
}

function run(
  cwd: string,
  ...[program = '', ...args]: readonly string[]
): { readonly code: number | null; readonly out: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' })
  return { code: status, out: `${stdout}${stderr}` }
}

const inCheckout = run(projectRoot, 'git', 'rev-parse', '--git-dir').code === 0
const hasRegistry =
  run(
    projectRoot,
    'npm',
    'view',
    'yaml@2.9.1',
    'version',
    '--fetch-retries=0',
    '--fetch-timeout=4000',
  ).code === 0
const hasPreCommit = run(projectRoot, 'pre-commit', '--version').code === 0

/** This project as it is now, in a repository of its own, with all of it committed. */
function copyOfProject(): Repo {
  const copy = Repo.create()
  const { stdout } = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: projectRoot, env, encoding: 'utf8' },
  )
  for (const name of stdout.split('\0'))
    if (name !== '' && existsSync(join(projectRoot, name)))
      cpSync(join(projectRoot, name), join(copy.path, name), { recursive: true })
  copy.commit('All')
  cpSync(join(projectRoot, 'dist'), join(copy.path, 'dist'), { recursive: true })
  return copy
}

/** Commits a pair, which is stopped, and then something clean. */
function tried(repo: Repo, seed: number): void {
  repo.write('b.txt', pairText(awsPair(seed))).git('add', '-A')
  const stopped = gitOutcome(repo, ['commit', '-m', 'Leak'], { env })
  expect(stopped.said).toContain('AWS access key')
  expect(stopped.code).not.toBe(0)
  repo.write('b.txt', 'clean\n').git('add', '-A')
  expect(gitOutcome(repo, ['commit', '-m', 'Clean'], { env })).toMatchObject({ code: 0 })
}

describe.skipIf(!inCheckout)('npm run release', () => {
  let project: Repo
  let made: { readonly code: number | null; readonly out: string }
  beforeAll(() => {
    project = copyOfProject()
    // Compiled from scratch it takes as long as all of `npm run compile`, which has just run.
    made = run(project.path, 'node', 'release/tag.mjs', '--compiled')
  }, 120_000)

  test('makes a tag whose commit has the program, on top of HEAD; branches, index and work trees stay', () => {
    expect(made).toMatchObject({ code: 0, out: expect.stringContaining('git push origin v0.1.0') })
    expect(project.git('rev-parse', 'v0.1.0~1')).toBe(project.git('rev-parse', 'main'))
    expect(project.git('status', '--porcelain')).toBe('')
    expect(project.git('worktree', 'list').split('\n')).toHaveLength(1)
    expect(project.git('ls-tree', '-r', '--name-only', 'v0.1.0')).not.toContain('dist/code-cache')
    expect(project.git('ls-tree', '-r', '--name-only', 'v0.1.0').split('\n')).toEqual(
      expect.arrayContaining([
        'dist/cli/bin.cjs',
        'hooks/pre-commit',
        '.pre-commit-hooks.yaml',
        'src/cli/process/bin.ts',
      ]),
    )
    const manifest = JSON.parse(project.git('show', 'v0.1.0:package.json')) as {
      readonly scripts: object
      readonly devDependencies?: object
    }
    expect(manifest.devDependencies).toBeUndefined()
    for (const name of [
      'prepare',
      'prepack',
      'prepublish',
      'build',
      'install',
      'preinstall',
      'postinstall',
    ])
      expect(manifest.scripts).not.toHaveProperty(name)
  })

  test('refuses a tag that is there, and changes that are not committed', () => {
    expect(run(project.path, 'node', 'release/tag.mjs', '--compiled')).toMatchObject({
      code: 1,
      out: expect.stringContaining('the tag v0.1.0 is there already'),
    })
    const other = project.clone()
    expect(run(other.write('README.md', '').path, 'node', 'release/tag.mjs')).toMatchObject({
      code: 1,
    })
    other.git('tag', '-d', 'v0.1.0')
    expect(run(other.path, 'node', 'release/tag.mjs')).toMatchObject({
      code: 1,
      out: expect.stringContaining('not committed'),
    })
  })

  test.skipIf(!hasRegistry || !hasPreCommit)(
    'the pre-commit framework installs it at the tag, blocks and passes (skipped without pre-commit or npm’s registry)',
    () => {
      const repo = Repo.create()
      repo.write(
        '.pre-commit-config.yaml',
        `repos:\n- repo: file://${project.path}\n  rev: v0.1.0\n  hooks:\n  - id: oakum\n  - {id: oakum-push, stages: [push]}\n`,
      )
      expect(
        run(repo.path, 'pre-commit', 'install', '-t', 'pre-commit', '-t', 'pre-push').code,
      ).toBe(0)
      tried(repo, 820)
      const server = Repo.create({ bare: true })
      repo.git('remote', 'add', 'origin', server.path)
      expect(gitOutcome(repo, ['push', 'origin', 'main'], { env })).toMatchObject({
        code: 0,
        said: expect.stringMatching(/oakum-push\.+Passed/),
      })
    },
    240_000,
  )

  test.skipIf(!hasRegistry)(
    'npm installs it from the tag, and its hooks run that package (skipped without npm’s registry)',
    () => {
      const repo = Repo.create()
      repo.write('package.json', '{"private":true}\n').write('.gitignore', 'node_modules\n.env*\n')
      expect(
        run(repo.path, 'npm', 'install', '--save-dev', `git+file://${project.path}#v0.1.0`),
      ).toMatchObject({ code: 0 })
      const oakum = join(repo.path, 'node_modules/.bin/oakum')
      expect(run(repo.path, oakum, 'install').code).toBe(0)
      expect(readFileSync(repo.at('.git/hooks/pre-commit'), 'utf8')).toContain(
        join(repo.path, 'node_modules/oakum/dist/cli/bin.cjs'),
      )
      expect(run(repo.path, oakum, 'doctor')).toMatchObject({
        code: 0,
        out: expect.stringContaining('No problems found.'),
      })
      tried(repo, 821)
      expect(run(repo.path, oakum, 'install', '--global')).toMatchObject({
        code: 2,
        out: expect.stringContaining('must not depend on it'),
      })
      expect(run(repo.path, oakum, 'uninstall').code).toBe(0)
      // In a folder that others get too, the path is one from the top.
      repo.git('config', 'core.hooksPath', '.githooks')
      expect(run(repo.path, oakum, 'install').code).toBe(0)
      expect(readFileSync(repo.at('.githooks/pre-commit'), 'utf8')).toContain(
        "oakum_bin='node_modules/oakum/dist/cli/bin.cjs'",
      )
      tried(repo, 822)
    },
    240_000,
  )
})
