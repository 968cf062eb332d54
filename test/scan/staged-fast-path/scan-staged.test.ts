import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { scanStaged } from '../../../src/scan/staged-fast-path/scan-staged.ts'
import { scan } from '../../../src/scan/scan.ts'
import type { ScanResult } from '../../../src/model/outcome.ts'
import { awsPair } from '../../support/credentials.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'

type Env = Readonly<Record<string, string>>

const pairText = (seed: number): string => {
  const { id, secret } = awsPair(seed)
  return `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
}

function started(options: Parameters<typeof Repo.create>[0] = {}): Repo {
  const repo = Repo.create(options)
  repo.commit('Start', {
    'README.md': '# Shop\n',
    'src/app.ts': 'export const app = 1\n',
    'old.ini': pairText(2300),
  })
  return repo
}

function staged(repo: Repo, files: Readonly<Record<string, string | Buffer>>): Repo {
  for (const [path, content] of Object.entries(files)) repo.write(path, content)
  repo.git('add', '-A')
  return repo
}

const quickly = (repo: Repo, env: Env = {}): Promise<ScanResult | undefined> =>
  scanStaged({
    cwd: repo.path,
    env: { ...isolatedEnv, ...env },
    signal: new AbortController().signal,
  })

/** What the whole program makes of the same index, without what tells the two apart. */
async function wholly(repo: Repo, env: Env = {}): Promise<unknown> {
  return comparable(
    await scan({ name: 'staged' }, { cwd: repo.path, env: { ...isolatedEnv, ...env } }),
  )
}

function comparable({ findings, suppressed, receipt }: ScanResult): unknown {
  const { reader: _reader, git: _git, durationMs: _durationMs, ...rest } = receipt
  return { findings, suppressed, receipt: rest }
}

/** Ten files of a program, with words that rules look for. */
const program = Object.fromEntries(
  Array.from({ length: 10 }, (_, n) => [
    `src/file ${n}.ts`,
    `const password = process.env.PASSWORD_${n}\nconst secretKey = getSecret('token')\n// AKIA is what ids begin with\n`,
  ]),
)

const clean: readonly (readonly [
  string,
  () => Repo | { readonly repo: Repo; readonly env: Env },
])[] = [
  ['nothing', () => started()],
  ['files of a program', () => staged(started(), program)],
  ['a repository of SHA-256', () => staged(started({ objectFormat: 'sha256' }), program)],
  [
    'a file that is gone',
    () => {
      const repo = started()
      repo.git('rm', '-q', 'old.ini')
      return repo
    },
  ],
  [
    'a link',
    () => {
      const repo = started().link('link', 'README.md')
      repo.git('add', '-A')
      return repo
    },
  ],
  [
    'odd names and line ends',
    () => staged(started(), { 'a b\n"c".txt': 'x\r\ny\r\n', 'caf\u00e9.txt': 'caf\u00e9\n' }),
  ],
  [
    'placeholders, which are suppressed',
    () =>
      staged(started(), {
        '.env.example': 'DB_PASSWORD=changeme\nAPI_KEY=${API_KEY}\n',
        'doc.md': `aws_access_key_id = AKIA${'EXAMPLE'.repeat(2)}77\n`,
      }),
  ],
  ['an empty file', () => staged(started(), { empty: '' })],
  [
    'a work tree of its own',
    () => {
      const repo = started()
      repo.git('worktree', 'add', '-q', `${repo.path}-tree`)
      return staged(new Repo(`${repo.path}-tree`), program)
    },
  ],
  ['a sub-folder', () => new Repo(`${staged(started(), program).path}/src`)],
  [
    'an index of its own',
    () => {
      const repo = staged(started(), program)
      repo.git('mv', '-f', 'README.md', 'other.md')
      repo.gitBytes(['read-tree', '--index-output=.git/other', 'HEAD'])
      return { repo, env: { GIT_INDEX_FILE: `${repo.path}/.git/other` } }
    },
  ],
]

const more: readonly (readonly [string, () => Repo])[] = [
  ['a pair', () => staged(started(), { 'new.ini': pairText(2310) })],
  [
    'a pair in UTF-16',
    () => staged(started(), { 'new.ini': Buffer.from(`\ufeff${pairText(2311)}`, 'utf16le') }),
  ],
  ['a pair in a name', () => staged(started(), { [`key-${awsPair(2312).id}.txt`]: 'x' })],
  [
    'a secret in an env file',
    () => staged(started(), { '.env': `DB_PASSWORD=${awsPair(2313).secret.slice(0, 20)}\n` }),
  ],
  [
    'an edited file that had a pair before',
    () => staged(started(), { 'old.ini': `${pairText(2300)}region = eu-west-1\n` }),
  ],
  ['an archive', () => staged(started(), { 'x.gz': gzipSync('nothing') })],
  [
    'a pointer of LFS',
    () =>
      staged(started(), {
        big: `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12\n`,
      }),
  ],
  [
    'a blob that is packed',
    () => {
      const repo = started()
      repo.git('mv', 'src/app.ts', 'src/main.ts')
      repo.git('repack', '-adq')
      return repo
    },
  ],
  ['a large blob', () => staged(started(), { large: 'x'.repeat(5 << 20) })],
  ['the first commit', () => staged(Repo.create(), program)],
  [
    'a submodule',
    () => {
      const repo = started()
      repo.git('update-index', '--add', '--cacheinfo', `160000,${'ab'.repeat(20)},sub`)
      return repo
    },
  ],
  [
    'a blob that is missing',
    () => {
      const repo = started()
      repo.git('update-index', '--add', '--cacheinfo', `100644,${'ab'.repeat(20)},gone`)
      return repo
    },
  ],
  ['a bare repository', () => Repo.create({ bare: true })],
]

describe('the quick way through a commit', () => {
  test.each(clean)('says what the whole program says of %s', async (_what, build) => {
    const built = build()
    const { repo, env } = built instanceof Repo ? { repo: built, env: {} } : built
    const result = await quickly(repo, env)
    expect(result && comparable(result)).toEqual(await wholly(repo, env))
    expect(result?.receipt.complete).toBe(true)
  })

  test.each(more)('leaves %s to the whole program', async (_what, build) => {
    expect(await quickly(build())).toBeUndefined()
  })

  test('finds the objects of a clone that borrows them, and of a folder that git is told of', async () => {
    const repo = started()
    const borrowing = new Repo(`${repo.path}-shared`)
    repo.git('clone', '-q', '--shared', repo.path, borrowing.path)
    staged(borrowing, program)
    const result = await quickly(borrowing)
    expect(result && comparable(result)).toEqual(await wholly(borrowing))
    expect(
      await quickly(new Repo(borrowing.path), { GIT_DIR: `${borrowing.path}/.git` }),
    ).toBeDefined()
    expect(
      await quickly(new Repo(borrowing.path), { GIT_WORK_TREE: borrowing.path }),
    ).toBeUndefined()
  })
})
