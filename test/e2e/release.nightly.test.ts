import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { runComposite } from '../support/composite.ts'
import { awsPair } from '../support/credentials.ts'
import { gitOutcome } from '../support/hooked.ts'
import { projectRoot } from '../support/oakum.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import { pairText } from './pair-in-report.ts'

const outside = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:GIT_|npm_|INIT_CWD)/.test(name)),
)
const env: Record<string, string> = {
  ...outside,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  PRE_COMMIT_HOME: temporaryFolder(),
  npm_config_offline: 'true',
  npm_config_fetch_retries: '0',
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

/** Runs a script of `release/`, which has to succeed, and returns what it says. */
function release(project: Repo, script: string, ...args: readonly string[]): string {
  const { code, out } = run(project.path, 'node', `release/${script}.mjs`, ...args)
  expect([code, out]).toEqual([0, out])
  return out
}

const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  readonly version: string
}
const NEXT = '99.0.0'

describe.skipIf(!inCheckout)('a release', () => {
  let project: Repo
  /** The folder with the archives of two releases. */
  const assets = temporaryFolder()
  beforeAll(() => {
    project = copyOfProject()
    release(project, 'tested')
    release(project, 'pack', assets)
    release(project, 'assets', assets)
    release(project, 'tag', '--compiled')
  }, 120_000)

  test('is a tag whose commit has the program, on top of HEAD; branches, index and work trees stay', () => {
    const tag = `v${version}`
    expect(project.git('rev-parse', `${tag}~1`)).toBe(project.git('rev-parse', 'main'))
    expect(project.git('status', '--porcelain')).toBe('')
    expect(project.git('worktree', 'list').split('\n')).toHaveLength(1)
    const files = project.git('ls-tree', '-r', '--name-only', tag).split('\n')
    expect(files).toEqual(
      expect.arrayContaining(['action.yml', 'dist/action/bin.cjs', 'dist/cli/bin.cjs']),
    )
    expect(files.filter((name) => /^dist\/(?:code-cache\/|tested$|.*\.js$)/.test(name))).toEqual([])
    const manifest = JSON.parse(project.git('show', `${tag}:package.json`)) as object
    for (const field of ['scripts', 'dependencies', 'devDependencies', 'private'])
      expect(manifest).not.toHaveProperty(field)
    expect(run(project.path, 'node', 'release/tag.mjs', '--compiled', '--check')).toMatchObject({
      code: 0,
    })
  })

  test('is refused if it is there, if changes are not committed, or if the program was not tested', () => {
    expect(run(project.path, 'node', 'release/tag.mjs', '--compiled')).toMatchObject({
      code: 1,
      out: expect.stringContaining(`the tag v${version} is there already`),
    })
    const other = project.clone()
    other.git('tag', '-d', `v${version}`)
    expect(run(other.write('README.md', '').path, 'node', 'release/tag.mjs')).toMatchObject({
      code: 1,
      out: expect.stringContaining('not committed'),
    })
    const pack = (): unknown => run(other.path, 'node', 'release/pack.mjs', assets)
    expect(pack()).toMatchObject({ code: 1, out: expect.stringContaining('no compiled program') })
    cpSync(join(project.path, 'dist'), join(other.path, 'dist'), { recursive: true })
    other.write('dist/index.mjs', '')
    expect(pack()).toMatchObject({ code: 1, out: expect.stringContaining('did not pass') })
    // A token makes npm ask for nothing before it looks at the package; nobody listens at the port.
    const registry = ['--registry=http://127.0.0.1:9/', '--//127.0.0.1:9/:_authToken=none']
    expect(run(other.path, 'npm', 'publish', ...registry).out).toContain('marked as private')
  })

  test('says in its assets what it is: digests, packages, formula, manifest, notes', () => {
    const read = (name: string): string => readFileSync(join(assets, name), 'utf8')
    expect(run(assets, 'sha256sum', '--check', '--quiet', 'SHA256SUMS')).toEqual({
      code: 0,
      out: '',
    })
    const archive = createHash('sha256')
      .update(readFileSync(join(assets, `oakum-${version}.tgz`)))
      .digest('hex')
    expect(read('oakum.rb')).toContain(`sha256 "${archive}"`)
    expect(JSON.parse(read('oakum.json'))).toMatchObject({ version, hash: archive })
    const bill = JSON.parse(read('sbom.cdx.json')) as {
      readonly components: readonly { readonly name: string; readonly hashes?: object }[]
    }
    const names = bill.components.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['simple-git', 'fast-glob', 'p-limit', 'yargs', 'ink', 'yaml']),
    )
    expect(bill.components.filter(({ hashes }) => hashes === undefined)).toEqual([])
    expect(read('notes.md')).toContain('### Added')
  })

  test('is installed without a registry: as a command, as a hook, and as a library with its types', () => {
    const repo = Repo.create()
    repo.write('package.json', '{"private":true,"type":"module"}\n')
    repo.write('.gitignore', 'node_modules\n.env*\n')
    const archive = join(assets, `oakum-${version}.tgz`)
    expect(run(repo.path, 'npm', 'install', archive).code).toBe(0)
    expect(run(repo.path, 'npm', 'ls', '--all', '--parseable').out.trim().split('\n')).toHaveLength(
      2,
    )
    const oakum = join(repo.path, 'node_modules/.bin/oakum')
    expect(run(repo.path, oakum, 'install').code).toBe(0)
    expect(run(repo.path, oakum, 'doctor')).toMatchObject({
      code: 0,
      out: expect.stringContaining('No problems found.'),
    })
    tried(repo, 821)
    expect(run(repo.path, oakum, 'install', '--global')).toMatchObject({ code: 2 })
    // A configuration needs yaml, and a pattern of its own scslre.
    repo.write(
      'oakum.yaml',
      'version: 1\nallow:\n  values:\n    - pattern: ^x+$\n      reason: none\n',
    )
    expect(run(repo.path, oakum, 'scan')).toMatchObject({ code: 0 })
    repo.write(
      'use.ts',
      `import { isExpected, loadPolicy, reporters, scan, Secret, verify } from 'oakum'
const { policy } = await loadPolicy({ cwd: '.', env: {} })
const result = await scan({ name: 'history', path: '.' }, { policy, deadlineMs: 60_000 })
await verify(result.findings)
export const text: string = reporters.json(result, { version: String(new Secret('x')) })
if (isExpected(text) || !result.receipt.complete) throw new Error(text)
`,
    )
    repo.write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          strict: true,
          exactOptionalPropertyTypes: true,
          target: 'es2023',
          lib: ['es2023'],
          types: [],
          module: 'nodenext',
        },
        files: ['use.ts'],
      }),
    )
    expect(run(repo.path, join(projectRoot, 'node_modules/.bin/tsc'), '-p', '.')).toEqual({
      code: 0,
      out: '',
    })
    expect(run(repo.path, 'node', 'use.js')).toEqual({ code: 0, out: '' })
  }, 120_000)

  test('as an Action says what a push of ten commits brings, from its tag alone', () => {
    const action = Repo.create()
    action.git('fetch', '-q', project.path, `refs/tags/v${version}`)
    action.git('checkout', '-q', 'FETCH_HEAD')
    const origin = Repo.create()
    const before = origin.commit('the first', { 'a.txt': 'a\n' })
    for (let at = 0; at < 9; at += 1) origin.commit(`more ${at}`, { 'a.txt': `a${at}\n` })
    const after = origin.commit('brings one', { 'b.ini': pairText(awsPair(823)) })
    const result = runComposite({
      event: 'push',
      payload: { ref: 'refs/heads/main', before, after, repository: { default_branch: 'main' } },
      workspace: origin.path,
      env: { GITHUB_ACTION_PATH: action.path },
    })
    expect([result.code, result.outputs['findings'], result.used]).toEqual([1, '1', []])
  }, 60_000)

  test.skipIf(!hasPreCommit)(
    'is what the pre-commit framework installs, tries and updates to (skipped without pre-commit)',
    async () => {
      const mirror = Repo.create()
      release(project, 'pre-commit', mirror.path)
      const first = mirror.git('rev-parse', 'HEAD')
      const manifest = readFileSync(project.at('package.json'), 'utf8')
      project.write('package.json', manifest.replace(`"${version}"`, `"${NEXT}"`))
      release(project, 'tested')
      release(project, 'pack', assets)
      const registry = spawn('node', [join(projectRoot, 'test/support/registry.mjs'), assets])
      try {
        const [address] = (await once(registry.stdout, 'data')) as readonly Buffer[]
        Object.assign(env, {
          npm_config_registry: String(address).trim(),
          npm_config_offline: 'false',
        })
        const repo = Repo.create()
        repo.write(
          '.pre-commit-config.yaml',
          `repos:\n- repo: file://${mirror.path}\n  rev: v${version}\n  hooks:\n  - id: oakum\n  - {id: oakum-push, stages: [push]}\n`,
        )
        const types = ['-t', 'pre-commit', '-t', 'pre-push']
        expect(run(repo.path, 'pre-commit', 'install', ...types).code).toBe(0)
        tried(repo, 820)
        const server = Repo.create({ bare: true })
        repo.git('remote', 'add', 'origin', server.path)
        expect(gitOutcome(repo, ['push', 'origin', 'main'], { env })).toMatchObject({
          code: 0,
          said: expect.stringMatching(/oakum-push\.+Passed/),
        })

        release(project, 'pre-commit', mirror.path)
        expect(mirror.git('rev-parse', `v${version}^{commit}`)).toBe(first)
        expect(run(repo.path, 'pre-commit', 'autoupdate').code).toBe(0)
        expect(readFileSync(repo.at('.pre-commit-config.yaml'), 'utf8')).toContain(`rev: v${NEXT}`)
        const all = ['oakum', '--all-files', '--verbose']
        expect(run(repo.path, 'pre-commit', 'run', ...all)).toMatchObject({ code: 0 })
        expect(
          run(repo.path, 'pre-commit', 'try-repo', `file://${mirror.path}`, ...all),
        ).toMatchObject({
          code: 0,
          out: expect.stringMatching(/oakum\.+Passed/),
        })
      } finally {
        registry.kill()
        project.write('package.json', manifest)
      }
    },
    240_000,
  )
})
