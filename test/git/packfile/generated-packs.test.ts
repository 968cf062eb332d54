import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/scan/engine.ts'
import { catFileReader } from '../../../src/git/objects/cat-file-reader.ts'
import { FilterResult, type ObjectFilter } from '../../../src/git/objects/object-filter.ts'
import { PackReader } from '../../../src/git/packfile/pack-reader.ts'
import { builtinRules } from '../../../src/rules/load.ts'
import { createObjectFilter } from '../../../src/scan/object-filter.ts'
import { awsPair, githubToken, password } from '../../support/credentials.ts'
import { nameOf, type Op, type Packed, writePack } from '../../support/pack-writer.ts'
import { seededRandom } from '../../support/random.ts'
import { isolatedEnv, temporaryFolder } from '../../support/repo.ts'
import { rounds } from '../../support/rounds.ts'
import { soundStore } from '../../support/sound-store.ts'

const { rules } = builtinRules()
const engine = createEngine(rules)
const brute = engine.detector()

function line(random: () => number): string {
  const word = (): string => Math.floor(random() * 1e9).toString(36)
  return `${Array.from({ length: 3 + Math.floor(random() * 9) }, word).join(' ')}\n`
}

function secretLine(random: () => number): string {
  const seed = Math.floor(random() * 1e6)
  const { id, secret } = awsPair(seed)
  return (
    [
      `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`,
      `token: "${githubToken(seed)}"\n`,
      `id ${id}\n`,
    ][Math.floor(random() * 3)] ?? ''
  )
}

function longPassword(seed: number): string {
  return Array.from({ length: 10 }, (_, at) => password(seed + at))
    .join('')
    .slice(0, 200)
}

function text(lines: number, secrets: number, random: () => number): Buffer {
  return Buffer.from(
    Array.from({ length: lines }, () =>
      random() < secrets ? secretLine(random) : line(random),
    ).join(''),
  )
}

/**
 * Cuts the base at random places, often every few bytes around a secret, and joins the pieces in a
 * new way.
 */
function change(base: Buffer, random: () => number): readonly Op[] {
  const ops: Op[] = []
  const fine = random() < 0.5
  for (let at = 0; at < base.length; ) {
    const size = Math.min(
      base.length - at,
      1 + Math.floor(random() * (fine && random() < 0.7 ? 22 : 4000)),
    )
    const fate = random()
    if (fate < 0.8) ops.push([at, size])
    else if (fate < 0.86) ops.push(base.subarray(at, at + Math.min(size, 300)))
    else if (fate < 0.9)
      ops.push([
        Math.floor(random() * base.length * 0.9),
        Math.max(1, Math.min(size, Math.floor(base.length * 0.1))),
      ])
    else if (fate < 0.93) ops.push(Buffer.from(secretLine(random).slice(Math.floor(random() * 30))))
    else if (fate < 0.96)
      ops.push(Buffer.from(line(random).slice(0, 1 + Math.floor(random() * 20))))
    at += size
  }
  return ops.length === 0 ? [[0, base.length]] : ops
}

function resultOf(base: Buffer, ops: readonly Op[]): Buffer {
  return Buffer.concat(
    ops.map((op) => (op instanceof Uint8Array ? op : base.subarray(op[0], op[0] + op[1]))),
  )
}

/**
 * Returns a text with the two halves of a secret in different places (and often of its keyword),
 * and a delta that joins them by copies alone.
 */
function halves(random: () => number): readonly [Packed, (base: number) => Packed] {
  const written: BufferEncoding = random() < 0.3 ? 'utf16le' : 'latin1'
  const as = (plain: Buffer | string): Buffer => Buffer.from(plain.toString('latin1'), written)
  const seed = Math.floor(random() * 1e6)
  // In the second text the keyword is 200 characters away from the end of the secret.
  const [whole, room] =
    random() < 0.5
      ? [`id = ${githubToken(seed)}\n`, 36]
      : [`at postgres://app:${longPassword(seed)}@db.example.net/x\n`, 220]
  const cut = 6 + Math.floor(random() * (random() < 0.5 ? 3 : room))
  const [before, between, after] = [
    text(random() < 0.5 ? 5 : 30, 0, random),
    text(40, 0, random),
    text(5, 0, random),
  ].map(as)
  const [start, end] = [as(whole.slice(0, cut)), as(whole.slice(cut))]
  const content = Buffer.concat([before!, start, as(' \n'), between!, end, after!])
  const rest = content.length - after!.length - end.length
  const ops: readonly Op[] = [
    [0, before!.length + start.length],
    [rest, content.length - rest],
  ]
  return [
    { content },
    (base) => ({ content: resultOf(content, ops), delta: { base, ops, byName: false } }),
  ]
}

