import { describe, expect, test } from 'vitest'
import { nameMarks } from '../../src/dotenv/file-names.ts'
import type { ObjectKind } from '../../src/model.ts'
import { scan } from '../../src/scan.ts'
import { type Known, LinkCheck, LONGEST_ENTRY_BYTES } from '../../src/pack/links.ts'
import { EnvNames } from '../../src/sources/env-names.ts'
import { instantiate } from '../../src/wasm/instantiate.ts'
import { fakeGit } from '../e2e/fake-git.ts'
import { encodeDelta, type Op } from '../support/pack-writer.ts'
import { randomBytes } from '../support/pieces.ts'
import { seededRandom } from '../support/random.ts'
import { isolatedEnv, Repo } from '../support/repo.ts'
import { fast, outcomeOf } from './laid-out.ts'
import { plainLines } from './planted.ts'
import { below, pick, type Random } from './streams.ts'

interface Entry {
  readonly mode: string
  readonly name: Buffer
  readonly id: Buffer
}

const MODES = ['40000', '40000', '040000', '100644', '100644', '100644', '100755', '100664', '120000']

function entryOf(mode: string, name: string, id: Buffer): Entry {
  return { mode, name: Buffer.from(name), id }
}

function treeOf(entries: readonly Entry[]): Buffer {
  return Buffer.concat(entries.map(entryBytes))
}

function entryBytes({ mode, name, id }: Entry): Buffer {
  return Buffer.concat([Buffer.from(`${mode} `), name, Buffer.of(0), id])
}

function knowing(idBytes: number, ids: readonly Buffer[], loose: readonly Buffer[] = []): Known {
  const [packed, outside] = [ids, loose].map((some) => new Set(some.map((id) => id.toString('hex'))))
  return {
    idBytes,
    whereIs(bytes, at) {
      const name = Buffer.from(bytes.subarray(at, at + idBytes)).toString('hex')
      return packed?.has(name) === true ? 'pack' : outside?.has(name) === true ? 'loose' : undefined
    },
  }
}

interface Strange {
  readonly idBytes: number
  /** Names that are longer than any file system has them, or look like entries; ids that look like entries. */
  readonly names: boolean
  readonly ids: boolean
}

function randomName(random: Random, strange: boolean): Buffer {
  const odd = ['a 100644 b', '40000 x', '160000 y', '\xff\xff\xff', 'caf\xe9\n', '100644 '][below(30, random)]
  if (odd !== undefined) return Buffer.concat([Buffer.from(odd, 'latin1'), Buffer.from(random().toString(36))])
  const most = strange && random() < 0.05 ? 3000 : pick([4, 12, 30, 250], random)
  return Buffer.from(Array.from({ length: 1 + below(most, random) }, () => pick([...Buffer.from('abc-. 1046')], random)))
}

function randomEntry(random: Random, { idBytes, names, ids }: Strange): Entry {
  const id = randomBytes(idBytes, random)
  if (ids && random() < 0.2) pick([Buffer.from('100644 a\0'), Buffer.from('40000 b'), Buffer.from('160000 \0'), Buffer.alloc(8)], random).copy(id, below(idBytes - 9, random))
  return { mode: pick(MODES, random), name: randomName(random, names), id }
}

/** Another version of a tree: entries stay, go, come, or get another object, mode or name. */
function edited(entries: readonly Entry[], random: Random, strange: Strange): readonly Entry[] {
  const often = pick([0.004, 0.02, 0.1], random)
  return entries.flatMap((entry) => {
    const fate = random() / often
    if (fate < 0.2) return []
    if (fate < 0.4) return [entry, randomEntry(random, strange)]
    if (fate < 0.7) return [{ ...entry, id: randomEntry(random, strange).id }]
    if (fate < 0.8) return [{ ...entry, id: Buffer.concat([entry.id.subarray(0, 6), randomBytes(3, random), entry.id.subarray(9)]) }]
    if (fate < 0.9) return [{ ...entry, name: Buffer.concat([entry.name, Buffer.from('2')]), id: randomEntry(random, strange).id }]
    if (fate < 1) return [{ ...entry, mode: pick(MODES, random) }]
    return [entry]
  })
}

