import { gzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import {
  type FullScanNeeded,
  isFullScanNeeded,
} from '../../../src/scan/staged-fast-path/full-scan-needed.ts'
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

const scanFast = (
  repo: Repo,
  env: Env = {},
  signal = new AbortController().signal,
): Promise<ScanResult | FullScanNeeded> =>
  scanStaged({ cwd: repo.path, env: { ...isolatedEnv, ...env }, signal })

/** The result of a full scan of the same index, without the fields that differ by design. */
async function scanFully(repo: Repo, env: Env = {}): Promise<unknown> {
  return comparable(
    await scan({ name: 'staged' }, { cwd: repo.path, env: { ...isolatedEnv, ...env } }),
  )
}

function comparable(result: ScanResult | FullScanNeeded): unknown {
  if (isFullScanNeeded(result)) return result
  const { findings, suppressed, receipt } = result
  const { reader: _reader, git: _git, durationMs: _durationMs, ...rest } = receipt
  return { findings, suppressed, receipt: rest }
}

/** Ten source files with keywords of rules and no secret. */
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

const MATCH = 'a rule matches a staged file'
const NO_LOOSE_BLOB =
  'a staged blob is no loose object of up to 4 MiB: packed, large, damaged or missing'
const GIT_FAILED = 'git diff-index HEAD failed, as it does before the first commit'

/** Commits that the fast path leaves to a full scan, with the reason it gives. */
const fullScans: readonly (readonly [
  name: string,
  reason: string,
  build: () => Repo | { readonly repo: Repo; readonly env: Env },
])[] = [
  ['a pair', MATCH, () => staged(started(), { 'new.ini': pairText(2310) })],
  [
    'a pair in UTF-16',
    MATCH,
    () => staged(started(), { 'new.ini': Buffer.from(`\ufeff${pairText(2311)}`, 'utf16le') }),
  ],
  ['a pair in a name', MATCH, () => staged(started(), { [`key-${awsPair(2312).id}.txt`]: 'x' })],
  [
    'a secret in an env file',
    MATCH,
    () => staged(started(), { '.env': `DB_PASSWORD=${awsPair(2313).secret.slice(0, 20)}\n` }),
  ],
  [
    'an edited file that had a pair before',
    MATCH,
    () => staged(started(), { 'old.ini': `${pairText(2300)}region = eu-west-1\n` }),
  ],
  [
    'an archive',
    'a staged file is an archive',
    () => staged(started(), { 'x.gz': gzipSync('nothing') }),
  ],
  [
    'a pointer of LFS',
    'a staged file is a Git LFS pointer',
    () =>
      staged(started(), {
        big: `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12\n`,
      }),
  ],
  [
    'a blob that is packed',
    NO_LOOSE_BLOB,
    () => {
      const repo = started()
      repo.git('mv', 'src/app.ts', 'src/main.ts')
      repo.git('repack', '-adq')
      return repo
    },
  ],
  ['a large blob', NO_LOOSE_BLOB, () => staged(started(), { large: 'x'.repeat(5 << 20) })],
  ['the first commit', GIT_FAILED, () => staged(Repo.create(), program)],
  [
    'a submodule',
    'a skip (submodule) must be reported',
    () => {
      const repo = started()
      repo.git('update-index', '--add', '--cacheinfo', `160000,${'ab'.repeat(20)},sub`)
      return repo
    },
  ],
  [
    'a blob that is missing',
    NO_LOOSE_BLOB,
    () => {
      const repo = started()
      repo.git('update-index', '--add', '--cacheinfo', `100644,${'ab'.repeat(20)},gone`)
      return repo
    },
  ],
  [
    'a bare repository',
    'neither the current folder nor one above it has a .git',
    () => Repo.create({ bare: true }),
  ],
  [
    'a work tree that a variable names',
    'GIT_WORK_TREE is set',
    () => {
      const repo = staged(started(), program)
      return { repo, env: { GIT_WORK_TREE: repo.path } }
    },
  ],
]

describe('the fast path', () => {
  test.each(clean)('gives the result of a full scan for %s', async (_name, build) => {
    const built = build()
    const { repo, env } = built instanceof Repo ? { repo: built, env: {} } : built
    const result = await scanFast(repo, env)
    expect(comparable(result)).toEqual(await scanFully(repo, env))
    expect(result).toMatchObject({ receipt: { complete: true } })
  })

  test.each(fullScans)('leaves %s to a full scan, because %s', async (_name, because, build) => {
    const built = build()
    const { repo, env } = built instanceof Repo ? { repo: built, env: {} } : built
    expect(await scanFast(repo, env)).toEqual({ because })
  })

  test('asks for a full scan when it was interrupted', async () => {
    const interruption = new AbortController()
    interruption.abort()
    expect(await scanFast(staged(started(), program), {}, interruption.signal)).toEqual({
      because: 'the scan was interrupted',
    })
  })

  test('asks for a full scan where WebAssembly with SIMD is missing', async () => {
    vi.doMock('../../../src/git/wasm/instantiate.ts', () => ({ instantiate: () => undefined }))
    vi.resetModules()
    const fresh = await import('../../../src/scan/staged-fast-path/scan-staged.ts')
    const answer = await fresh.scanStaged({
      cwd: staged(started(), program).path,
      env: isolatedEnv,
      signal: new AbortController().signal,
    })
    vi.doUnmock('../../../src/git/wasm/instantiate.ts')
    expect(answer).toEqual({ because: 'this Node lacks WebAssembly with SIMD, or memory for it' })
  })

  test('finds the objects of a clone that borrows them, and of a folder that GIT_DIR names', async () => {
    const repo = started()
    const borrowing = new Repo(`${repo.path}-shared`)
    repo.git('clone', '-q', '--shared', repo.path, borrowing.path)
    staged(borrowing, program)
    const expected = await scanFully(borrowing)
    expect(comparable(await scanFast(borrowing))).toEqual(expected)
    const env = { GIT_DIR: `${borrowing.path}/.git` }
    expect(comparable(await scanFast(new Repo(borrowing.path), env))).toEqual(expected)
  })
})
