import { describe, expect, test } from 'vitest'
import { GAP, type Kernel } from '../../../src/git/packfile/walk/kernel.ts'
import { randomBytes } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'
import { fast, made, type Outcome, outcomeOf, slow } from './kernel-task.ts'
import { below, pick } from './streams.ts'
import { rounds } from '../../support/rounds.ts'

/** Bytes to insert, or a part of the base. */
type Op = Uint8Array | readonly [offset: number, size: number]

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left])
    bytes.push((left % 128) | 0x80)
  }
}

/** Encodes a copy as git does, without zero bytes; with `full`, all bytes are written. */
function encodeCopy([offset, size]: readonly [number, number], full: boolean): Buffer {
  const encoded = size === 0x1_0000 && !full ? 0 : size
  const bytes = [
    offset,
    offset >>> 8,
    offset >>> 16,
    offset >>> 24,
    encoded,
    encoded >>> 8,
    encoded >>> 16,
  ].map((byte) => byte & 0xff)
  const present = bytes.map((byte) => full || byte !== 0)
  const op = present.reduce((bits, is, at) => bits | (is ? 1 << at : 0), 0x80)
  return Buffer.from([op, ...bytes.filter((_, at) => present[at])])
}

function encode(baseSize: number, ops: readonly Op[], full = false): Buffer {
  const size = ops.reduce((sum, op) => sum + (op instanceof Uint8Array ? op.length : op[1]), 0)
  const body = ops.map((op) =>
    op instanceof Uint8Array ? Buffer.concat([Buffer.of(op.length), op]) : encodeCopy(op, full),
  )
  return Buffer.concat([varint(baseSize), varint(size), ...body])
}

function resultOf(base: Buffer, ops: readonly Op[]): Buffer {
  return Buffer.concat(
    ops.map((op) => (op instanceof Uint8Array ? op : base.subarray(op[0], op[0] + op[1]))),
  )
}

function randomOps(base: Buffer, random: () => number): readonly Op[] {
  const longest = pick([1, 8, 60, 400, 100_000], random)
  let last = 0
  return Array.from({ length: below(pick([3, 12, 60], random), random) }, (): Op => {
    if (base.length === 0 || random() < 0.4)
      return randomBytes(1 + below(pick([1, 4, 127], random), random), random)
    const offset = random() < 0.3 && last < base.length ? last : below(base.length, random)
    const size = 1 + below(Math.min(longest, base.length - offset), random)
    last = offset + size
    return [offset, size]
  })
}

function applyDelta(kernel: Kernel, delta: Buffer, base: Buffer, room: number): Outcome {
  return outcomeOf(kernel, {
    inputs: [delta, base],
    room,
    run: (one, [from, to], into) => one.applyDelta(from!, to!, into),
  })
}

function sizesOf(kernel: Kernel, delta: Buffer): unknown {
  kernel.reserve(kernel.firstFree + delta.length)
  kernel.memory().set(delta, kernel.firstFree)
  return kernel.deltaSizes({ from: kernel.firstFree, to: kernel.firstFree + delta.length })
}

function dirtyStreamOf(
  kernel: Kernel,
  delta: Buffer,
  base: Buffer,
  {
    room,
    radius,
    headBytes = 0,
  }: { readonly room: number; readonly radius: number; readonly headBytes?: number },
): Outcome {
  return outcomeOf(kernel, {
    inputs: [delta, base],
    room,
    run: (one, [from, to], into) => one.dirtyStream(from!, to!, into, { radius, headBytes }),
  })
}

const kernels = [
  ['wasm', fast],
  ['zlib', slow],
] as const