/** Copies what stands in the base from there, whole entries or fewer bytes, cut anywhere; the rest is inserted. */
function deltaOps(base: Buffer, result: Buffer, random: Random): readonly Op[] {
  const ops: Op[] = []
  const shortest = pick([4, 8, 16, 40], random)
  let fresh = 0
  for (let at = 0; at < result.length; ) {
    const from = base.indexOf(result.subarray(at, at + shortest))
    if (from < 0 || at + shortest > result.length || random() < 0.01) {
      at += 1
      continue
    }
    if (at > fresh) ops.push(result.subarray(fresh, at))
    let size = shortest
    while (at + size < result.length && from + size < base.length && result[at + size] === base[from + size] && random() < 0.9998) size += 1
    ops.push([from, size])
    at += size
    fresh = at
  }
  if (result.length > fresh) ops.push(result.subarray(fresh))
  return ops
}

/** What a reader looks at instead of the result, with so many bytes around what is new. */
function dirtyOf(base: Buffer, result: Buffer, ops: readonly Op[], reach = LONGEST_ENTRY_BYTES): Buffer {
  const delta = encodeDelta(base.length, result.length, ops)
  const outcome = outcomeOf(fast, { inputs: [delta, base], room: result.length, run: (kernel, [from, to], into) => kernel.dirtyStream(from!, to!, into, { reach, head: 0 }) })
  expect(outcome.startsWith('bytes ')).toBe(true)
  return Buffer.from(outcome.slice(6), 'latin1')
}

interface Round {
  readonly before: readonly Entry[]
  readonly after: readonly Entry[]
  readonly base: Buffer
  readonly dirty: Buffer
  /** The same with less around what is new: so many bytes. */
  readonly near: Buffer
  readonly reach: number
  readonly shorter: boolean
}

function play(random: Random, strange: Strange): Round {
  const before = Array.from({ length: 5 + below(150, random) }, () => randomEntry(random, strange))
  const after = edited(before, random, strange)
  const [base, result] = [treeOf(before), treeOf(after)]
  const ops = deltaOps(base, result, random)
  const reach = pick([30, 64, 112, 112, 200], random)
  const [dirty, near] = [dirtyOf(base, result, ops), dirtyOf(base, result, ops, reach)]
  return { before, after, base, dirty, near, reach, shorter: dirty.length < result.length }
}

type Where = 'elsewhere' | 'WebAssembly'

const instance = instantiate()!

/** Looks at bytes that lie anywhere, or in WebAssembly's memory. */
class Check extends LinkCheck {
  readonly #where: Where
  readonly #idBytes: number

  constructor(known: Known, where: Where) {
    super(known)
    this.#where = where
    this.#idBytes = known.idBytes
    if (where === 'WebAssembly') this.settleIn(instance, nameMarks)
  }

  /** Names that a header has are asked for where they are read. */
  seen(bytes: Uint8Array, kind: ObjectKind, reach: number | 'whole' = 'whole'): ReturnType<LinkCheck['follow']> {
    const placed = this.#where === 'WebAssembly' ? inMemory(bytes) : bytes
    const links = this.#where === 'WebAssembly' && kind !== 'tree' ? instance.loops.headerLinks(placed.byteOffset, placed.byteOffset + placed.length, this.#idBytes) : undefined
    return this.follow(placed, kind, { reach, links })
  }
}

/** As what stood there before would have it, there is more behind the end. */
function inMemory(bytes: Uint8Array): Uint8Array {
  const from = instance.loops.first()
  expect(instance.reserve(from + bytes.length + 64, Infinity)).toBe(true)
  instance.memory().set(bytes, from)
  instance.memory().set(Buffer.from('100644 a\0'.repeat(7)), from + bytes.length)
  return instance.memory().subarray(from, from + bytes.length)
}

/** Says it of the base, and then of what changed: from near, or from farther where that does not do. */
function followed(known: Known, where: Where, { base, dirty, near, reach }: Round): readonly [boolean, boolean, 'near' | 'farther'] {
  const check = new Check(known, where)
  check.seen(base, 'tree')
  const whole = check.takeLinked()
  const { farther } = check.seen(near, 'tree', reach)
  if (farther) check.seen(dirty, 'tree', LONGEST_ENTRY_BYTES)
  return [whole, check.takeLinked(), farther ? 'farther' : 'near']
}

