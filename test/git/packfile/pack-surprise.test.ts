/** Errors that only a bug explains must leave the pack reader, not become a scan through git. */
import { chmodSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { catFileReader } from '../../../src/git/objects/cat-file-reader.ts'
import { CachedStoreReader } from '../../../src/git/packfile/cache/cached-store.ts'
import { readLooseWith } from '../../../src/git/packfile/loose-object.ts'
import { readLoose } from '../../../src/git/packfile/loose.ts'
import { PackReader } from '../../../src/git/packfile/pack-reader.ts'
import { bytesOfPacks, objectFolders } from '../../../src/git/packfile/store.ts'
import { createZlibKernel } from '../../../src/git/packfile/walk/kernel-zlib.ts'
import { oakum } from '../../support/oakum.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../support/repo.ts'
import { soundStore } from '../../support/sound-store.ts'

/** Returns undefined as any type: its first use throws a TypeError. */
function undefinedAs<T>(): T {
  return undefined as T
}

const repo = Repo.create()
repo.commit('Start', { 'a.txt': 'a\n' })
const [id, folder] = [repo.git('rev-parse', 'HEAD'), join(repo.path, '.git', 'objects')]

describe('a TypeError', () => {
  test('while a store is planned does not let git read instead', async () => {
    const git = catFileReader({ cwd: repo.path, env: isolatedEnv }, 1)
    const reader = new PackReader({
      objects: undefinedAs(),
      idBytes: 20,
      kernel: 'auto',
      threads: 1,
      program: undefined,
      git,
      maxBlobBytes: Infinity,
      scanCache: undefined,
      storeCheck: soundStore,
    })
    await expect(reader.readAll(new AbortController().signal).next()).rejects.toThrow(TypeError)
    expect(reader.name).toBe('pack-wasm')
  })

  test('while a store is compared with a cached one is thrown', () => {
    expect(() => new CachedStoreReader(undefinedAs(), 20).open({ packs: [] })).toThrow(TypeError)
  })

  test('while the sizes of packs are added up is thrown', () => {
    expect(() => bytesOfPacks(undefinedAs())).toThrow(TypeError)
  })

  test('while a loose object is read is thrown', () => {
    expect(() => readLoose({ id: undefinedAs(), folder }, 1000)).toThrow(TypeError)
    const kernel = createZlibKernel(1 << 20)
    const broken = { ...kernel, inflate: () => undefinedAs<{ readonly bytes: number }>().bytes }
    expect(readLooseWith(kernel, { id, folder }, 1000)).toMatchObject({ kind: 'commit' })
    expect(() => readLooseWith(broken, { id, folder }, 1000)).toThrow(TypeError)
  })

  test('ends the program with exit code 3 and one line', async () => {
    const packed = repo.clone('--bare')
    packed.git('repack', '-adq')
    const fault = join(temporaryFolder(), 'fault.cjs')
    // Only the pack reader and the readers of archives read such numbers.
    writeFileSync(fault, 'Buffer.prototype.readUInt32BE = () => undefined.broken\n')
    const { code, stdout, stderr } = await oakum(
      ['history', '--reader', 'pack', '--format', 'json'],
      {
        cwd: packed.path,
        env: { NODE_OPTIONS: `--require ${fault}` },
      },
    )
    expect({ code, stdout, stderr }).toEqual({
      code: 3,
      stdout: '',
      stderr:
        'oakum: TypeError: this is a bug in oakum; ' +
        'run again with --verbose to get a stack trace for a report\n',
    })
  })
})

describe('git still reads', () => {
  test('where a path in info/alternates has a NUL byte, which the file system refuses', () => {
    const borrower = Repo.create()
    borrower.write('.git/objects/info/alternates', 'some\0where\n')
    expect(() => objectFolders(join(borrower.path, '.git', 'objects'))).toThrow(
      'info/alternates leads to no folder',
    )
  })

  test('where a pack is shorter than its checksum while it is compared with a cached one', () => {
    const short = repo.clone('--bare')
    short.git('repack', '-adq')
    const objects = join(short.path, 'objects')
    const [index = ''] = readdirSync(join(objects, 'pack')).filter((name) => name.endsWith('.idx'))
    const pack = join(objects, 'pack', index.replace(/idx$/, 'pack'))
    chmodSync(pack, 0o644)
    writeFileSync(pack, 'PACK')
    const store = new CachedStoreReader(objects, 20)
    expect(store.open({ packs: [index.slice('pack-'.length, -'.idx'.length)] })).toBeUndefined()
    store.close()
  })
})
