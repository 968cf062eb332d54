import { constants, deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Kernel, PADDING } from '../../../src/git/packfile/walk/kernel.ts'
import { createWasmKernel } from '../../../src/git/packfile/walk/kernel-wasm.ts'
import { createZlibKernel } from '../../../src/git/packfile/walk/kernel-zlib.ts'
import { instantiate } from '../../../src/git/wasm/instantiate.ts'
import { randomBytes } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'
import { fast, made, type Outcome, outcomeOf, slow } from './kernel-task.ts'
import {
  anyOptions,
  below,
  BitWriter,
  content,
  pick,
  smallStreams,
  streamOfSymbols,
  streamWithCodes,
} from './streams.ts'
import { rounds } from '../../support/rounds.ts'

interface Inflated {
  readonly outcome: Outcome
  readonly used: number
}

function inflate(kernel: Kernel, stream: Uint8Array, room: number, around = 0xa5): Inflated {
  const outcome = outcomeOf(kernel, {
    inputs: [stream],
    room,
    run: ({ inflate: run }, [source], into) => run(source!, into),
    around,
  })
  return { outcome, used: kernel.consumed() }
}

const kernels = [
  ['wasm', fast],
  ['zlib', slow],
] as const

describe.each(kernels)('inflate of %s', (_name, kernel) => {
  test('inflates thousands of streams, and tells where they end', () => {
    const random = seededRandom(81)
    for (let round = 0; round < rounds(800); round += 1) {
      const bytes = content(
        round % 50 === 0 ? below(300_000, random) : below(pick([40, 400, 4000], random), random),
        random,
      )
      const options = anyOptions(random)
      const stream = deflateSync(bytes, options)
      const after = randomBytes(pick([0, 1, 7, 40], random), random)
      const { outcome, used } = inflate(
        kernel,
        Buffer.concat([stream, after]),
        bytes.length + pick([0, 0, 1, 100], random),
      )
      expect(
        outcome === made(bytes),
        `round ${round}, ${bytes.length} bytes, ${JSON.stringify(options)}: ${outcome.slice(0, 80)}`,
      ).toBe(true)
      expect(used).toBe(stream.length)
    }
  })

  test('calls a stream truncated that is cut anywhere, whatever follows it in memory', () => {
    const random = seededRandom(82)
    const wrong: string[] = []
    for (const [name, bytes, stream] of smallStreams(random)) {
      for (let cut = 0; cut < stream.length; cut += 1) {
        const around = pick([0, 0xff, stream[cut]!], random)
        const { outcome, used } = inflate(kernel, stream.subarray(0, cut), bytes.length, around)
        if (outcome !== 'truncated' || used !== 0)
          wrong.push(`${name}, ${cut} of ${stream.length} bytes, before ${around}: ${outcome}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('calls a result too long when there is no room for it', () => {
    for (const [name, bytes, stream] of smallStreams(seededRandom(83))) {
      for (const missing of [1, 2, 3, 5, 16, 200]) {
        if (bytes.length >= missing)
          expect(
            inflate(kernel, stream, bytes.length - missing),
            `${name}, ${missing} missing`,
          ).toEqual({ outcome: 'tooLong', used: 0 })
      }
    }
    const bomb = deflateSync(Buffer.alloc(20_000_000))
    expect(inflate(kernel, bomb, 1000).outcome).toBe('tooLong')
  })

  test.each([
    ['an unknown method', Buffer.from([0x79, 0x9c - 0x1f + 0x1e, 3, 0, 0, 0, 0, 1])],
    ['a window that is too large', Buffer.from([0x88, 0x1c, 3, 0, 0, 0, 0, 1])],
    ['a header that is not divisible by 31', Buffer.from([0x78, 0x9d, 3, 0, 0, 0, 0, 1])],
    ['a dictionary', deflateSync('some words', { dictionary: Buffer.from('words some') })],
    ['a block of the third kind', Buffer.from([0x78, 0x9c, 7, 0, 0, 0, 0, 1])],
    [
      'a stored block whose lengths differ',
      Buffer.from([0x78, 0x9c, 1, 1, 0, 0xff, 0xff, 65, 0, 0, 0, 1]),
    ],
    [
      'a distance to before the first byte',
      new BitWriter()
        .put(0x9c78, 16)
        .put(3, 3)
        .put(1, 7, true)
        .put(0, 5)
        .put(0, 7)
        .put(0, 32)
        .put(0, 16)
        .bytes(),
    ],
    ['a checksum of other bytes', Buffer.from([0x78, 0x9c, 3, 0, 0, 0, 0, 2])],
  ])('refuses %s', (_what, stream) => {
    expect(inflate(kernel, stream, 1000).outcome).toBe('damaged')
  })

  test('verifies the checksum of any length', () => {
    const random = seededRandom(84)
    for (const size of [0, 1, 15, 16, 17, 5551, 5552, 5553, 5568, 11_104, 70_001]) {
      const bytes = Buffer.alloc(size, 0xff)
      const stream = deflateSync(bytes, { level: 1 + below(9, random) })
      expect(inflate(kernel, stream, size).outcome === made(bytes)).toBe(true)
      for (let byte = 1; byte <= 4; byte += 1) {
        const wrong = Buffer.from(stream)
        wrong[stream.length - byte]! ^= 1 << below(8, random)
        expect(inflate(kernel, wrong, size).outcome).toBe('damaged')
      }
    }
  })
})

/** Returns the outcome of a stream, with both outcomes as `difference` when they differ. */
function compared(
  stream: Uint8Array,
  room: number,
): { readonly outcome: Outcome; readonly difference?: string } {
  const [ours, theirs] = [inflate(fast, stream, room), inflate(slow, stream, room)]
  // A stream with two faults, such as one too long and truncated, may be rejected for either.
  const bothFail =
    !ours.outcome.startsWith('bytes') &&
    !theirs.outcome.startsWith('bytes') &&
    [ours.outcome, theirs.outcome].includes('tooLong')
  if (bothFail || (ours.outcome === theirs.outcome && ours.used === theirs.used))
    return { outcome: ours.outcome }
  return { outcome: ours.outcome, difference: JSON.stringify([ours, theirs]).slice(0, 200) }
}

describe('both kernels agree', () => {
  test('on thousands of streams with flipped bits', () => {
    const random = seededRandom(85)
    for (let round = 0; round < rounds(2500); round += 1) {
      const bytes = content(below(pick([30, 300, 2000], random), random), random)
      const stream = deflateSync(bytes, anyOptions(random))
      const flips = 1 + below(3, random)
      for (let flip = 0; flip < flips; flip += 1)
        stream[2 + below(Math.min(stream.length - 2, pick([20, 100, 5000], random)), random)]! ^=
          1 << below(8, random)
      expect(
        compared(stream, bytes.length + pick([0, 5000], random)).difference,
        `round ${round}`,
      ).toBeUndefined()
    }
  })

  test('on every flip of one bit in small streams', () => {
    const wrong: string[] = []
    for (const [name, bytes, stream] of smallStreams(seededRandom(86))) {
      for (let bit = 0; bit < 8 * stream.length; bit += bit < 600 ? 1 : 23) {
        const flipped = Buffer.from(stream)
        flipped[bit >> 3]! ^= 1 << (bit & 7)
        const { difference } = compared(flipped, bytes.length)
        if (difference !== undefined) wrong.push(`${name}, bit ${bit}: ${difference}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('on blocks with any code lengths: too many, too few, one, none, and up to 15 bits', () => {
    const random = seededRandom(87)
    let sound = 0
    for (let round = 0; round < rounds(2500); round += 1) {
      const literals = anyLengths(257 + below(32, random), random)
      if (random() < 0.9) literals[256] ||= 1 + below(15, random)
      const distances = pick(
        [
          () => anyLengths(1 + below(32, random), random),
          () => [0],
          () => [1],
          () => [0, 0, 1],
          () => [1, 1],
          () => [2],
          () => completeLengths(30, random),
          () => completeLengths(30, random),
          () => completeLengths(30, random),
        ],
        random,
      )()
      const stream = streamWithCodes(
        random() < 0.8 ? completeLengths(286, random) : literals,
        distances,
        randomBytes(below(400, random), random),
      )
      const { outcome, difference } = compared(stream, 60_000)
      expect(difference, `round ${round}`).toBeUndefined()
      if (outcome === 'truncated') sound += 1
    }
    // No checksum is right by chance, but many streams must be sound up to the end of their bytes.
    expect(sound).toBeGreaterThan(rounds(500))
  })

  test('on symbols in random codes, with matches of every length and distance', () => {
    const random = seededRandom(90)
    for (let round = 0; round < rounds(300); round += 1) {
      const { stream, bytes } = streamOfSymbols(
        completeLengths(286, random),
        completeLengths(30, random),
        random,
      )
      const { outcome, difference } = compared(stream, bytes.length)
      expect(outcome === made(bytes) && difference === undefined, `round ${round}`).toBe(true)
    }
  })

  test('on random bytes behind a good header', () => {
    const random = seededRandom(88)
    for (let round = 0; round < rounds(2000); round += 1) {
      const stream = Buffer.concat([
        Buffer.from([0x78, 0x9c]),
        randomBytes(below(200, random), random),
      ])
      if (stream.length > 2 && random() < 0.7) stream[2] = (stream[2]! & ~6) | 4
      expect(compared(stream, 5000).difference, `round ${round}`).toBeUndefined()
    }
  })

  test('on streams that use the longest codes and the farthest distances', () => {
    const random = seededRandom(89)
    for (let round = 0; round < rounds(20); round += 1) {
      // Fibonacci's numbers as frequencies make every code one bit longer than the one before.
      const counts = [1, 1]
      while (counts.length < 20) counts.push(counts.at(-1)! + counts.at(-2)!)
      const symbols = counts.flatMap((count, symbol) =>
        Array.from({ length: count }, () => 3 * symbol),
      )
      for (let at = symbols.length - 1; at > 0; at -= 1) {
        const other = below(at + 1, random)
        ;[symbols[at], symbols[other]] = [symbols[other]!, symbols[at]!]
      }
      const bytes = Buffer.from(symbols)
      const stream = deflateSync(bytes, {
        level: 9,
        memLevel: 9,
        strategy: pick([constants.Z_HUFFMAN_ONLY, constants.Z_DEFAULT_STRATEGY], random),
      })
      const { outcome, difference } = compared(stream, bytes.length)
      expect(outcome === made(bytes) && difference === undefined, `round ${round}`).toBe(true)
    }
  })
})

/** Returns code lengths at random, most of which make no valid code. */
function anyLengths(count: number, random: () => number): number[] {
  const density = random()
  return Array.from({ length: count }, () =>
    random() < density ? below(pick([2, 5, 10, 16], random), random) : 0,
  )
}

/**
 * Returns the lengths of a complete code: leaves of a random tree, given to random symbols, of
 * which 256 is one.
 */
function completeLengths(count: number, random: () => number): number[] {
  const leaves = [1, 1]
  const wanted = 2 + below(count - 2, random)
  while (leaves.length < wanted) {
    const at = random() < 0.5 ? leaves.length - 1 : below(leaves.length, random)
    const length = leaves[at]!
    if (length === 15) break
    leaves.splice(at, 1, length + 1, length + 1)
  }
  const lengths = Array.from({ length: count }, () => 0)
  if (count > 256) lengths[256] = leaves.pop()!
  for (const length of leaves) {
    let symbol = below(count, random)
    while (lengths[symbol] !== 0) symbol = (symbol + 1) % count
    lengths[symbol] = length
  }
  return lengths
}

test.each([
  ['wasm', (limit: number) => createWasmKernel(instantiate()!, limit)],
  ['zlib', (limit: number) => createZlibKernel(limit)],
])('the memory of %s grows up to its limit, and keeps its content', (_name, create) => {
  const kernel = create(8 << 20)
  expect(kernel.reserve(kernel.firstFree + 100)).toBe(true)
  kernel.memory().set([1, 2, 3], kernel.firstFree)
  for (const size of [200_000, 300_000, 7 << 20, (8 << 20) - PADDING]) {
    expect(kernel.reserve(size)).toBe(true)
    expect(kernel.memory().length).toBeGreaterThanOrEqual(size + PADDING)
    expect([...kernel.memory().subarray(kernel.firstFree, kernel.firstFree + 4)]).toEqual([
      1, 2, 3, 0,
    ])
  }
  const before = kernel.memory()
  expect(kernel.reserve((8 << 20) - PADDING + 1)).toBe(false)
  expect(kernel.memory()).toBe(before)
  expect(before.length).toBeLessThanOrEqual(8 << 20)
})