describe.each<[number, Where]>([
  [20, 'elsewhere'],
  [20, 'WebAssembly'],
  [32, 'elsewhere'],
  [32, 'WebAssembly'],
])('links of trees, with names of %i bytes, %s', (idBytes, where) => {
  test('hold where all is there', () => {
    const random = seededRandom(idBytes)
    let shorter = 0
    const seen = { near: 0, farther: 0 }
    for (let round = 0; round < 150; round += 1) {
      const played = play(random, { idBytes, names: false, ids: false })
      const ids = [...played.before, ...played.after].map(({ id }) => id)
      const [whole, changed, from] = followed(knowing(idBytes, ids), where, played)
      expect([whole, changed], `round ${round}`).toEqual([true, true])
      seen[from] += 1
      if (played.shorter) shorter += 1
    }
    expect(shorter).toBeGreaterThan(50)
    expect(seen.farther).toBeGreaterThan(where === 'WebAssembly' ? 20 : 149)
    expect(seen.near).toBeGreaterThan(where === 'WebAssembly' ? 20 : -1)
  })

  test.each([
    ['plain', false, false],
    ['odd names', true, false],
    ['odd names and objects', true, true],
  ])('never hold where an object is missing, in trees with %s', (_what, names, ids) => {
    const random = seededRandom(idBytes + 7)
    let tried = 0
    for (let round = 0; round < 150; round += 1) {
      const played = play(random, { idBytes, names, ids })
      const old = new Set(played.before.map(({ id }) => id.toString('hex')))
      const all = [...played.before, ...played.after].map(({ id }) => id)
      const fresh = played.after.filter(({ id }) => !old.has(id.toString('hex')))
      for (const { id } of fresh.slice(0, 6)) {
        tried += 1
        expect(followed(knowing(idBytes, all.filter((one) => !one.equals(id))), where, played)[1], `round ${round}`).toBe(false)
      }
      const gone = pick(played.before, random)
      expect(followed(knowing(idBytes, all.filter((one) => !one.equals(gone.id))), where, played)[0], `round ${round}`).toBe(false)
    }
    expect(tried).toBeGreaterThan(200)
  })

  test('leave out commits of other repositories, and tell what is in no pack', () => {
    const [id, other, loose] = [1, 2, 3].map((seed) => randomBytes(idBytes, seededRandom(seed)))
    const check = new Check(knowing(idBytes, [id!], [loose!]), where)
    check.seen(treeOf([entryOf('160000', 'sub', other!), entryOf('100644', 'a', id!), entryOf('40000', 'b', loose!)]), 'tree')
    expect([check.takeLinked(), check.takeOutside(), check.takeOutside()]).toEqual([true, [loose!.toString('hex')], []])
    check.seen(treeOf([entryOf('160000', 'sub', other!), entryOf('100644', 'a', other!)]), 'tree')
    expect([check.takeLinked(), check.takeLinked()]).toEqual([false, true])
  })

  test('do not hold for a name of zeros, for what shares the beginning of a name, or for what is cut short', () => {
    const id = randomBytes(idBytes, seededRandom(4))
    const alike = Buffer.concat([id.subarray(0, 15), Buffer.alloc(idBytes - 15)])
    const [first, zeros, second] = [id, Buffer.alloc(idBytes), alike].map((object) => entryBytes({ mode: '100644', name: Buffer.from('a'), id: object }))
    for (const bytes of [zeros!, Buffer.concat([first!, first!, second!]), first!.subarray(0, -1), Buffer.concat([first!, Buffer.from('100644 ')]), Buffer.concat([Buffer.from('x'), first!])]) {
      const check = new Check(knowing(idBytes, [id]), where)
      check.seen(bytes, 'tree')
      expect(check.takeLinked()).toBe(false)
    }
  })

  test.each([0, 1, 2, 40])('hold for a commit with %i parents that are there, and not for one without', (count) => {
    const ids = Array.from({ length: count + 1 }, (_, seed) => randomBytes(idBytes, seededRandom(60 + seed)))
    const [tree, ...parents] = ids.map((id) => id.toString('hex'))
    const author = 'author A <a@example.com> 1 +0000\ncommitter A <a@example.com> 1 +0000\n\nparent of all\n'
    const commit = Buffer.from(`tree ${tree}\n${parents.map((parent) => `parent ${parent}\n`).join('')}${author}`)
    const tag = Buffer.from(`object ${tree}\ntype commit\ntag v1\ntagger A <a@example.com> 1 +0000\n\nFirst\n`)
    for (const [bytes, kind, needed] of [[commit, 'commit', ids], [tag, 'tag', ids.slice(0, 1)]] as const) {
      const check = new Check(knowing(idBytes, ids), where)
      check.seen(bytes, kind)
      expect(check.takeLinked()).toBe(true)
      needed.forEach((gone) => {
        const lacking = new Check(knowing(idBytes, ids.filter((id) => id !== gone)), where)
        lacking.seen(bytes, kind)
        expect(lacking.takeLinked()).toBe(false)
      })
      // As where a part was left out.
      check.seen(Buffer.concat([bytes.subarray(0, 30), Buffer.alloc(4, 0xff), bytes.subarray(60)]), kind, LONGEST_ENTRY_BYTES)
      expect(check.takeLinked()).toBe(false)
    }
  })
})