describe.each(kernels)('deltas in %s', (_name, kernel) => {
  test('make the objects that their instructions describe', () => {
    const random = seededRandom(91)
    for (let round = 0; round < rounds(1500); round += 1) {
      const base = randomBytes(below(pick([1, 50, 3000], random), random), random)
      const ops = randomOps(base, random)
      const result = resultOf(base, ops)
      const delta = encode(base.length, ops, random() < 0.2)
      expect(
        applyDelta(kernel, delta, base, result.length + pick([0, 0, 50], random)),
        `round ${round}`,
      ).toBe(made(result))
      if (result.length > 0)
        expect(applyDelta(kernel, delta, base, result.length - 1)).toBe('tooLong')
    }
  })

  test('copy 0x10000 bytes when they have no size, else up to 0xffffff', () => {
    const base = Buffer.alloc(0x1_000_000 + 5)
    for (let at = 0; at < base.length; at += 4096) base.writeUInt32LE(at, at)
    for (const op of [
      [0, 0x1_0000],
      [3, 0x1_0000],
      [1, 0xff_00ff],
      [5, 0xff_ffff],
      [base.length - 1, 1],
    ] as const) {
      const delta = encode(base.length, [op])
      expect(applyDelta(kernel, delta, base, op[1]) === made(resultOf(base, [op])), `${op}`).toBe(
        true,
      )
    }
  })

  test.each([
    ['nothing at all', Buffer.of(), 0],
    ['half a header', Buffer.of(0x85), 5],
    ['one size', Buffer.of(5), 5],
    ['a size without end', Buffer.from([5, ...Array.from({ length: 30 }, () => 0xff)]), 5],
    [
      'a size with zeros without end',
      Buffer.from([0x85, ...Array.from({ length: 30 }, () => 0x80), 0, 0]),
      5,
    ],
    ['a result of 2 GiB', Buffer.concat([varint(5), varint(2 ** 31), Buffer.of(0x90, 1)]), 5],
    [
      'a base of 4 GiB and five bytes',
      Buffer.concat([varint(2 ** 32 + 5), varint(1), Buffer.of(0x90, 1)]),
      5,
    ],
    ['a base of another size', encode(6, [[0, 5]]), 5],
    ['the reserved instruction', Buffer.of(5, 1, 0), 5],
    ['the reserved instruction, and a good one', Buffer.of(5, 1, 0, 1, 65), 5],
    ['an insertion that is cut off', Buffer.of(5, 3, 3, 65, 66), 5],
    ['a copy whose arguments are cut off', Buffer.of(5, 3, 0x91, 0), 5],
    ['a copy from behind the base', Buffer.of(5, 1, 0x91, 5, 1), 5],
    ['a copy that ends behind the base', Buffer.of(5, 2, 0x91, 4, 2), 5],
    ['a copy from an offset near 4 GiB', Buffer.of(5, 2, 0x9f, 0xff, 0xff, 0xff, 0xff, 2), 5],
    ['a copy of 0x10000 bytes from a small base', Buffer.of(5, 5, 0x80), 5],
    ['less than the result', encode(5, [[0, 5]]).fill(6, 1, 2), 5],
    ['more than the result', encode(5, [[0, 5]]).fill(4, 1, 2), 5],
    ['an insertion beyond the result', Buffer.of(5, 1, 2, 65, 66), 5],
    ['an instruction after the whole result', Buffer.of(5, 1, 1, 65, 1, 66), 5],
  ])('are refused with %s', (_what, delta, size) => {
    const base = Buffer.alloc(size, 'b')
    expect(applyDelta(kernel, delta, base, 70_000)).toBe('damaged')
    expect(dirtyStreamOf(kernel, delta, base, { room: 70_000, radius: 4 })).toBe('damaged')
  })

  test('state their sizes', () => {
    for (const [base, result] of [
      [0, 0],
      [1, 127],
      [128, 16_383],
      [16_384, 2 ** 31 - 1],
      [2 ** 31 - 1, 1],
    ] as const) {
      const header = Buffer.concat([varint(base), varint(result)])
      expect(sizesOf(kernel, Buffer.concat([header, Buffer.of(0x05)]))).toEqual({
        result,
        keptPrefix: 0,
      })
      expect(sizesOf(kernel, header)).toEqual({ result, keptPrefix: 0 })
      for (let cut = 0; cut < header.length; cut += 1)
        expect(sizesOf(kernel, header.subarray(0, cut))).toBeUndefined()
    }
    const base = randomBytes(3000, seededRandom(93))
    const keptPrefixOf = (...ops: readonly Op[]): unknown =>
      sizesOf(kernel, encode(base.length, ops, false))
    expect(keptPrefixOf([0, 600], Buffer.from('x'))).toMatchObject({ keptPrefix: 600 })
    expect(keptPrefixOf([0, 3000])).toMatchObject({ keptPrefix: 3000 })
    expect(keptPrefixOf([1, 600], [0, 600])).toMatchObject({ keptPrefix: 0 })
    expect(keptPrefixOf(Buffer.from('x'), [0, 600])).toMatchObject({ keptPrefix: 0 })
    expect(sizesOf(kernel, Buffer.concat([varint(2 ** 31), varint(1)]))).toBeUndefined()
    expect(sizesOf(kernel, Buffer.concat([varint(1), varint(2 ** 40)]))).toBeUndefined()
  })
})

test('both kernels agree on damaged deltas and their dirty streams', () => {
  const random = seededRandom(92)
  let good = 0
  for (let round = 0; round < rounds(6000); round += 1) {
    const base = randomBytes(below(pick([1, 10, 300, 2000], random), random), random)
    const ops = randomOps(base, random)
    const delta = encode(base.length, ops, random() < 0.2)
    for (let change = below(3, random); change > 0; change -= 1)
      delta[below(pick([3, delta.length], random), random) % delta.length] = pick(
        [0, 0x80, 0xff, below(256, random)],
        random,
      )
    const cut = random() < 0.1 ? delta.subarray(0, below(delta.length, random)) : delta
    const size = resultOf(base, ops).length
    const room = pick([size, size, size + 3, size >> 1, below(200, random)], random)
    const radius = pick([0, 1, 2, 15, 16, 17, 64, 256, 5000], random)
    const headBytes = pick([0, 0, 1, 40, 512, 5000], random)
    const outcome = applyDelta(fast, cut, base, room)
    expect(outcome, `round ${round}`).toBe(applyDelta(slow, cut, base, room))
    expect(dirtyStreamOf(fast, cut, base, { room, radius, headBytes }), `round ${round}`).toBe(
      dirtyStreamOf(slow, cut, base, { room, radius, headBytes }),
    )
    if (outcome.startsWith('bytes')) good += 1
  }
  expect(good).toBeGreaterThan(rounds(1000))
})

