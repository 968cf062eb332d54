import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { githubToken } from '../../support/credentials.ts'
import { hooked, oakumIn, stateOf } from '../../support/hooked.ts'
import { projectRoot } from '../../support/oakum.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../support/repo.ts'

type Env = Readonly<Record<string, string>>
type Rows = readonly (readonly [id: string, state: string, text: RegExp])[]

interface Situation {
  /** Creates the situation; returns variables for the environment of git and Oakum. */
  readonly arrange: (repo: Repo) => Env | void | Promise<Env | void>
  readonly code: 0 | 1
  /** Checks that the report must contain. */
  readonly checks: Rows
  /** Ids of checks that the report must not contain. */
  readonly without?: readonly string[]
  readonly runners?: readonly object[]
}

const hook = (repo: Repo, name = 'pre-commit'): string => join(repo.path, '.git/hooks', name)
const manager = (name: string): string => join(projectRoot, 'node_modules/.bin', name)
const writeScript = (path: string, mode = 0o755, text = '#!/bin/sh\n'): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, mode)
}

/** Returns a PATH with git and sh only. */
function onlyGit(): Env {
  const folder = temporaryFolder()
  for (const name of ['git', 'sh']) symlinkSync(`/usr/bin/${name}`, join(folder, name))
  return { PATH: folder }
}

function setRecordedPath(repo: Repo, program: 'node' | 'bin', value: string): void {
  for (const name of ['pre-commit', 'pre-merge-commit', 'pre-push']) {
    const path = hook(repo, name)
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(
        new RegExp(`^oakum_${program}=.*$`, 'm'),
        `oakum_${program}='${value}'`,
      ),
    )
  }
}

async function husky(repo: Repo): Promise<void> {
  repo
    .write('.husky/pre-commit', 'echo own\n')
    .write('package.json', '{"devDependencies":{"husky":"9"}}\n')
  const { spawnSync } = await import('node:child_process')
  spawnSync(manager('husky'), [], { cwd: repo.path, env: isolatedEnv })
}

function withOakum(): Env {
  const folder = temporaryFolder()
  writeScript(join(folder, 'oakum'))
  return { PATH: `${folder}:${isolatedEnv['PATH'] ?? ''}` }
}

