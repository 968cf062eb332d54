import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { ScanResult } from '../../../../src/model/outcome.ts'
import { noPolicy } from '../../../../src/model/policy.ts'
import { builtinRules } from '../../../../src/rules/load.ts'
import { scan } from '../../../../src/scan/scan.ts'
import type { ScanOptions } from '../../../../src/model/target.ts'
import {
  awsPair,
  awsPairWithoutSlash,
  notedSecrets,
  type Pair,
  password,
} from '../../../support/credentials.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../../support/repo.ts'
import { comparable, copied, planted } from '../planted-secrets.ts'

/** Where the user's own state is. */
interface Home {
  readonly env: NonNullable<ScanOptions['env']>
  readonly key: string
}

function home(): Home {
  const folder = temporaryFolder()
  return { env: { ...isolatedEnv, XDG_STATE_HOME: folder }, key: join(folder, 'oakum', 'key') }
}

function history(
  repo: Repo,
  { env }: Pick<Home, 'env'>,
  options: ScanOptions = {},
): Promise<ScanResult> {
  return scan(
    { name: 'history', path: repo.path },
    { reader: 'pack', cache: true, env, ...options },
  )
}

const kept = (repo: Repo): string => join(repo.path, '.git', 'oakum')
const allOf = (repo: Repo): readonly string[] =>
  statSync(kept(repo), { throwIfNoEntry: false })?.isDirectory() === true
    ? readdirSync(kept(repo))
    : []
const filesOf = (repo: Repo): readonly string[] =>
  allOf(repo).filter((name) => name.startsWith('history-'))
const fileOf = (repo: Repo): string => join(kept(repo), filesOf(repo)[0] ?? '')

/** Scans with what is kept, and without: both say the same. */
async function expectTrue(repo: Repo, own: Home, options: ScanOptions = {}): Promise<ScanResult> {
  const found = await history(repo, own, options)
  expect(comparable(found)).toEqual(
    comparable(await history(repo, own, { ...options, cache: false })),
  )
  return found
}

/** All of a result but the time it took, in the order it came. */
function whole({ receipt, ...rest }: ScanResult): unknown {
  return JSON.parse(JSON.stringify({ ...rest, receipt: { ...receipt, durationMs: 0 } }))
}

