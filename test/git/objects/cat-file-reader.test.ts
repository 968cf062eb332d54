import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { catFileReader } from '../../../src/git/objects/cat-file-reader.ts'
import type { ObjectBatch, ObjectReader } from '../../../src/git/objects/objects.ts'
import { openRepository } from '../../../src/git/commands/repository.ts'
import type { GitContext } from '../../../src/git/commands/run.ts'
import { WINDOW_BYTES } from '../../../src/git/objects/windows.ts'
import type { Skip } from '../../../src/model/model.ts'
import { fakeObjectStream } from '../../e2e/fake-git.ts'
import { randomBytes } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'
import { isolatedEnv, Repo, type RepoOptions } from '../../support/repo.ts'
import { rounds } from '../../support/rounds.ts'

interface Read {
  /** `<kind> <size>` and content by the name of the object. */
  readonly objects: ReadonlyMap<string, readonly [header: string, content: Buffer]>
  readonly skips: readonly Skip[]
}

const signal = new AbortController().signal
const placeOf = (repo: Repo, env = {}): Promise<GitContext> =>
  openRepository({ path: repo.path, explicit: true, env: { ...isolatedEnv, ...env } })

/**
 * Puts windows together again. Each must go on where the one before ended, with nothing of another
 * object between.
 */
async function contents(batches: AsyncIterable<ObjectBatch>): Promise<Read> {
  const objects = new Map<string, readonly [string, Buffer]>()
  const skips: Skip[] = []
  let open: { readonly id: string; readonly content: Buffer } | undefined
  for await (const batch of batches) {
    for (const item of batch) {
      if ('outcome' in item) {
        skips.push(item)
        continue
      }
      if (item.start === 0) expect(objects.has(item.id)).toBe(false)
      else expect(item.id).toBe(open?.id)
      const before = item.start === 0 ? Buffer.alloc(0) : open!.content.subarray(0, item.start)
      open = { id: item.id, content: Buffer.concat([before, item.bytes]) }
      if (item.last) objects.set(item.id, [`${item.kind} ${item.size}`, open.content])
      expect(open.content.length).toBeLessThanOrEqual(item.size)
    }
  }
  return { objects, skips }
}

/** A plain parser of git's output, by the sizes in it. */
function twin(repo: Repo): Read['objects'] {
  const all = repo.gitBytes(['cat-file', '--batch-all-objects', '--batch'])
  const objects = new Map<string, readonly [string, Buffer]>()
  for (let at = 0; at < all.length; ) {
    const endOfHeader = all.indexOf('\n', at)
    const [id = '', kind = '', size = ''] = all.toString('latin1', at, endOfHeader).split(' ')
    objects.set(id, [
      `${kind} ${size}`,
      all.subarray(endOfHeader + 1, endOfHeader + 1 + Number(size)),
    ])
    at = endOfHeader + 2 + Number(size)
  }
  return objects
}

function expectSame(read: Read['objects'], wanted: Read['objects']): void {
  expect([...read.keys()].sort()).toEqual([...wanted.keys()].sort())
  for (const [id, [header, content]] of wanted) {
    expect(read.get(id)?.[0]).toBe(header)
    expect(Buffer.compare(read.get(id)![1], content)).toBe(0)
  }
}

/**
 * Every kind of object, loose and packed, reachable and not, empty, binary and larger than a
 * window.
 */
function varied(options: RepoOptions = {}): Repo {
  const random = seededRandom(21)
  const repo = Repo.create(options)
  for (let n = 0; n < 60; n += 1)
    repo.write(`folder${n % 7}/${n}.bin`, randomBytes(Math.floor(random() * 3000), random))
  repo.commit('Start', {
    empty: '',
    'large.bin': Buffer.alloc(WINDOW_BYTES + 100_000, randomBytes(5000, random)),
  })
  repo.git('tag', '-a', '-m', 'A tag', 'v1')
  repo.git('repack', '-a', '-d', '-q')
  repo.commit('Go on', {
    'later.txt': 'later\n',
    'huge.bin': Buffer.alloc(3 * WINDOW_BYTES, randomBytes(7000, random)),
  })
  repo.gitBytes(['hash-object', '-w', '--stdin'], 'nobody refers to this\n')
  return repo
}