const situations: Readonly<Record<string, Situation>> = {
  'no hooks': {
    arrange: () => undefined,
    code: 1,
    checks: [
      ['pre-commit', 'trouble', /is not scanned/],
      ['pre-push', 'trouble', /is not scanned/],
    ],
    runners: [],
  },
  installed: {
    arrange: async (repo) => void (await hooked(repo)),
    code: 0,
    checks: [
      ['pre-commit', 'good', /a commit is scanned/],
      ['pre-push', 'good', /a push is scanned/],
      ['env-ignored', 'good', /^\.env/],
    ],
    without: ['shadowed', 'switched-off'],
  },
  'installed for pushes only': {
    arrange: async (repo) => void (await hooked(repo, ['pre-push'])),
    code: 0,
    checks: [
      ['pre-commit', 'note', /is not scanned/],
      ['pre-push', 'good', /scanned/],
    ],
  },
  'a hook that is not executable': {
    arrange: async (repo) => {
      await hooked(repo)
      chmodSync(hook(repo), 0o644)
    },
    code: 1,
    checks: [['hook-not-run', 'trouble', /pre-commit is not executable/]],
  },
  'a hook that is a dangling link': {
    arrange: async (repo) => {
      await hooked(repo)
      rmSync(hook(repo))
      symlinkSync('gone', hook(repo))
    },
    code: 1,
    checks: [['hook-not-run', 'trouble', /is a dangling symbolic link/]],
  },
  'a hook that is a folder': {
    arrange: (repo) => void mkdirSync(hook(repo), { recursive: true }),
    code: 1,
    checks: [['hook-not-run', 'trouble', /is not a file/]],
  },
  'a hook with CRLF line ends': {
    arrange: (repo) => writeScript(hook(repo), 0o755, '#!/bin/sh\r\noakum staged\r\n'),
    code: 1,
    checks: [['hook-not-run', 'trouble', /CRLF/]],
  },
  'a hook whose interpreter is missing': {
    arrange: (repo) => writeScript(hook(repo), 0o755, '#!/gone/python\noakum staged\n'),
    code: 1,
    checks: [['hook-not-run', 'trouble', /needs \/gone\/python/]],
  },
  'shadowed by core.hooksPath of the repository': {
    arrange: async (repo) => {
      await hooked(repo)
      repo.git('config', 'core.hooksPath', 'elsewhere')
    },
    code: 1,
    checks: [
      ['shadowed', 'trouble', /pre-commit is not run: core\.hooksPath \(local\) is .*elsewhere/],
      ['pre-commit', 'trouble', /not scanned/],
    ],
  },
  'shadowed by core.hooksPath of the user': {
    arrange: async (repo) => {
      await hooked(repo)
      const config = join(temporaryFolder(), 'config')
      writeFileSync(config, '[core]\n\thooksPath = /somewhere\n')
      return { GIT_CONFIG_GLOBAL: config }
    },
    code: 1,
    checks: [['shadowed', 'trouble', /core\.hooksPath \(global\) is \/somewhere/]],
  },
  'husky, without Oakum': {
    arrange: husky,
    code: 1,
    checks: [['pre-commit', 'trouble', /not scanned/]],
    runners: [{ hook: 'pre-commit', by: 'husky', scans: false }, { by: 'husky' }, { by: 'husky' }],
  },
  'husky, with Oakum': {
    arrange: async (repo) => {
      await husky(repo)
      await hooked(repo)
      return withOakum()
    },
    code: 0,
    checks: [['pre-commit', 'good', /scanned/]],
    runners: [{ by: 'husky', scans: true }, { scans: true }, { scans: true }],
  },
  'husky, with Oakum missing on PATH': {
    arrange: async (repo) => {
      await husky(repo)
      await hooked(repo)
    },
    code: 1,
    checks: [['program-gone', 'trouble', /husky starts oakum, which is not on PATH/]],
  },
  'husky, turned off': {
    arrange: async (repo) => {
      await husky(repo)
      await hooked(repo)
      return { ...withOakum(), HUSKY: '0' }
    },
    code: 1,
    checks: [['switched-off', 'trouble', /HUSKY=0/]],
  },
  'husky, turned off by its file': {
    arrange: async (repo) => {
      await husky(repo)
      await hooked(repo)
      const config = temporaryFolder()
      writeScript(join(config, 'husky/init.sh'), 0o644, 'export HUSKY=0\n')
      return { ...withOakum(), XDG_CONFIG_HOME: config }
    },
    code: 1,
    checks: [['switched-off', 'trouble', /init\.sh sets HUSKY=0/]],
  },
  'husky that was never set up': {
    arrange: (repo) =>
      void repo
        .write('.husky/pre-commit', 'oakum hook pre-commit\n')
        .write('package.json', '{"devDependencies":{"husky":"9"}}\n'),
    code: 1,
    checks: [['manager-not-set-up', 'trouble', /husky, which has set up no hook/]],
  },
  'lefthook that came later': {
    arrange: async (repo) => {
      await hooked(repo)
      repo.write('lefthook.yml', 'pre-commit:\n  commands:\n    own:\n      run: "true"\n')
      const { spawnSync } = await import('node:child_process')
      spawnSync(manager('lefthook'), ['install'], { cwd: repo.path, env: isolatedEnv })
    },
    code: 0,
    checks: [['hook-put-aside', 'trouble', /renamed to .*pre-commit\.old/]],
  },
  'lefthook, turned off': {
    arrange: (repo) => {
      repo.write(
        'lefthook.yml',
        'pre-commit:\n  commands:\n    oakum:\n      run: oakum hook pre-commit\n',
      )
      writeScript(hook(repo), 0o755, '#!/bin/sh\ncall_lefthook run "pre-commit"\n')
      return { ...withOakum(), LEFTHOOK: '0' }
    },
    code: 1,
    checks: [
      ['switched-off', 'trouble', /LEFTHOOK=0/],
      ['pre-commit', 'good', /scanned/],
    ],
  },
  'simple-git-hooks that was not run': {
    arrange: (repo) =>
      void repo.write(
        'package.json',
        '{"simple-git-hooks":{"pre-commit":"oakum hook pre-commit"}}\n',
      ),
    code: 1,
    checks: [['manager-not-set-up', 'trouble', /simple-git-hooks/]],
  },
  'pre-commit that came later, and runs both': {
    arrange: async (repo) => {
      await hooked(repo)
      repo.write('.pre-commit-config.yaml', 'repos: []\n')
      renameSync(hook(repo), `${hook(repo)}.legacy`)
      writeScript(
        hook(repo),
        0o755,
        '#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\n',
      )
    },
    code: 0,
    checks: [['pre-commit', 'good', /scanned/]],
    runners: [{ by: 'pre-commit', scans: true }, {}, {}],
  },
  'pre-commit, with Oakum from its published hooks': {
    arrange: (repo) => {
      repo.write(
        '.pre-commit-config.yaml',
        'repos:\n- repo: https://example.com/oakum\n  rev: v1\n  hooks:\n  - id: oakum\n  - {id: oakum-push, stages: [push]}\n',
      )
      for (const name of ['pre-commit', 'pre-push'])
        writeScript(
          hook(repo, name),
          0o755,
          '#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\n',
        )
    },
    code: 0,
    checks: [
      ['pre-commit', 'good', /scanned/],
      ['pre-push', 'good', /scanned/],
    ],
    without: ['program-gone'],
  },
  'pre-commit, with a hook for pushes only': {
    arrange: (repo) => {
      repo.write(
        '.pre-commit-config.yaml',
        'repos:\n- repo: https://example.com/oakum\n  hooks:\n  # id: oakum\n  - id: oakum-push\n',
      )
      for (const name of ['pre-commit', 'pre-push'])
        writeScript(
          hook(repo, name),
          0o755,
          '#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\n',
        )
    },
    code: 0,
    checks: [
      ['pre-commit', 'note', /not scanned/],
      ['pre-push', 'good', /scanned/],
    ],
  },
  'hooks turned off by core.hooksPath': {
    arrange: async (repo) => {
      await hooked(repo)
      repo.git('config', 'core.hooksPath', '/dev/null')
    },
    code: 1,
    checks: [
      ['no-hooks', 'trouble', /\/dev\/null, which is not a folder/],
      ['pre-commit', 'trouble', /not scanned/],
    ],
  },
  'a hook that mentions Oakum only in a comment': {
    arrange: (repo) =>
      writeScript(hook(repo), 0o755, '#!/bin/sh\n# here we could run oakum staged\n'),
    code: 1,
    checks: [['pre-commit', 'trouble', /not scanned/]],
  },
  'pre-commit that skips oakum': {
    arrange: (repo) => {
      repo.write(
        '.pre-commit-config.yaml',
        'repos:\n- repo: local\n  hooks:\n  - id: oakum\n    entry: oakum hook pre-commit\n',
      )
      writeScript(
        hook(repo),
        0o755,
        '#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\n',
      )
      return { ...withOakum(), SKIP: 'flake8,oakum' }
    },
    code: 1,
    checks: [['switched-off', 'trouble', /SKIP=flake8,oakum/]],
  },
  'a missing node': {
    arrange: async (repo) => {
      await hooked(repo)
      setRecordedPath(repo, 'node', '/gone/node')
      return onlyGit()
    },
    code: 1,
    checks: [['no-node', 'trouble', /\/gone\/node.* is missing, and there is no node on PATH/]],
  },
  'another node than recorded': {
    arrange: async (repo) => {
      await hooked(repo)
      setRecordedPath(repo, 'node', '/gone/node')
    },
    code: 0,
    checks: [['node-from-path', 'note', /on PATH runs instead/]],
  },
  'a missing Oakum': {
    arrange: async (repo) => {
      await hooked(repo)
      setRecordedPath(repo, 'bin', '/gone/bin.js')
    },
    code: 1,
    checks: [['program-gone', 'trouble', /\/gone\/bin\.js.*commits are stopped/]],
  },
  'a missing Oakum that is optional': {
    arrange: async (repo) => {
      await hooked(repo)
      setRecordedPath(repo, 'bin', '/gone/bin.js')
      return { OAKUM_OPTIONAL: '1' }
    },
    code: 1,
    checks: [
      ['program-gone', 'trouble', /nothing is scanned/],
      ['optional', 'note', /OAKUM_OPTIONAL/],
    ],
  },
  'another Oakum than recorded': {
    arrange: async (repo) => {
      await hooked(repo)
      setRecordedPath(repo, 'bin', '/gone/bin.js')
      return withOakum()
    },
    code: 0,
    checks: [['program-from-path', 'note', /oakum on PATH runs instead/]],
  },
  'an older Oakum': {
    arrange: async (repo) => {
      await hooked(repo)
      const old = temporaryFolder()
      writeScript(join(old, 'dist/cli/bin.js'))
      writeScript(join(old, 'package.json'), 0o644, '{"version":"0.0.1"}')
      setRecordedPath(repo, 'bin', join(old, 'dist/cli/bin.js'))
    },
    code: 0,
    checks: [['other-version', 'note', /runs Oakum 0\.0\.1/]],
  },
  'a missing backup of the earlier hook': {
    arrange: async (repo) => {
      writeScript(hook(repo), 0o755, 'echo own\n')
      await hooked(repo)
      rmSync(`${hook(repo)}.oakum-kept`)
    },
    code: 0,
    checks: [['kept-hook-gone', 'note', /oakum-kept/]],
  },
  'a hook of another program that scans': {
    arrange: (repo) => writeScript(hook(repo), 0o755, '#!/bin/sh\nexec oakum staged\n'),
    code: 0,
    checks: [['pre-commit', 'good', /scanned/]],
    runners: [{ by: 'other', scans: true }],
  },
  'hooks in the configuration, and an old git': {
    arrange: (repo) =>
      void repo.git('config', 'hook.oakum-pre-commit.command', 'oakum hook pre-commit'),
    code: 1,
    checks: [['git-too-old', 'trouble', /needs git 2\.54/]],
  },
  'an alias that bypasses hooks': {
    arrange: async (repo) => {
      await hooked(repo)
      repo.git('config', 'alias.quick', 'commit -am wip --no-verify')
    },
    code: 0,
    checks: [['bypass', 'note', /git quick/]],
  },
  'a tracked env file': {
    arrange: async (repo) => {
      await hooked(repo)
      repo.write('app/.env.production', 'PORT=1\n').git('add', '-f', '-A')
    },
    code: 1,
    checks: [['env-tracked', 'trouble', /app\/\.env\.production/]],
  },
  'an env file that is not ignored': {
    arrange: async (repo) => {
      await hooked(repo)
      repo.write('.gitignore', '').write('.env.local', 'PORT=1\n').write('.env.example', '')
    },
    code: 1,
    checks: [['env-not-ignored', 'trouble', /: \.env\.local$/]],
    without: ['env-tracked'],
  },
  'env files that would not be ignored': {
    arrange: async (repo) => {
      await hooked(repo)
      repo.write('.gitignore', '.env*\n!.env.production\n')
    },
    code: 0,
    checks: [['env-ignored', 'note', /: \.env\.production$/]],
  },
}