/** A pair as files of AWS have it. */
function inFile({ id, secret }: Pair): string {
  return `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
}

const packedIn = (content: string): Buffer => gzipSync(content, { level: 9 })
const noise = (seed: number): string => `${seed}: ${'a line of nothing\n'.repeat(80)}`

/** The objects that are kept in a repository's file as those that something was said of. */
function foundIn(repo: Repo): readonly string[] {
  return (
    JSON.parse(readFileSync(fileOf(repo), 'latin1').split('\n')[1] ?? '') as {
      found: readonly string[]
    }
  ).found
}

const scene = planted(300)
scene.git('repack', '-adfq')
const clean = Repo.create()
for (let at = 0; at < 5; at += 1)
  clean.commit(`Change ${at}`, { 'a.txt': `${at}\n`, '.env.example': 'MODE=fast\n' })
clean.git('repack', '-adq')

/** A packed copy whose packs were scanned. */
async function remembered(own: Home): Promise<Repo> {
  const repo = copied(scene)
  await history(repo, own)
  expect(filesOf(repo)).toHaveLength(1)
  return repo
}

describe('a second scan', () => {
  test.each([
    ['with findings', scene],
    ['without findings', clean],
  ])('says the same as the first, %s', async (_what, from) => {
    const [repo, own] = [copied(from), home()]
    const first = await history(repo, own)
    const before = statSync(fileOf(repo)).mtimeMs
    const second = await history(repo, own)
    expect(comparable(second)).toEqual(comparable(first))
    expect(second.receipt).toEqual({ ...first.receipt, durationMs: second.receipt.durationMs })
    if (from === clean) expect(whole(second)).toEqual(whole(first))
    expect(statSync(fileOf(repo)).mtimeMs).toBe(before)
    expect(first.receipt.complete).toBe(true)
    expect(first.findings.length > 8).toBe(from === scene)
  })

  test('believes what is kept: it looks at no pack again where nothing was found', async () => {
    const [repo, own] = [copied(clean), home()]
    await history(repo, own)
    const [pack = ''] = readdirSync(join(repo.path, '.git/objects/pack')).filter((name) =>
      name.endsWith('.pack'),
    )
    const path = join(repo.path, '.git/objects/pack', pack)
    const bytes = readFileSync(path)
    chmodSync(path, 0o644)
    writeFileSync(
      path,
      Buffer.concat([bytes.subarray(0, 12), Buffer.alloc(bytes.length - 32), bytes.subarray(-20)]),
    )
    const { receipt } = await history(repo, own)
    expect(receipt.blobs).toBeGreaterThan(4)
    expect((await history(repo, own, { cache: false })).receipt.complete).toBe(false)
  })

  test('is right after new commits, a new pack, and when all is packed anew', async () => {
    const own = home()
    const repo = await remembered(own)
    const count = (await history(repo, own)).findings.length
    for (let at = 0; at < 3; at += 1)
      repo.commit(`New ${at}`, {
        [`new-${at}.ini`]: `id = ${awsPair(970 + at).id}\n`,
        'new/.env': `DB_PASSWORD=${password(970 + at)}\n`,
      })
    expect((await expectTrue(repo, own)).findings.length).toBe(count + 6)
    repo.git('repack', '-dq')
    expect((await expectTrue(repo, own)).findings.length).toBe(count + 6)
    expect((await expectTrue(repo, own)).findings.length).toBe(count + 6)
    repo.commit('More', { 'more.ini': `id = ${awsPair(980).id}\n` })
    repo.git('repack', '-dq')
    repo.commit('Yet more', { 'yet.ini': `id = ${awsPair(981).id}\n` })
    expect((await expectTrue(repo, own)).findings.length).toBe(count + 8)
    repo.git('repack', '-adq')
    expect((await expectTrue(repo, own)).findings.length).toBe(count + 8)
    expect((await expectTrue(repo, own)).receipt.complete).toBe(true)
  })

  test('is right when a pack comes by a fetch, and when one is gone', async () => {
    const own = home()
    const repo = await remembered(own)
    const other = copied(repo)
    other.commit('Theirs', { 'theirs.ini': `id = ${awsPair(985).id}\n` })
    other.git('tag', '-f', 'theirs')
    repo.git(
      '-c',
      'fetch.unpackLimit=1',
      '-c',
      'fetch.fsckObjects=false',
      'fetch',
      '-q',
      other.path,
      'refs/tags/theirs:refs/tags/theirs',
    )
    expect(
      readdirSync(join(repo.path, '.git/objects/pack')).filter((name) => name.endsWith('.pack')),
    ).toHaveLength(2)
    const both = await expectTrue(repo, own)
    repo.git('update-ref', '-d', 'refs/tags/theirs')
    for (const name of readdirSync(join(repo.path, '.git/objects/pack')))
      if (!existsSync(join(scene.path, '.git/objects/pack', name)))
        rmSync(join(repo.path, '.git/objects/pack', name), { force: true })
    expect((await expectTrue(repo, own)).findings).toHaveLength(both.findings.length - 1)
  })

  test('notices when a loose object is gone that a pack refers to', async () => {
    const [repo, own] = [copied(clean), home()]
    const commit = repo.commit('Go on', { 'b.txt': 'loose\n' })
    const blob = repo.git('rev-parse', 'HEAD:b.txt')
    repo.gitBytes(
      ['pack-objects', '-q', `${repo.path}/.git/objects/pack/pack`],
      `${commit}\n${repo.git('rev-parse', 'HEAD^{tree}')}\n`,
    )
    expect((await expectTrue(repo, own)).receipt.complete).toBe(true)
    rmSync(repo.looseObject(blob))
    const { receipt } = await expectTrue(repo, own)
    expect([receipt.complete, receipt.skipped.map(({ object }) => object)]).toEqual([false, [blob]])
  })

  const missing = 'ab'.repeat(20)
  test.each<readonly [string, (repo: Repo) => void]>([
    ['a branch', (repo) => writeFileSync(join(repo.path, '.git/refs/heads/lost'), `${missing}\n`)],
    [
      'a branch that stood elsewhere',
      (repo) => writeFileSync(join(repo.path, '.git/refs/heads/side'), `${missing}\n`),
    ],
    [
      'a reflog',
      (repo) =>
        appendFileSync(
          join(repo.path, '.git/logs/HEAD'),
          `${missing} ${missing} A <a@example.com> 1735689600 +0000\tlost\n`,
        ),
    ],
    [
      'the index',
      (repo) => repo.git('update-index', '--add', '--cacheinfo', `100644,${missing},lost.txt`),
    ],
  ])('notices when %s leads to nothing', async (_what, lead) => {
    const [repo, own] = [copied(clean), home()]
    repo.git('branch', 'side')
    repo.git('pack-refs', '--all')
    expect((await expectTrue(repo, own)).receipt.complete).toBe(true)
    expect(
      (JSON.parse(readFileSync(fileOf(repo), 'latin1').split('\n')[1] ?? '') as { points?: string })
        .points,
    ).toMatch(/^[0-9a-f]{64}$/)
    lead(repo)
    expect((await expectTrue(repo, own)).receipt.complete).toBe(false)
  })

  test('notices when a loose object is gone that a branch leads to', async () => {
    const [repo, own] = [copied(clean), home()]
    const commit = repo.commit('Go on', { 'b.txt': 'loose\n' })
    expect((await expectTrue(repo, own)).receipt.complete).toBe(true)
    expect((await expectTrue(repo, own)).receipt.complete).toBe(true)
    rmSync(repo.looseObject(commit))
    expect((await expectTrue(repo, own)).receipt.complete).toBe(false)
  })

  test('keeps a file for each set of rules, and not more than eight', async () => {
    const [repo, own] = [copied(clean), home()]
    const sets = builtinRules()
      .rules.slice(0, 9)
      .map(({ id }) => id)
    for (const rules of sets) await history(repo, own, { rules: [rules] })
    expect(filesOf(repo)).toHaveLength(8)
    for (const rules of sets.slice(0, 2)) await expectTrue(repo, own, { rules: [rules] })
  })

  test('of another set of rules does not believe the file of the first', async () => {
    const own = home()
    const repo = await remembered(own)
    const all = readFileSync(fileOf(repo))
    const aws = await history(repo, own, { rules: ['aws-access-key'] })
    const other = filesOf(repo).find((name) => !readFileSync(join(kept(repo), name)).equals(all))
    writeFileSync(join(kept(repo), other ?? ''), all)
    expect(comparable(await history(repo, own, { rules: ['aws-access-key'] }))).toEqual(
      comparable(aws),
    )
  })

  describe('of what nothing was said of', () => {
    test('reads nothing again, such as most archives, and counts it', async () => {
      const [repo, own] = [Repo.create(), home()]
      repo.commit('Archives', {
        'a.gz': packedIn(noise(1)),
        'b.gz': packedIn(`${noise(2)}${inFile(awsPair(880))}`),
        'c.gz': packedIn(noise(3)).subarray(0, -9),
        'd.txt': noise(4),
      })
      repo.git('repack', '-adq')
      const first = await history(repo, own)
      expect([first.findings.length, first.receipt.skipped.map(({ object }) => object)]).toEqual([
        1,
        [repo.git('rev-parse', 'HEAD:c.gz').trim()],
      ])
      expect([...foundIn(repo)].sort()).toEqual(
        [
          repo.git('rev-parse', 'HEAD:b.gz').trim(),
          repo.git('rev-parse', 'HEAD:c.gz').trim(),
        ].sort(),
      )
      const second = await expectTrue(repo, own)
      expect(second.receipt).toEqual({ ...first.receipt, durationMs: second.receipt.durationMs })
    })

    test('reads again all that a policy allowed: it tells of that once, and the next policy may not allow it', async () => {
      const [repo, own] = [Repo.create(), home()]
      for (const name of ['a', 'b', 'c'])
        repo.commit(`Add ${name}`, { [name]: `${name}\n${inFile(awsPair(883))}` })
      repo.git('repack', '-adq')
      const [finding] = (await history(repo, own, { cache: false })).findings
      expect(finding?.places.length).toBeGreaterThan(2)
      const allowed = [
        {
          fingerprint: finding?.fingerprint ?? '',
          reason: 'a test',
          author: 'A',
          date: '2026-01-01',
        },
      ]
      expect(
        (await history(repo, own, { policy: { ...noPolicy, allowed } })).findings,
      ).toHaveLength(0)
      expect(foundIn(repo)).toHaveLength(3)
      expect((await expectTrue(repo, own)).findings).toHaveLength(1)
    })

    test('opens archives anew where they are opened deeper', async () => {
      const [repo, own] = [Repo.create(), home()]
      repo.commit('An archive', { 'a.gz': packedIn(inFile(awsPair(881))) })
      repo.git('repack', '-adq')
      expect((await history(repo, own, { archiveDepth: 0 })).findings).toHaveLength(0)
      expect((await expectTrue(repo, own)).findings).toHaveLength(1)
      expect((await expectTrue(repo, own, { archiveDepth: 0 })).findings).toHaveLength(0)
    })

    test('looks again at what pointers of Git LFS stand for', async () => {
      const [repo, own] = [Repo.create(), home()]
      const secret = inFile(awsPair(882))
      const oid = 'ab'.repeat(32)
      repo.commit('A pointer', {
        'large.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${secret.length}\n`,
      })
      repo.git('repack', '-adq')
      const folder = join(repo.path, '.git/lfs/objects/ab/ab')
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, oid), '.'.repeat(secret.length))
      expect(await history(repo, own)).toMatchObject({ findings: [], receipt: { skipped: [] } })
      expect(foundIn(repo)).toHaveLength(1)
      writeFileSync(join(folder, oid), secret)
      expect((await expectTrue(repo, own)).findings).toHaveLength(1)
    })
  })

  test('reads everything where blobs above a size are skipped', async () => {
    const own = home()
    const repo = await remembered(own)
    const { receipt } = await expectTrue(repo, own, { maxBlobBytes: 3000 })
    expect(receipt.skipped.length).toBeGreaterThan(3)
    expect(filesOf(repo)).toHaveLength(1)
  })
})