test.each<Where>(['elsewhere', 'WebAssembly'])('an object that is missing behind more new ones than there is room for is noticed, %s', (where) => {
  const random = seededRandom(95)
  const ids = Array.from({ length: (1 << 14) + 1 }, () => randomBytes(20, random))
  const [gone, last] = [randomBytes(20, random), ids.at(-1)!]
  const base = treeOf([entryOf('100644', 'a', ids[0]!)])
  const fresh = (...more: readonly Entry[]): Buffer => treeOf([...ids.map((id, at) => entryOf('100644', `b${at}`, id)), ...more])
  for (const [result, there] of [[fresh(), true], [fresh(entryOf('100644', 'c', gone), entryOf('100644', 'd', last)), false]] as const) {
    const check = new Check(knowing(20, ids), where)
    check.seen(base, 'tree')
    check.seen(dirtyOf(base, result, [result]), 'tree', LONGEST_ENTRY_BYTES)
    expect(check.takeLinked()).toBe(there)
  }
})

/** Names of which some say what a file is, and some only look so. */
const named = ['.env', '.env.production', 'environment.ts', 'venv', 'server.key', 'master.key', 'key', 'monkey', '.npmrc', 'src', 'rc', 'wp-config.php', '.my.cnf', '.pgpass', 'a.txt', 'flags.ts', 'x 100644 .env', 'vault_pass.txt', '.env'.repeat(12)]

test.each([20, 32])('names with marks are the same in WebAssembly, with names of %i bytes', (idBytes) => {
  const random = seededRandom(idBytes + 90)
  let [found, closer] = [0, 0]
  for (let round = 0; round < 60; round += 1) {
    const ids = Array.from({ length: 40 }, () => randomBytes(idBytes, random))
    const check = new Check(knowing(idBytes, ids), 'WebAssembly')
    const [placed, plain] = [new EnvNames(idBytes), new EnvNames(idBytes)]
    let entries = Array.from({ length: 30 }, () => entryOf(pick(MODES, random), pick(named, random), pick(ids, random)))
    let base = treeOf(entries)
    for (let version = 0; version < 8; version += 1) {
      const after = entries.map((entry) => (random() < 0.1 ? entryOf(pick(MODES, random), pick(named, random), pick(ids, random)) : entry))
      const [result, whole] = [treeOf(after), version === 0]
      const ops = deltaOps(base, result, random)
      for (const reach of whole ? (['whole'] as const) : [pick([40, 112], random), LONGEST_ENTRY_BYTES]) {
        const bytes = reach === 'whole' ? base : dirtyOf(base, result, ops, reach)
        const { marks, farther } = check.seen(bytes, 'tree', reach)
        placed.note(bytes, marks)
        if (marks === undefined) closer += 1
        if (!farther) break
      }
      plain.note(whole ? base : dirtyOf(base, result, ops))
      if (!whole) [entries, base] = [after, result]
    }
    // Where a name of an object is cut, the twin takes what stands there for one.
    const all = new Set(ids.map((id) => id.toString('hex')))
    const [few, many] = [placed, plain].map((some) => [...some.names()].filter(([id]) => all.has(id)).sort())
    expect(few, `round ${round}`).toEqual(many)
    found += few!.length
  }
  expect(found).toBeGreaterThan(500)
  expect(closer).toBeLessThan(60)
})