describe('oakum doctor', () => {
  test.each(Object.entries(situations))(
    'reports %s',
    async (_name, { arrange, code, checks, without = [], runners }) => {
      const repo = Repo.create()
      repo.commit('Start', { '.gitignore': '.env\n.env.*\n!.env.example\n' })
      const env = (await arrange(repo)) ?? {}
      const run = await oakumIn(repo.path, ['doctor', '--format', 'json'], env)
      const report = JSON.parse(run.stdout) as {
        checks: { id: string; state: string; text: string; remedy?: string }[]
        runners: object[]
        versions: object
      }
      for (const [id, state, text] of checks)
        expect(report.checks).toContainEqual(
          expect.objectContaining({ id, state, text: expect.stringMatching(text) }),
        )
      expect(report.checks.filter(({ id }) => without.includes(id))).toEqual([])
      expect(
        report.checks.filter(({ state, remedy }) => state === 'trouble' && remedy === undefined),
        'each problem has a fix',
      ).toEqual([])
      if (runners !== undefined) expect(report.runners).toMatchObject(runners)
      expect(run.code).toBe(checks.some(([, state]) => state === 'trouble') ? 1 : code)
    },
  )

  test('prints a text of at most 80 columns, exits with 0, and changes nothing', async () => {
    const repo = await hooked(Repo.create())
    repo.write('.gitignore', '.env*\n')
    const before = stateOf(repo)
    const { code, stdout } = await oakumIn(repo.path, ['doctor'])
    expect(stateOf(repo)).toEqual(before)
    expect(
      stdout.replaceAll(repo.path, '<repo>').replace(/^oakum .*, in/, 'oakum …, in'),
    ).toBe(`oakum …, in <repo>

pre-commit        <repo>/.git/hooks/pre-commit
pre-merge-commit  <repo>/.git/hooks/pre-merge-commit
pre-push          <repo>/.git/hooks/pre-push

good     a commit is scanned
good     a merge is scanned
good     a push is scanned
good     .env, .env.local, .env.production are ignored

No problems found.
`)
    expect(code).toBe(0)
  })

  test('works in a linked work tree and in a bare repository', async () => {
    const repo = Repo.create()
    repo.commit('Start', { '.gitignore': '.env*\n' })
    const path = join(temporaryFolder(), 'tree')
    await hooked(repo)
    repo.git('worktree', 'add', '-q', path)
    expect((await oakumIn(path, ['doctor'])).stdout).toContain('No problems found.')
    const bare = Repo.create({ bare: true })
    expect(await oakumIn(bare.path, ['doctor'])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('a received push is not scanned'),
    })
    await hooked(bare)
    expect((await oakumIn(bare.path, ['doctor'])).stdout).toContain('No problems found.')
  })

  test('shows no secrets of file names and no control characters, and refuses bad usage in one line', async () => {
    const repo = await hooked(Repo.create())
    repo
      .write(`.env.${githubToken(70)}`, '')
      .write('.env.\u001B[2J', '')
      .git('add', '-A')
    for (const format of ['text', 'json'])
      expect((await oakumIn(repo.path, ['doctor', '--format', format])).stdout).not.toContain(
        '\u001B',
      )
    expect(await oakumIn(repo.path, ['doctor', '--format', 'jsonl'])).toMatchObject({
      code: 2,
      stderr: 'oakum: doctor writes text or json, not jsonl\n',
    })
    expect(await oakumIn(temporaryFolder(), ['doctor'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^oakum: [^\n]* is not in a git repository\n$/),
    })
  })
})