const harms: readonly (readonly [string, (repo: Repo, own: Home) => void])[] = [
  [
    'was changed',
    (repo) => {
      const text = readFileSync(fileOf(repo), 'utf8')
      writeFileSync(fileOf(repo), text.replace(/"found":\["[0-9a-f]+",/, '"found":['))
      expect(readFileSync(fileOf(repo), 'utf8')).not.toBe(text)
    },
  ],
  [
    'is signed with another key',
    (repo, own) => {
      const other = home()
      const copy = copied(scene)
      rmSync(own.key)
      mkdirSync(join(other.key, '..'), { recursive: true })
      writeFileSync(other.key, Buffer.alloc(32, 7))
      return history(copy, other).then(() => cpSync(fileOf(copy), fileOf(repo)))
    },
  ],
  ['is cut short', (repo) => truncateSync(fileOf(repo), 200)],
  ['is empty', (repo) => truncateSync(fileOf(repo), 0)],
  ['is no text', (repo) => writeFileSync(fileOf(repo), Buffer.alloc(5000, 0xff))],
  ['has lost its key', (_repo, own) => rmSync(own.key)],
  ['has a key that is too short', (_repo, own) => writeFileSync(own.key, 'short')],
  [
    'is a link to itself elsewhere',
    (repo) => {
      const elsewhere = join(temporaryFolder(), 'elsewhere')
      renameSync(fileOf(repo), elsewhere)
      symlinkSync(elsewhere, join(kept(repo), fileName))
    },
  ],
  [
    'is in a folder that is a link',
    (repo) => {
      const elsewhere = join(temporaryFolder(), 'elsewhere')
      renameSync(kept(repo), elsewhere)
      symlinkSync(elsewhere, kept(repo))
    },
  ],
  [
    'is a pipe that nobody writes to',
    (repo) => {
      rmSync(fileOf(repo))
      expect(spawnSync('mkfifo', [join(kept(repo), fileName)]).status).toBe(0)
    },
  ],
  [
    'is a folder',
    (repo) => {
      rmSync(fileOf(repo))
      mkdirSync(join(kept(repo), fileName, 'inner'), { recursive: true })
    },
  ],
  [
    'is in a folder that is a file',
    (repo) => {
      rmSync(kept(repo), { recursive: true })
      writeFileSync(kept(repo), '')
    },
  ],
]

let fileName = ''

describe('a kept result', () => {
  test.each(harms)('that %s is not believed', async (_what, harm) => {
    const own = home()
    const repo = await remembered(own)
    fileName = filesOf(repo)[0] ?? ''
    await harm(repo, own)
    const linked = lstatSync(kept(repo)).isSymbolicLink()
      ? filesOf(repo).map((name) => readFileSync(join(kept(repo), name), 'utf8'))
      : []
    await expectTrue(repo, own)
    await expectTrue(repo, own)
    expect(filesOf(repo).filter((name) => name !== fileName)).toEqual([])
    if (linked.length > 0)
      expect(filesOf(repo).map((name) => readFileSync(join(kept(repo), name), 'utf8'))).toEqual(
        linked,
      )
  })

  test('of another repository is not believed', async () => {
    const own = home()
    const [repo, other] = [copied(clean), await remembered(own)]
    cpSync(kept(other), kept(repo), { recursive: true })
    expect((await expectTrue(repo, own)).findings).toEqual([])
    cpSync(kept(repo), kept(other), { recursive: true })
    expect((await expectTrue(other, own)).findings.length).toBeGreaterThan(8)
  })

  test('holds no secret, whatever its names are, and no fingerprint', async () => {
    const own = home()
    const repo = copied(scene)
    const pair = awsPairWithoutSlash(990)
    repo.commit('Name', {
      [`${pair.id}-${pair.secret}.env`]: 'MODE=fast\n',
      [`env/.env.${pair.secret}-${pair.id}`]: 'MODE=slow\n',
    })
    repo.git('repack', '-adfq')
    const { findings } = await history(repo, own)
    await expectTrue(repo, own)
    expect(allOf(repo)).toHaveLength(3)
    const text = allOf(repo)
      .map((name) => readFileSync(join(kept(repo), name), 'utf8'))
      .join('\n')
    const forms = [
      text,
      Buffer.from(text.match(/[A-Za-z0-9+/]{16,}={0,2}/g)?.join('') ?? '', 'base64').toString(
        'latin1',
      ),
    ]
    for (const secret of [...notedSecrets(), pair.id])
      for (let at = 0; at + 12 <= secret.length; at += 4)
        expect(forms.some((form) => form.includes(secret.slice(at, at + 12)))).toBe(false)
    for (const { fingerprint } of findings) expect(text).not.toContain(fingerprint.slice(5))
    expect(statSync(fileOf(repo)).mode & 0o777).toBe(0o600)
    expect(statSync(own.key).mode & 0o777).toBe(0o600)
  })

  test.each([
    [
      'where nobody says where that could be',
      (_own: Home) => ({ ...isolatedEnv, HOME: undefined }),
    ],
    [
      'where the home is relative',
      (_own: Home) => ({ ...isolatedEnv, HOME: undefined, XDG_STATE_HOME: 'state' }),
    ],
    [
      'where the home is a file',
      (own: Home) => ({
        ...isolatedEnv,
        XDG_STATE_HOME:
          (mkdirSync(join(own.key, '..'), { recursive: true }),
          writeFileSync(own.key, ''),
          own.key),
      }),
    ],
  ])('is none %s', async (_what, envOf) => {
    const own = home()
    const repo = copied(scene)
    const { findings, receipt } = await history(repo, { env: envOf(own) })
    expect([findings.length > 8, receipt.complete]).toEqual([true, true])
    expect(filesOf(repo).filter((name) => name.startsWith('history-'))).toEqual([])
  })

  test('is none in a folder that cannot be written to', async () => {
    const own = home()
    const repo = copied(scene)
    chmodSync(join(repo.path, '.git'), 0o555)
    if (process.getuid?.() === 0) {
      // For root nothing is read-only, but a file in the way is in the way.
      chmodSync(join(repo.path, '.git'), 0o755)
      writeFileSync(kept(repo), '')
      chmodSync(kept(repo), 0o444)
    }
    const { findings, receipt } = await history(repo, own)
    chmodSync(join(repo.path, '.git'), 0o755)
    expect([findings.length > 8, receipt.complete]).toEqual([true, true])
  })

  test('is neither read nor written with --no-cache, nor for objects that refs lead to', async () => {
    const own = home()
    const repo = copied(scene)
    await history(repo, own, { cache: false })
    expect([existsSync(kept(repo)), existsSync(own.key)]).toEqual([false, false])
    await scan(
      { name: 'history', path: repo.path, reachable: true },
      { reader: 'pack', cache: true, env: own.env },
    )
    await history(repo, own, { reader: 'cat-file' })
    expect(filesOf(repo)).toEqual([])
    await history(repo, own)
    const before = readFileSync(fileOf(repo))
    repo.commit('Go on', { 'go.ini': `id = ${awsPair(995).id}\n` })
    repo.git('repack', '-adq')
    await history(repo, own, { cache: false })
    expect(readFileSync(fileOf(repo)).equals(before)).toBe(true)
  })

  test('is not made of a scan that left something out', async () => {
    const own = home()
    const repo = copied(scene)
    const { receipt } = await history(repo, own, { signal: AbortSignal.abort() })
    expect([receipt.complete, allOf(repo)]).toEqual([false, []])
  })
})
