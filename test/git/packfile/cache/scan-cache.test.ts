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
import { SignedCacheFile } from '../../../../src/git/objects/signed-cache-file.ts'
import { stateOf } from '../../../../src/git/packfile/checksum-files.ts'
import { isCheckedFiles } from '../../../../src/git/packfile/store-check.ts'
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

/** A user's state folder, and the key file in it. */
interface StateHome {
  readonly env: NonNullable<ScanOptions['env']>
  readonly key: string
}

function stateHome(): StateHome {
  const folder = temporaryFolder()
  return { env: { ...isolatedEnv, XDG_STATE_HOME: folder }, key: join(folder, 'oakum', 'key') }
}

function history(
  repo: Repo,
  { env }: Pick<StateHome, 'env'>,
  options: ScanOptions = {},
): Promise<ScanResult> {
  return scan(
    { name: 'history', path: repo.path },
    { reader: 'pack', cache: true, env, ...options },
  )
}

const cacheFolder = (repo: Repo): string => join(repo.path, '.git', 'oakum')
const filesInFolder = (repo: Repo): readonly string[] =>
  statSync(cacheFolder(repo), { throwIfNoEntry: false })?.isDirectory() === true
    ? readdirSync(cacheFolder(repo))
    : []
const cacheFiles = (repo: Repo): readonly string[] =>
  filesInFolder(repo).filter((name) => name.startsWith('history-'))
const cacheFile = (repo: Repo): string => join(cacheFolder(repo), cacheFiles(repo)[0] ?? '')

/** Scans with the cache and without, and expects equal results. */
async function expectSameAsUncached(
  repo: Repo,
  own: StateHome,
  options: ScanOptions = {},
): Promise<ScanResult> {
  const found = await history(repo, own, options)
  expect(comparable(found)).toEqual(
    comparable(await history(repo, own, { ...options, cache: false })),
  )
  return found
}

/** Returns all of a result but its duration, in the original order. */
function whole({ receipt, ...rest }: ScanResult): unknown {
  return JSON.parse(JSON.stringify({ ...rest, receipt: { ...receipt, durationMs: 0 } }))
}