/** Thirty versions of a folder of forty files. */
function versions(): Repo {
  const repo = Repo.create()
  for (let at = 0; at < 40; at += 1) repo.write(`folder/file-${at}-with-a-long-name.txt`, `${at}\n`)
  for (let at = 0; at < 12; at += 1) repo.commit(`Change ${at}\n\n${plainLines(20, 1).join('\n')}`, { [`folder/file-${at}-with-a-long-name.txt`]: `changed ${at}\n`, [`folder/inner-${at}/a.txt`]: `${at}\n` })
  return repo
}

/** A copy whose only pack lacks an object. */
function without(repo: Repo, name: string): { readonly repo: Repo; readonly id: string } {
  const id = repo.git('rev-parse', name)
  const all = repo.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n')
  const copy = Repo.create()
  copy.write('.git/objects/info/alternates', `${repo.path}/.git/objects\n`)
  copy.gitBytes(['pack-objects', '-q', '--depth=50', '--window=50', `${copy.path}/.git/objects/pack/pack`], `${all.filter((one) => one !== id).join('\n')}\n`)
  copy.git('update-ref', 'refs/heads/main', repo.git('rev-parse', 'main'))
  copy.remove('.git/objects/info/alternates')
  return { repo: copy, id }
}

describe('a history', () => {
  const whole = versions()

  test.each([
    ['a blob of its last tree', 'HEAD:folder/file-11-with-a-long-name.txt'],
    ['a blob of an old tree', 'HEAD~8:folder/file-9-with-a-long-name.txt'],
    ['an old tree', 'HEAD~6:folder'],
    ['a small tree', 'HEAD~3:folder/inner-5'],
    ['a commit', 'HEAD~4'],
  ])('is incomplete without %s, whatever reads it', async (_what, name) => {
    const { repo, id } = without(whole, name)
    for (const reader of ['cat-file', 'pack', 'zlib'] as const) {
      const { receipt } = await scan({ name: 'history', path: repo.path }, { reader, env: isolatedEnv, rules: ['github-token'] })
      expect([reader, receipt.complete, JSON.stringify(receipt.skipped).includes(id)]).toEqual([reader, false, true])
    }
  })

  test('is incomplete without its last commit, whatever reads it', async () => {
    const { repo } = without(whole, 'HEAD')
    for (const reader of ['cat-file', 'pack', 'zlib'] as const) {
      const { receipt } = await scan({ name: 'history', path: repo.path }, { reader, env: isolatedEnv, rules: ['github-token'] })
      expect([reader, receipt.complete]).toEqual([reader, false])
    }
  })

  test.each(['--filter=blob:none', '--filter=tree:0'])('is incomplete in a partial clone (%s), whatever reads it', async (filter) => {
    whole.git('config', 'uploadpack.allowFilter', 'true')
    const clone = whole.clone('--no-checkout', filter)
    for (const reader of ['cat-file', 'pack', 'zlib'] as const) {
      const { receipt } = await scan({ name: 'history', path: clone.path }, { reader, env: isolatedEnv, rules: ['github-token'] })
      expect([reader, receipt.complete]).toEqual([reader, false])
    }
  })

  test.each(['github-token', 'aws'])('is complete where nothing is missing, and git need not walk to know: %s', async (rules) => {
    const walk = fakeGit(`case " $* " in *' rev-list '*) exit 9 ;; esac; exec "$real" "$@"`)
    const repo = whole.clone('--bare')
    // As old programs wrote the mode of a folder.
    const tree = whole.gitBytes(['cat-file', 'tree', 'HEAD^{tree}']).toString('latin1').replaceAll('40000 folder', '040000 folder')
    const id = repo.gitBytes(['hash-object', '-w', '-t', 'tree', '--stdin', '--literally'], Buffer.from(tree, 'latin1')).toString().trim()
    repo.git('update-ref', 'refs/heads/old', repo.git('commit-tree', '-m', 'Old', id))
    repo.git('repack', '-adfq', '--depth=50', '--window=50')
    for (const reader of ['pack', 'zlib'] as const) {
      const { receipt } = await scan({ name: 'history', path: repo.path }, { reader, env: { ...isolatedEnv, ...walk }, rules: [rules] })
      expect([reader, receipt.complete, receipt.skipped]).toEqual([reader, true, []])
    }
    const { receipt } = await scan({ name: 'history', path: whole.path }, { reader: 'cat-file', env: { ...isolatedEnv, ...walk }, rules: [rules] })
    expect(receipt.complete).toBe(false)
  })
})