function generate(seed: number): readonly Packed[] {
  const random = seededRandom(seed)
  const packed: Packed[] = []
  const known = new Set<string>()
  const add = (object: Packed): void => {
    if (object.content.length > 0 && !known.has(nameOf(object.content))) packed.push(object)
    known.add(nameOf(object.content))
  }
  for (let at = 0; at < 16; at += 1) {
    const base = Math.floor(random() * packed.length)
    const content = packed[base]?.content
    if (random() < 0.07) {
      const [apart, joined] = halves(random)
      add(apart)
      add(joined(packed.length - 1))
    } else if (content === undefined || random() < 0.15)
      add({ content: text(20 + Math.floor(random() * 120), random() < 0.5 ? 0 : 0.01, random) })
    else {
      const ops = change(content, random)
      add({ content: resultOf(content, ops), delta: { base, ops, byName: random() < 0.3 } })
    }
  }
  return packed
}

function readerOf(objects: string, kernel: 'pack' | 'zlib'): PackReader {
  const git = catFileReader({ cwd: objects, env: isolatedEnv }, 1)
  return new PackReader({
    objects,
    idBytes: 20,
    kernel,
    threads: 1,
    program: undefined,
    git,
    maxBlobBytes: Infinity,
    scanCache: undefined,
    storeCheck: soundStore,
  })
}

/** Reads with a filter: returns the IDs of emitted objects, and how many were skipped. */
async function readFiltered(
  objects: string,
  kernel: 'pack' | 'zlib',
  sieve: ObjectFilter,
): Promise<{ readonly given: readonly string[]; readonly passed: number }> {
  const reader = readerOf(objects, kernel)
  const given: string[] = []
  let passed = 0
  for await (const batch of reader.readFiltered(() => sieve, new AbortController().signal)) {
    for (const item of batch) {
      if ('outcome' in item) throw new Error(item.detail)
      if ('skippedClean' in item) passed += item.skippedClean.blob
      else if (item.last)
        given.push(
          nameOf(Buffer.from(item.bytes)) === item.id ? item.id : `${item.id} with other bytes`,
        )
    }
  }
  expect(reader.name).toBe(kernel === 'pack' ? 'pack-wasm' : 'pack-zlib')
  reader.close()
  return { given: given.sort(), passed }
}

function sighted(packed: readonly Packed[]): readonly string[] {
  return packed
    .filter(({ content }) => brute.findsAny(content, 'blob'))
    .map(({ content }) => nameOf(content))
    .sort()
}

/** Limits the context that a filter result asks for. */
function withMaxRadius(result: FilterResult, maxRadius: number): FilterResult {
  return result < FilterResult.inspectWhole ? Math.min(result, maxRadius) : result
}

describe('a filtered read of random deltas', () => {
  test.each(Array.from({ length: 4 }, (_, group) => group))(
    'emits exactly the objects with a candidate (group %i)',
    async (group) => {
      for (let seed = group * 50; seed < group * 50 + rounds(50); seed += 1) {
        const packed = generate(seed)
        const objects = temporaryFolder()
        writePack(objects, packed)
        const expected = { given: sighted(packed), passed: packed.length - sighted(packed).length }
        expect(
          await readFiltered(objects, 'pack', createObjectFilter(rules, engine, 20)),
          `seed ${seed}`,
        ).toEqual(expected)
        expect(
          await readFiltered(objects, 'zlib', createObjectFilter(rules, engine, 20)),
          `seed ${seed}`,
        ).toEqual(expected)
      }
    },
  )

  test.each<[string, (sieve: ObjectFilter) => Partial<ObjectFilter>]>([
    [
      'a secret',
      ({ inspect: look }) => ({
        longestKeyword: 6,
        inspect: (bytes, kind) => withMaxRadius(look(bytes, kind), 12),
      }),
    ],
    ['a keyword', () => ({ longestKeyword: 0 })],
    [
      'the keywords of the base depend on',
      ({ inspect: look }) => ({ inspect: (bytes, kind) => withMaxRadius(look(bytes, kind), 0) }),
    ],
  ])('misses some with less than %s around each change', async (_what, less) => {
    let missed = 0
    for (let seed = 0; seed < 40; seed += 1) {
      const packed = generate(seed)
      const objects = temporaryFolder()
      writePack(objects, packed)
      const sieve = createObjectFilter(rules, engine, 20)
      const { given } = await readFiltered(objects, 'pack', { ...sieve, ...less(sieve) })
      missed += sighted(packed).filter((id) => !given.includes(id)).length
    }
    expect(missed).toBeGreaterThan(0)
  })
})