/** Returns a key pair as an AWS credentials file has it. */
function credentialsFile({ id, secret }: Pair): string {
  return `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
}

const gzipped = (content: string): Buffer => gzipSync(content, { level: 9 })
const noise = (seed: number): string => `${seed}: ${'a line of nothing\n'.repeat(80)}`

/** Returns the IDs of reported objects in the repository's cache file. */
function foundIn(repo: Repo): readonly string[] {
  return (
    JSON.parse(readFileSync(cacheFile(repo), 'latin1').split('\n')[1] ?? '') as {
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

/** Returns a packed copy that was scanned, with the cache file of that scan. */
async function scannedCopy(own: StateHome): Promise<Repo> {
  const repo = copied(scene)
  await history(repo, own)
  expect(cacheFiles(repo)).toHaveLength(1)
  return repo
}

describe('a second scan', () => {
  test.each([
    ['with findings', scene],
    ['without findings', clean],
  ])('equals the first one, %s', async (_what, from) => {
    const [repo, own] = [copied(from), stateHome()]
    const first = await history(repo, own)
    const before = statSync(cacheFile(repo)).mtimeMs
    const second = await history(repo, own)
    expect(comparable(second)).toEqual(comparable(first))
    expect(second.receipt).toEqual({ ...first.receipt, durationMs: second.receipt.durationMs })
    if (from === clean) expect(whole(second)).toEqual(whole(first))
    expect(statSync(cacheFile(repo)).mtimeMs).toBe(before)
    expect(first.receipt.complete).toBe(true)
    expect(first.findings.length > 8).toBe(from === scene)
  })

  test('trusts the cache: it reads no pack again in which nothing was found', async () => {
    const [repo, own] = [copied(clean), stateHome()]
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
    expect((await history(repo, own)).receipt.complete).toBe(false)
    // Only a cache that was told so takes the damaged pack for checked.
    const group = [path, path.replace(/pack$/, 'idx')]
    const location = { folder: join(repo.path, '.git'), keyFile: own.key }
    new SignedCacheFile(location, 'checked', isCheckedFiles).write({
      states: [stateOf(group)!.digest],
    })
    const { receipt } = await history(repo, own)
    expect(receipt.blobs).toBeGreaterThan(4)
    expect((await history(repo, own, { cache: false })).receipt.complete).toBe(false)
  })

  test('is right after new commits, a new pack, and a full repack', async () => {
    const own = stateHome()
    const repo = await scannedCopy(own)
    const count = (await history(repo, own)).findings.length
    for (let at = 0; at < 3; at += 1)
      repo.commit(`New ${at}`, {
        [`new-${at}.ini`]: `id = ${awsPair(970 + at).id}\n`,
        'new/.env': `DB_PASSWORD=${password(970 + at)}\n`,
      })
    expect((await expectSameAsUncached(repo, own)).findings.length).toBe(count + 6)
    repo.git('repack', '-dq')
    expect((await expectSameAsUncached(repo, own)).findings.length).toBe(count + 6)
    expect((await expectSameAsUncached(repo, own)).findings.length).toBe(count + 6)
    repo.commit('More', { 'more.ini': `id = ${awsPair(980).id}\n` })
    repo.git('repack', '-dq')
    repo.commit('Yet more', { 'yet.ini': `id = ${awsPair(981).id}\n` })
    expect((await expectSameAsUncached(repo, own)).findings.length).toBe(count + 8)
    repo.git('repack', '-adq')
    expect((await expectSameAsUncached(repo, own)).findings.length).toBe(count + 8)
    expect((await expectSameAsUncached(repo, own)).receipt.complete).toBe(true)
  })

  test('is right after a fetch adds a pack, and after a pack is deleted', async () => {
    const own = stateHome()
    const repo = await scannedCopy(own)
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
    const both = await expectSameAsUncached(repo, own)
    repo.git('update-ref', '-d', 'refs/tags/theirs')
    for (const name of readdirSync(join(repo.path, '.git/objects/pack')))
      if (!existsSync(join(scene.path, '.git/objects/pack', name)))
        rmSync(join(repo.path, '.git/objects/pack', name), { force: true })
    expect((await expectSameAsUncached(repo, own)).findings).toHaveLength(both.findings.length - 1)
  })

  test('notices that a loose object is gone to which a pack refers', async () => {
    const [repo, own] = [copied(clean), stateHome()]
    const commit = repo.commit('Go on', { 'b.txt': 'loose\n' })
    const blob = repo.git('rev-parse', 'HEAD:b.txt')
    repo.gitBytes(
      ['pack-objects', '-q', `${repo.path}/.git/objects/pack/pack`],
      `${commit}\n${repo.git('rev-parse', 'HEAD^{tree}')}\n`,
    )
    expect((await expectSameAsUncached(repo, own)).receipt.complete).toBe(true)
    rmSync(repo.looseObject(blob))
    const { receipt } = await expectSameAsUncached(repo, own)
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
    const [repo, own] = [copied(clean), stateHome()]
    repo.git('branch', 'side')
    repo.git('pack-refs', '--all')
    expect((await expectSameAsUncached(repo, own)).receipt.complete).toBe(true)
    expect(
      (
        JSON.parse(readFileSync(cacheFile(repo), 'latin1').split('\n')[1] ?? '') as {
          points?: string
        }
      ).points,
    ).toMatch(/^[0-9a-f]{64}$/)
    lead(repo)
    expect((await expectSameAsUncached(repo, own)).receipt.complete).toBe(false)
  })

  test('notices that a loose object is gone to which a branch leads', async () => {
    const [repo, own] = [copied(clean), stateHome()]
    const commit = repo.commit('Go on', { 'b.txt': 'loose\n' })
    expect((await expectSameAsUncached(repo, own)).receipt.complete).toBe(true)
    expect((await expectSameAsUncached(repo, own)).receipt.complete).toBe(true)
    rmSync(repo.looseObject(commit))
    expect((await expectSameAsUncached(repo, own)).receipt.complete).toBe(false)
  })

  test('writes a cache file for each set of rules, and at most eight', async () => {
    const [repo, own] = [copied(clean), stateHome()]
    const sets = builtinRules()
      .rules.slice(0, 9)
      .map(({ id }) => id)
    for (const rules of sets) await history(repo, own, { rules: [rules] })
    expect(cacheFiles(repo)).toHaveLength(8)
    for (const rules of sets.slice(0, 2)) await expectSameAsUncached(repo, own, { rules: [rules] })
  })

  test('with other rules does not trust the cache file of the first', async () => {
    const own = stateHome()
    const repo = await scannedCopy(own)
    const all = readFileSync(cacheFile(repo))
    const aws = await history(repo, own, { rules: ['aws-access-key'] })
    const other = cacheFiles(repo).find(
      (name) => !readFileSync(join(cacheFolder(repo), name)).equals(all),
    )
    writeFileSync(join(cacheFolder(repo), other ?? ''), all)
    expect(comparable(await history(repo, own, { rules: ['aws-access-key'] }))).toEqual(
      comparable(aws),
    )
  })

  describe('of objects with nothing to report', () => {
    test('counts them without reading them again, such as most archives', async () => {
      const [repo, own] = [Repo.create(), stateHome()]
      repo.commit('Archives', {
        'a.gz': gzipped(noise(1)),
        'b.gz': gzipped(`${noise(2)}${credentialsFile(awsPair(880))}`),
        'c.gz': gzipped(noise(3)).subarray(0, -9),
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
      const second = await expectSameAsUncached(repo, own)
      expect(second.receipt).toEqual({ ...first.receipt, durationMs: second.receipt.durationMs })
    })

    test('reads objects again whose secrets a policy allowed: the next policy may not', async () => {
      const [repo, own] = [Repo.create(), stateHome()]
      for (const name of ['a', 'b', 'c'])
        repo.commit(`Add ${name}`, { [name]: `${name}\n${credentialsFile(awsPair(883))}` })
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
      expect((await expectSameAsUncached(repo, own)).findings).toHaveLength(1)
    })

    test('opens archives again when the archive depth grows', async () => {
      const [repo, own] = [Repo.create(), stateHome()]
      repo.commit('An archive', { 'a.gz': gzipped(credentialsFile(awsPair(881))) })
      repo.git('repack', '-adq')
      expect((await history(repo, own, { archiveDepth: 0 })).findings).toHaveLength(0)
      expect((await expectSameAsUncached(repo, own)).findings).toHaveLength(1)
      expect((await expectSameAsUncached(repo, own, { archiveDepth: 0 })).findings).toHaveLength(0)
    })

    test('reads again the content that Git LFS pointers stand for', async () => {
      const [repo, own] = [Repo.create(), stateHome()]
      const secret = credentialsFile(awsPair(882))
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
      expect((await expectSameAsUncached(repo, own)).findings).toHaveLength(1)
    })
  })

  test('reads everything when blobs above a size are skipped', async () => {
    const own = stateHome()
    const repo = await scannedCopy(own)
    const { receipt } = await expectSameAsUncached(repo, own, { maxBlobBytes: 3000 })
    expect(receipt.skipped.length).toBeGreaterThan(3)
    expect(cacheFiles(repo)).toHaveLength(1)
  })
})

const harms: readonly (readonly [string, (repo: Repo, own: StateHome) => void])[] = [
  [
    'was changed',
    (repo) => {
      const text = readFileSync(cacheFile(repo), 'utf8')
      writeFileSync(cacheFile(repo), text.replace(/"found":\["[0-9a-f]+",/, '"found":['))
      expect(readFileSync(cacheFile(repo), 'utf8')).not.toBe(text)
    },
  ],
  [
    'is signed with another key',
    (repo, own) => {
      const other = stateHome()
      const copy = copied(scene)
      rmSync(own.key)
      mkdirSync(join(other.key, '..'), { recursive: true })
      writeFileSync(other.key, Buffer.alloc(32, 7))
      return history(copy, other).then(() => cpSync(cacheFile(copy), cacheFile(repo)))
    },
  ],
  ['is cut short', (repo) => truncateSync(cacheFile(repo), 200)],
  ['is empty', (repo) => truncateSync(cacheFile(repo), 0)],
  ['is no text', (repo) => writeFileSync(cacheFile(repo), Buffer.alloc(5000, 0xff))],
  ['has lost its key', (_repo, own) => rmSync(own.key)],
  ['has a key that is too short', (_repo, own) => writeFileSync(own.key, 'short')],
  [
    'is a link to itself elsewhere',
    (repo) => {
      const elsewhere = join(temporaryFolder(), 'elsewhere')
      renameSync(cacheFile(repo), elsewhere)
      symlinkSync(elsewhere, join(cacheFolder(repo), fileName))
    },
  ],
  [
    'is in a folder that is a link',
    (repo) => {
      const elsewhere = join(temporaryFolder(), 'elsewhere')
      renameSync(cacheFolder(repo), elsewhere)
      symlinkSync(elsewhere, cacheFolder(repo))
    },
  ],
  [
    'is a pipe that nobody writes to',
    (repo) => {
      rmSync(cacheFile(repo))
      expect(spawnSync('mkfifo', [join(cacheFolder(repo), fileName)]).status).toBe(0)
    },
  ],
  [
    'is a folder',
    (repo) => {
      rmSync(cacheFile(repo))
      mkdirSync(join(cacheFolder(repo), fileName, 'inner'), { recursive: true })
    },
  ],
  [
    'is in a folder that is a file',
    (repo) => {
      rmSync(cacheFolder(repo), { recursive: true })
      writeFileSync(cacheFolder(repo), '')
    },
  ],
]

let fileName = ''

describe('a cache file', () => {
  test.each(harms)('that %s is not trusted', async (_what, harm) => {
    const own = stateHome()
    const repo = await scannedCopy(own)
    fileName = cacheFiles(repo)[0] ?? ''
    await harm(repo, own)
    const linked = lstatSync(cacheFolder(repo)).isSymbolicLink()
      ? cacheFiles(repo).map((name) => readFileSync(join(cacheFolder(repo), name), 'utf8'))
      : []
    await expectSameAsUncached(repo, own)
    await expectSameAsUncached(repo, own)
    expect(cacheFiles(repo).filter((name) => name !== fileName)).toEqual([])
    if (linked.length > 0)
      expect(
        cacheFiles(repo).map((name) => readFileSync(join(cacheFolder(repo), name), 'utf8')),
      ).toEqual(linked)
  })

  test('of another repository is not trusted', async () => {
    const own = stateHome()
    const [repo, other] = [copied(clean), await scannedCopy(own)]
    cpSync(cacheFolder(other), cacheFolder(repo), { recursive: true })
    expect((await expectSameAsUncached(repo, own)).findings).toEqual([])
    cpSync(cacheFolder(repo), cacheFolder(other), { recursive: true })
    expect((await expectSameAsUncached(other, own)).findings.length).toBeGreaterThan(8)
  })

  test('has no secret, even when names of files have one, and no fingerprint', async () => {
    const own = stateHome()
    const repo = copied(scene)
    const pair = awsPairWithoutSlash(990)
    repo.commit('Name', {
      [`${pair.id}-${pair.secret}.env`]: 'MODE=fast\n',
      [`env/.env.${pair.secret}-${pair.id}`]: 'MODE=slow\n',
    })
    repo.git('repack', '-adfq')
    const { findings } = await history(repo, own)
    await expectSameAsUncached(repo, own)
    expect(filesInFolder(repo).length).toBeGreaterThanOrEqual(3)
    const text = filesInFolder(repo)
      .map((name) => readFileSync(join(cacheFolder(repo), name), 'utf8'))
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
    expect(statSync(cacheFile(repo)).mode & 0o777).toBe(0o600)
    expect(statSync(own.key).mode & 0o777).toBe(0o600)
  })

  test.each([
    [
      'when the state folder is not known',
      (_own: StateHome) => ({ ...isolatedEnv, HOME: undefined }),
    ],
    [
      'when the state folder is relative',
      (_own: StateHome) => ({ ...isolatedEnv, HOME: undefined, XDG_STATE_HOME: 'state' }),
    ],
    [
      'when the state folder is a file',
      (own: StateHome) => ({
        ...isolatedEnv,
        XDG_STATE_HOME:
          (mkdirSync(join(own.key, '..'), { recursive: true }),
          writeFileSync(own.key, ''),
          own.key),
      }),
    ],
  ])('is not written %s', async (_what, envOf) => {
    const own = stateHome()
    const repo = copied(scene)
    const { findings, receipt } = await history(repo, { env: envOf(own) })
    expect([findings.length > 8, receipt.complete]).toEqual([true, true])
    expect(cacheFiles(repo).filter((name) => name.startsWith('history-'))).toEqual([])
  })

  test('is not written in a read-only folder', async () => {
    const own = stateHome()
    const repo = copied(scene)
    chmodSync(join(repo.path, '.git'), 0o555)
    if (process.getuid?.() === 0) {
      // For root no folder is read-only, but a file cannot become a folder.
      chmodSync(join(repo.path, '.git'), 0o755)
      writeFileSync(cacheFolder(repo), '')
      chmodSync(cacheFolder(repo), 0o444)
    }
    const { findings, receipt } = await history(repo, own)
    chmodSync(join(repo.path, '.git'), 0o755)
    expect([findings.length > 8, receipt.complete]).toEqual([true, true])
  })

  test('is neither read nor written with --no-cache, nor for reachable objects only', async () => {
    const own = stateHome()
    const repo = copied(scene)
    await history(repo, own, { cache: false })
    expect([existsSync(cacheFolder(repo)), existsSync(own.key)]).toEqual([false, false])
    await scan(
      { name: 'history', path: repo.path, reachable: true },
      { reader: 'pack', cache: true, env: own.env },
    )
    await history(repo, own, { reader: 'cat-file' })
    expect(cacheFiles(repo)).toEqual([])
    await history(repo, own)
    const before = readFileSync(cacheFile(repo))
    repo.commit('Go on', { 'go.ini': `id = ${awsPair(995).id}\n` })
    repo.git('repack', '-adq')
    await history(repo, own, { cache: false })
    expect(readFileSync(cacheFile(repo)).equals(before)).toBe(true)
  })

  test('is not written by an incomplete scan', async () => {
    const own = stateHome()
    const repo = copied(scene)
    const { receipt } = await history(repo, own, { signal: AbortSignal.abort() })
    expect([receipt.complete, filesInFolder(repo)]).toEqual([false, []])
  })
})