describe('catFileReader', () => {
  const repo = varied()
  const all = twin(repo)

  test.each([1, 2, 3])(
    'gives every object of the store as git cat-file prints it, with %d workers',
    async (workers) => {
      const { objects, skips } = await contents(
        catFileReader(await placeOf(repo), workers).readAll(signal),
      )
      expectSame(objects, all)
      expect(skips).toEqual([])
    },
  )

  test.each([[['tree', 'commit']], [['tag']], [['blob']], [[]]] as const)(
    'gives the objects of some kinds: %j',
    async (kinds) => {
      const { objects, skips } = await contents(
        catFileReader(await placeOf(repo), 2).readAll(signal, kinds),
      )
      expectSame(
        objects,
        new Map(
          [...all].filter(([, [header]]) => kinds.some((kind) => header.startsWith(`${kind} `))),
        ),
      )
      expect(skips).toEqual([])
    },
  )

  test('gives every object of a SHA-256 store', async () => {
    const other = varied({ objectFormat: 'sha256' })
    const { objects, skips } = await contents(
      catFileReader(await placeOf(other), 2).readAll(signal),
    )
    expectSame(objects, twin(other))
    expect(skips).toEqual([])
  })

  test('reads the objects with the given ids, and names missing ones', async () => {
    const ids = [...all.keys()].filter((_, at) => at % 3 === 0)
    const gone = ['0'.repeat(39).concat('1'), 'f'.repeat(40)]
    const { objects, skips } = await contents(
      catFileReader(await placeOf(repo), 3).readObjects([gone[0]!, ...ids, gone[1]!], signal),
    )
    expectSame(objects, new Map([...all].filter(([id]) => ids.includes(id))))
    expect(skips).toEqual(gone.map((object) => ({ outcome: 'failed', reason: 'missing', object })))
  })

  test('reads nothing without ids', async () => {
    expect(await contents(catFileReader(await placeOf(repo), 2).readObjects([], signal))).toEqual({
      objects: new Map(),
      skips: [],
    })
  })

  test.each([1, 2])('reads hundreds of thousands of objects with %d workers', async (workers) => {
    const asked = Array.from({ length: rounds(150_000) }, (_, n) =>
      n.toString(16).padStart(40, 'e'),
    )
    let missing = 0
    for await (const batch of catFileReader(await placeOf(repo), workers).readObjects(
      asked,
      signal,
    ))
      for (const item of batch) if ('outcome' in item && item.reason === 'missing') missing += 1
    expect(missing).toBe(asked.length)
  })

  test('yields the windows of a blob one after the other, while another worker reads another large blob', async () => {
    const [one, other] = ['large.bin', 'huge.bin'].map((path) =>
      repo.git('rev-parse', `HEAD:${path}`),
    ) as [string, string]
    const others = Array.from({ length: 11_000 }, (_, n) => n.toString(16).padStart(40, 'e'))
    const { objects, skips } = await contents(
      catFileReader(await placeOf(repo), 2).readObjects(
        [one, ...others.slice(0, 999), other, ...others.slice(999)],
        signal,
      ),
    )
    expectSame(objects, new Map([...all].filter(([id]) => id === one || id === other)))
    expect(skips).toHaveLength(others.length)
  })

  test('skips blobs that are too large, names them, and reads larger objects of other kinds', async () => {
    const most = 2000
    const { objects, skips } = await contents(
      catFileReader(await placeOf(repo), 2, most).readAll(signal),
    )
    const isLarge = ([header]: readonly [string, Buffer]): boolean =>
      header.startsWith('blob') && Number(header.slice(5)) > most
    expectSame(objects, new Map([...all].filter(([, object]) => !isLarge(object))))
    const large = [...all].filter(([, object]) => isLarge(object))
    expect(large.length).toBeGreaterThan(5)
    expect(skips.map(({ object, detail }) => `${object} ${detail}`).sort()).toEqual(
      large.map(([id, [header]]) => `${id} ${header.slice(5)} bytes`).sort(),
    )
    expect(new Set(skips.map(({ outcome, reason }) => `${outcome} ${reason}`))).toEqual(
      new Set(['bounded too-large']),
    )
  })

  test.each([1, 2])(
    'names each object it cannot read, and gives all others, with %d workers',
    async (workers) => {
      const hurt = Repo.create()
      // More than one block of ids, so that gits are replaced while others wait for ids.
      for (let n = 0; n < 3000; n += 1)
        hurt.write(
          `${n % 50}/${n}.txt`,
          Array.from({ length: 30 }, (_, line) => `${n} ${line * n}\n`).join(''),
        )
      hurt.commit('Start')
      const wanted = new Map(twin(hurt))
      const victims = [3, 700, 1500, 2999].map((n) =>
        hurt.git('rev-parse', `HEAD:${n % 50}/${n}.txt`),
      )
      for (const id of victims) {
        const file = hurt.looseObject(id)
        const bytes = readFileSync(file)
        chmodSync(file, 0o644)
        // The head of the object stays readable, so that git begins to print it and dies.
        writeFileSync(file, bytes.fill(0xff, Math.floor(bytes.length / 2)))
        wanted.delete(id)
      }
      const { objects, skips } = await contents(
        catFileReader(await placeOf(hurt), workers).readAll(signal),
      )
      expectSame(objects, wanted)
      expect(skips.flatMap(({ object }) => object ?? []).sort()).toEqual([...victims].sort())
      expect(skips.filter(({ outcome }) => outcome !== 'failed')).toEqual([])
      expect(skips.map(({ reason }) => reason)).toContain('corrupt')
    },
  )

  test.each([
    ['prints what is no object', 'echo "what a day"; exit 0'],
    ['prints an object without an end', `printf '%s blob 50\\nshort' ${'a'.repeat(40)}; exit 0`],
    ['ends at once', 'exit 0'],
    ['ends at once with an error', 'exit 128'],
  ])('fails closed, and comes to an end, when git %s', async (_name, script) => {
    const small = Repo.create()
    small.commit('Start', { a: 'a\n' })
    const { objects, skips } = await contents(
      catFileReader(await placeOf(small, fakeObjectStream(script)), 2).readAll(signal),
    )
    expect(objects.size).toBe(0)
    expect(skips.length).toBeGreaterThan(0)
    expect(skips.every(({ outcome }) => outcome === 'failed')).toBe(true)
  })

  test('names only the object at which a signal kills git, which loses what it has buffered', async () => {
    const small = Repo.create()
    small.commit('Start', { a: 'a\n', b: 'b\n', c: 'c\n' })
    const victim = small.git('rev-parse', 'HEAD:b')
    const script = `
      while read -r id; do
        if [ "$id" = ${victim} ]; then kill -9 $$; fi
        case " $* " in
        *' --buffer '*) ;;
        *) echo "$id" | "$real" cat-file --batch ;;
        esac
      done
      exit 0`
    const place = await placeOf(small, fakeObjectStream(script))
    const { objects, skips } = await contents(catFileReader(place, 1).readAll(signal))
    const wanted = new Map([...twin(small)].filter(([id]) => id !== victim))
    expectSame(objects, wanted)
    expect(skips.map(({ object, reason }) => [object, reason])).toEqual([[victim, 'corrupt']])
  })

  test('starts few gits when every git is killed, and says that the rest was not read', async () => {
    const asked = Array.from({ length: 500 }, (_, n) => n.toString(16).padStart(40, 'e'))
    const place = await placeOf(repo, fakeObjectStream('kill -9 $$'))
    const { skips } = await contents(catFileReader(place, 1).readObjects(asked, signal))
    expect(skips.length).toBeLessThan(20)
    expect(skips.at(-1)).toMatchObject({ outcome: 'failed', reason: 'git-failed' })
  })

  test('comes to an end when no git can be started any more', async () => {
    const place = await placeOf(repo)
    const reader = catFileReader({ ...place, env: { ...place.env, PATH: '/nowhere' } }, 2)
    expect((await contents(reader.readAll(signal))).skips.map(({ reason }) => reason)).toContain(
      'git-failed',
    )
    expect(
      (await contents(reader.readObjects([...all.keys()], signal))).skips.map(
        ({ outcome }) => outcome,
      ),
    ).toContain('failed')
  })

  test.each(['all', 'some'] as const)('ends quietly when it is aborted (%s)', async (method) => {
    const place = await placeOf(repo)
    const read = (reader: ObjectReader, abort: AbortSignal) =>
      method === 'all' ? reader.readAll(abort) : reader.readObjects([...all.keys()], abort)
    for (const batches of [0, 1]) {
      const controller = new AbortController()
      if (batches === 0) controller.abort()
      const skips: Skip[] = []
      for await (const batch of read(catFileReader(place, 2), controller.signal)) {
        for (const item of batch) if ('outcome' in item) skips.push(item)
        controller.abort()
      }
      expect(skips).toEqual([])
    }
  })

  test('reads objects of an alternate repository', async () => {
    const borrower = Repo.create()
    borrower.write('.git/objects/info/alternates', `${join(repo.path, '.git/objects')}\n`)
    const { objects, skips } = await contents(
      catFileReader(await placeOf(borrower), 2).readAll(signal),
    )
    expectSame(objects, all)
    expect(skips).toEqual([])
  })
})
