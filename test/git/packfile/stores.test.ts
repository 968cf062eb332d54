import {
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ScanResult } from '../../../src/model/outcome.ts'
import { scan } from '../../../src/scan/scan.ts'
import type { ReaderChoice, ScanOptions, Target } from '../../../src/model/target.ts'
import { awsPair, password } from '../../support/credentials.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../support/repo.ts'
import { plansOf } from './both-planners.ts'
import { comparable, copied, plainLines, planted } from './planted-secrets.ts'

interface HistoryCase {
  readonly target?: Omit<Extract<Target, { readonly name: 'history' }>, 'name'>
  readonly options?: ScanOptions
}

function history(
  repo: Repo,
  reader: ReaderChoice,
  { target, options }: HistoryCase = {},
): Promise<ScanResult> {
  return scan(
    { name: 'history', path: repo.path, ...target },
    { reader, env: isolatedEnv, ...options },
  )
}

/** Scans with each reader, expects equal results, and returns one. */
async function expectSame(repo: Repo, ask: HistoryCase = {}): Promise<ScanResult> {
  const truth = await history(repo, 'cat-file', ask)
  const fast = await history(repo, 'pack', ask)
  expect(comparable(fast)).toEqual(comparable(truth))
  expect(comparable(await history(repo, 'zlib', ask))).toEqual(comparable(truth))
  expect(fast.receipt.reader).toMatch(/^pack-wasm/)
  return fast
}

const objectsOf = (repo: Repo): string => join(repo.path, '.git', 'objects')
const packsOf = (repo: Repo): readonly string[] =>
  readdirSync(join(objectsOf(repo), 'pack')).filter((name) => name.endsWith('.pack'))

function borrowing(from: Repo, path: string): Repo {
  const repo = Repo.create()
  writeFileSync(join(objectsOf(repo), 'info', 'alternates'), `# borrowed\n\n${path}\n`)
  repo.git('update-ref', 'refs/heads/main', from.git('rev-parse', 'main'))
  return repo
}

/** Returns the last of several repositories, each of which borrows from the one before. */
function chained(repo: Repo, count: number): Repo {
  let last = repo
  for (let at = 0; at < count; at += 1) {
    last = borrowing(last, objectsOf(last))
    last.commit(`Link ${at}`, { [`${at}.ini`]: `id = ${awsPair(910 + at).id}\n` })
  }
  return last
}

/** Writes a new index for the only pack. */
function rebuildIndex(repo: Repo, ...options: readonly string[]): void {
  const [pack = ''] = packsOf(repo)
  const path = join(objectsOf(repo), 'pack', pack)
  rmSync(path.replace(/pack$/, 'idx'))
  repo.git('index-pack', ...options, path)
}

/** Packs the reachable objects, three commits a pack. */
function packInPieces(repo: Repo): void {
  const commits = repo.git('rev-list', '--reverse', 'main').split('\n')
  for (let at = 0; at < commits.length; at += 3) {
    const range = [
      commits[Math.min(at + 2, commits.length - 1)] ?? '',
      ...(at === 0 ? [] : [`^${commits[at - 1] ?? ''}`]),
    ]
    repo.gitBytes(
      ['pack-objects', '-q', '--revs', join(objectsOf(repo), 'pack', 'pack')],
      `${range.join('\n')}\n`,
    )
  }
  repo.git('prune-packed', '-q')
  expect(packsOf(repo).length).toBeGreaterThan(2)
}