/**
 * From where to where a result is one run of the base: copies that go on with each other are one.
 */
function runsOfBase(ops: readonly Op[]): readonly (readonly [start: number, end: number])[] {
  const runs: [number, number][] = []
  let [at, next] = [0, -1]
  for (const op of ops) {
    const start = at
    at += op instanceof Uint8Array ? op.length : op[1]
    if (op instanceof Uint8Array) next = -1
    else {
      if (op[0] === next) runs.at(-1)![1] = at
      else runs.push([start, at])
      next = op[0] + op[1]
    }
  }
  return runs
}

describe.each(kernels)('a dirty stream in %s', (_name, kernel) => {
  test('has the first bytes of the object, and every run up to its radius that is not in the base', () => {
    const random = seededRandom(93)
    for (let round = 0; round < rounds(1200); round += 1) {
      const base = randomBytes(1 + below(pick([10, 300, 2000], random), random), random)
      const ops = randomOps(base, random)
      const result = resultOf(base, ops)
      const radius = pick([1, 2, 3, 8, 20, 50, 256], random)
      const headBytes = pick([0, 0, 7, 100, 512], random)
      const outcome = dirtyStreamOf(kernel, encode(base.length, ops), base, {
        room: result.length,
        radius,
        headBytes,
      })
      const stream = Buffer.from(outcome.slice('bytes '.length), 'latin1')
      expect(
        outcome.startsWith('bytes ') && stream.length <= result.length,
        `round ${round}: ${outcome.slice(0, 9)}`,
      ).toBe(true)
      expect(
        stream
          .subarray(0, Math.max(headBytes, radius))
          .equals(result.subarray(0, Math.max(headBytes, radius))) &&
          stream.subarray(-radius).equals(result.subarray(-radius)),
      ).toBe(true)
      const runs = runsOfBase(ops)
      for (let start = 0; start + 1 <= result.length; start += 1) {
        const end = Math.min(result.length, start + radius)
        if (runs.some((run) => run[0] <= start && end <= run[1])) continue
        if (!stream.includes(result.subarray(start, end)))
          expect.unreachable(
            `round ${round}: ${start} to ${end} of ${result.length} is missing, radius ${radius}`,
          )
      }
    }
  })

  test('omits the middle of long copies, and nothing else', () => {
    const base = randomBytes(1000, seededRandom(94))
    const insert = Buffer.from('something new')
    const streamFor = (ops: readonly Op[]): Outcome =>
      dirtyStreamOf(kernel, encode(base.length, ops), base, { room: 1100, radius: 10 })
    const withHead = (headBytes: number): Outcome =>
      dirtyStreamOf(kernel, encode(base.length, [[0, 500], insert, [600, 300]]), base, {
        room: 1100,
        radius: 10,
        headBytes,
      })
    const part = (from: number, to: number): Buffer => base.subarray(from, to)
    expect(streamFor([[0, 500], insert, [500, 500]])).toBe(
      made(
        Buffer.concat([
          part(0, 10),
          GAP,
          part(490, 500),
          insert,
          part(500, 510),
          GAP,
          part(990, 1000),
        ]),
      ),
    )
    expect(
      streamFor([
        [0, 500],
        [500, 500],
      ]),
    ).toBe(made(Buffer.concat([part(0, 10), GAP, part(990, 1000)])))
    expect(
      streamFor([
        [100, 24],
        [300, 25],
      ]),
    ).toBe(made(Buffer.concat([part(100, 124), part(300, 310), GAP, part(315, 325)])))
    expect(streamFor([])).toBe(made(Buffer.alloc(0)))
    expect(withHead(40)).toBe(
      made(
        Buffer.concat([
          part(0, 40),
          GAP,
          part(490, 500),
          insert,
          part(600, 610),
          GAP,
          part(890, 900),
        ]),
      ),
    )
    expect(withHead(563)).toBe(
      made(Buffer.concat([part(0, 500), insert, part(600, 650), GAP, part(890, 900)])),
    )
  })

  test('fits into less room than the object', () => {
    const base = Buffer.alloc(1_000_000, 'b')
    const delta = encode(base.length, [[0, 500_000], Buffer.from('new'), [7, 900_000]])
    const outcome = dirtyStreamOf(kernel, delta, base, {
      room: 2 * (256 + 4 + 256) + 3,
      radius: 256,
    })
    expect(outcome.length).toBe('bytes '.length + 2 * (256 + 4 + 256) + 3)
    expect(dirtyStreamOf(kernel, delta, base, { room: 2 * (256 + 4 + 256) + 2, radius: 256 })).toBe(
      'tooLong',
    )
  })
})