const layouts: readonly (readonly [string, (repo: Repo) => Repo | void])[] = [
  [
    'loose objects only',
    (repo) => {
      expect(packsOf(repo)).toEqual([])
    },
  ],
  ['one pack', (repo) => void repo.git('repack', '-adfq')],
  [
    'a pack of deltas that give the IDs of their bases',
    (repo) => void repo.git('-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adfq'),
  ],
  [
    'a pack of deltas 250 deep',
    (repo) => void repo.git('repack', '-adfq', '--depth=250', '--window=250'),
  ],
  ['a pack without deltas', (repo) => void repo.git('repack', '-adfq', '--window=0')],
  ['several packs', packInPieces],
  [
    'several packs with a multi-pack index',
    (repo) => {
      packInPieces(repo)
      repo.git('multi-pack-index', 'write')
    },
  ],
  [
    'a kept pack',
    (repo) => {
      packInPieces(repo)
      const [kept = ''] = packsOf(repo)
      writeFileSync(join(objectsOf(repo), 'pack', kept.replace(/pack$/, 'keep')), '')
      repo.git('repack', '-adq')
      expect(packsOf(repo).length).toBe(2)
    },
  ],
  [
    'everything in two packs, and loose as well',
    (repo) => {
      const loose = copied(repo)
      packInPieces(repo)
      for (const name of readdirSync(join(objectsOf(repo), 'pack')))
        cpSync(join(objectsOf(repo), 'pack', name), join(objectsOf(loose), 'pack', name))
      loose.git('repack', '-aq', '--depth=3')
      expect(packsOf(loose).length).toBeGreaterThan(3)
      return loose
    },
  ],
  [
    'a clone that shares',
    (repo) => {
      repo.git('repack', '-adq')
      const clone = new Repo(join(temporaryFolder(), 'shared'))
      repo.git('clone', '-q', '--shared', repo.path, clone.path)
      clone.commit('Go on', { 'more.ini': `id = ${awsPair(901).id}\n` })
      return clone
    },
  ],
  [
    'alternates at a relative path',
    (repo) => {
      const outer = Repo.create()
      const [lender, borrower] = ['lender', 'borrower'].map(
        (name) => new Repo(join(outer.path, name)),
      )
      renameSync(repo.path, lender!.path)
      renameSync(borrowing(lender!, objectsOf(lender!)).path, borrower!.path)
      writeFileSync(
        join(objectsOf(borrower!), 'info', 'alternates'),
        '../../../lender/.git/objects\n',
      )
      return borrower
    },
  ],
  ['a chain of six alternates', (repo) => chained(repo, 6)],
  [
    'alternates at a path relative to the target of a link',
    (repo) => {
      const borrower = borrowing(repo, objectsOf(repo))
      const moved = join(temporaryFolder(), 'here')
      renameSync(repo.path, `${moved}-lender`)
      renameSync(objectsOf(borrower), moved)
      symlinkSync(moved, objectsOf(borrower))
      writeFileSync(
        join(moved, 'info', 'alternates'),
        `../${basename(moved)}-lender/.git/objects\n`,
      )
      return borrower
    },
  ],
  [
    'an index of version 1',
    (repo) => {
      repo.git('repack', '-adq')
      rebuildIndex(repo, '--index-version=1')
      const [pack = ''] = packsOf(repo)
      expect(
        readFileSync(join(objectsOf(repo), 'pack', pack.replace(/pack$/, 'idx'))).readUInt32BE(0),
      ).not.toBe(0xff74_4f63)
    },
  ],
  [
    'an index with offsets of 64 bits',
    (repo) => {
      repo.git('repack', '-adq')
      rebuildIndex(repo, '--index-version=2,0x40')
    },
  ],
  [
    'the state after gc',
    (repo) => {
      repo.git('reflog', 'expire', '--expire=now', '--all')
      repo.git('-c', 'gc.pruneExpire=now', 'gc', '-q', '--prune=now')
    },
  ],
  [
    'packs whose objects come back loose',
    (repo) => {
      repo.git('repack', '-adq')
      repo.git('gc', '-q')
      repo.commit('Go on', {
        'conf/keys.ini': `${plainLines(50, 3).join('\n')}\nid = ${awsPair(920).id}\n`,
      })
    },
  ],
]

describe('all readers find the same', () => {
  const scene = planted(100)

  test.each(layouts)('in %s', async (_what, lay) => {
    const copy = copied(scene)
    const repo = lay(copy) ?? copy
    const { findings, receipt, suppressed } = await expectSame(repo)
    const { fast, slow } = plansOf(objectsOf(repo))
    expect(fast).toEqual(slow)
    expect(receipt.complete).toBe(true)
    expect(findings.length).toBeGreaterThan(8)
    expect(suppressed.length).toBeGreaterThan(0)
  })

  test.each(['--depth=50', '--depth=2'])('with SHA-256 IDs, packed with %s', async (depth) => {
    const repo = planted(200, { objectFormat: 'sha256' })
    repo.git('repack', '-adfq', depth)
    repo.commit('Go on', { 'loose.ini': `id = ${awsPair(930).id}\n` })
    const { findings, receipt } = await expectSame(repo)
    expect(findings.length).toBeGreaterThan(8)
    expect(receipt.complete).toBe(true)
    const { fast, slow } = plansOf(objectsOf(repo), 32)
    expect(fast).toEqual(slow)
  })

  test('in a shallow clone', async () => {
    const clone = scene.clone('--depth=2', '--no-single-branch')
    expect((await expectSame(clone, { target: { allowShallow: true } })).receipt.complete).toBe(
      true,
    )
    expect((await expectSame(clone)).receipt.complete).toBe(false)
  })

  test.each(['aws-access-key', 'github-token', 'dotenv-secret'])(
    'with no rule but %s',
    async (rule) => {
      const repo = copied(scene)
      repo.git('repack', '-adfq', '--window=50')
      expect(
        (await expectSame(repo, { options: { rules: [rule] } })).findings.length,
      ).toBeGreaterThan(0)
    },
  )

  test('in env files that change with each version of large trees', async () => {
    const repo = Repo.create()
    for (let at = 0; at < 60; at += 1) repo.write(`file-${at}-of-a-folder.txt`, `${at}\n`)
    for (let at = 0; at < 8; at += 1)
      repo.commit(`Change ${at}`, {
        [`${'long-'.repeat(20)}${at % 2}.env`]: `DB_PASSWORD=${password(950 + at)}\n`,
        'zz.env': `API_KEY=${password(960 + at)}\n`,
      })
    repo.git('repack', '-adfq', '--depth=50')
    expect(
      (await expectSame(repo, { options: { rules: ['dotenv-secret'] } })).findings,
    ).toHaveLength(16)
  })

  test('when there is one alternate more than git follows', async () => {
    const repo = chained(copied(scene), 7)
    const [truth, fast] = [await history(repo, 'cat-file'), await history(repo, 'pack')]
    expect(fast.findings.map(({ fingerprint }) => fingerprint)).toEqual(
      truth.findings.map(({ fingerprint }) => fingerprint),
    )
    expect([fast.receipt.complete, truth.receipt.complete]).toEqual([false, false])
  })

  test.each([
    ['quoted', (objects: string) => `"${objects}"`],
    ['gone', (objects: string) => `${objects}\n${objects}-gone`],
  ])('when the path of an alternate is %s', async (what, pathOf) => {
    const lender = copied(scene)
    const borrower = borrowing(lender, pathOf(objectsOf(lender)))
    const [truth, fast] = [await history(borrower, 'cat-file'), await history(borrower, 'auto')]
    expect(fast.findings.length).toBeGreaterThan(8)
    expect(fast.findings.map(({ fingerprint }) => fingerprint)).toEqual(
      truth.findings.map(({ fingerprint }) => fingerprint),
    )
    // Each git process reports the missing one, and their number varies.
    if (what === 'quoted') expect(comparable(fast)).toEqual(comparable(truth))
    expect([fast.receipt.reader, fast.receipt.complete]).toEqual([
      'cat-file (info/alternates leads to no folder)',
      what === 'quoted',
    ])
  })

  test.each(['GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES'])(
    'when %s names another folder of objects',
    async (name) => {
      const lender = copied(scene)
      const repo = Repo.create()
      const ask: HistoryCase = {
        options: { cwd: repo.path, env: { ...isolatedEnv, [name]: objectsOf(lender) } },
      }
      const truth = await scan({ name: 'history' }, { reader: 'cat-file', ...ask.options })
      const fast = await scan({ name: 'history' }, { reader: 'pack', ...ask.options })
      expect(fast.findings.length).toBeGreaterThan(8)
      expect(comparable(fast)).toEqual(comparable(truth))
    },
  )

  test('with blobs of many windows, and when large blobs are skipped', async () => {
    const repo = Repo.create()
    const lines = plainLines(90_000, 5)
    const behind = Math.floor((4 << 20) / 50)
    repo.commit('Start', {
      'large.txt': [
        ...lines.slice(0, behind),
        `id = ${awsPair(940).id}`,
        ...lines.slice(behind),
      ].join('\n'),
      'small.txt': `id = ${awsPair(941).id}\n`,
    })
    repo.commit('Go on', {
      'large.txt': [...lines.slice(0, 100), `id = ${awsPair(942).id}`, ...lines.slice(100)].join(
        '\n',
      ),
    })
    repo.git('repack', '-adfq', '--window=2')
    expect((await expectSame(repo, { options: { rules: ['aws'] } })).findings).toHaveLength(3)
    const { receipt, findings } = await expectSame(repo, {
      options: { rules: ['aws'], maxBlobBytes: 1_000_000 },
    })
    expect(findings).toHaveLength(1)
    expect(receipt.skipped.map(({ reason }) => reason)).toEqual(['too-large', 'too-large'])
  })
})
