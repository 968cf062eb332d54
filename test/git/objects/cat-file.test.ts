import { describe, expect, test } from 'vitest'
import { BatchParser, MalformedOutput } from '../../../src/git/objects/cat-file.ts'
import { OVERLAP_BYTES, WINDOW_BYTES } from '../../../src/git/objects/windows.ts'
import { cut, randomBytes, waysToCut } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'
import { rounds } from '../../support/rounds.ts'

const id = 'ab'.repeat(20)
const otherId = 'cd'.repeat(32)

/** The parser's objects for chunks of output. Bytes are copied, since the parser reuses them. */
function parsed(pieces: Iterable<Uint8Array>): readonly object[] {
  const parser = new BatchParser()
  const all: object[] = []
  for (const piece of pieces) {
    for (const object of parser.push(piece))
      all.push('missing' in object ? object : { ...object, bytes: Buffer.from(object.bytes) })
  }
  return all
}

function printed(kind: string, bytes: Buffer, name = id): Buffer {
  return Buffer.concat([Buffer.from(`${name} ${kind} ${bytes.length}\n`), bytes, Buffer.from('\n')])
}

function whole(kind: string, bytes: Buffer, name = id): object {
  return { id: name, kind, size: bytes.length, start: 0, bytes, last: true }
}

const looksLikeHeader = Buffer.from(`\n${otherId} blob 5\n\n${id} missing\n`)
const rows: readonly (readonly [name: string, output: Buffer, objects: readonly object[]])[] = [
  ['no output', Buffer.alloc(0), []],
  [
    'one blob',
    printed('blob', Buffer.from('hello world\n')),
    [whole('blob', Buffer.from('hello world\n'))],
  ],
  ['an empty object', printed('blob', Buffer.alloc(0)), [whole('blob', Buffer.alloc(0))]],
  [
    'an empty tree, then a commit',
    Buffer.concat([printed('tree', Buffer.alloc(0)), printed('commit', Buffer.from('x'))]),
    [whole('tree', Buffer.alloc(0)), whole('commit', Buffer.from('x'))],
  ],
  [
    'a name of SHA-256',
    printed('tag', Buffer.from('t'), otherId),
    [whole('tag', Buffer.from('t'), otherId)],
  ],
  ['a missing object', Buffer.from(`${id} missing\n`), [{ id, missing: true }]],
  [
    'missing objects between others',
    Buffer.concat([
      Buffer.from(`${id} missing\n`),
      printed('blob', Buffer.from('a')),
      Buffer.from(`${otherId} missing\n`),
    ]),
    [{ id, missing: true }, whole('blob', Buffer.from('a')), { id: otherId, missing: true }],
  ],
  [
    'content that looks like headers',
    Buffer.concat([printed('blob', looksLikeHeader), printed('blob', Buffer.from('z'))]),
    [whole('blob', looksLikeHeader), whole('blob', Buffer.from('z'))],
  ],
]

describe('BatchParser', () => {
  const random = seededRandom(1)
  test.each(
    rows.flatMap(([name, output, objects]) =>
      waysToCut(output, random).map(([how, pieces]) => [name, how, pieces, objects] as const),
    ),
  )('gives %s when it comes %s', (_name, _how, pieces, objects) => {
    expect(parsed(pieces)).toEqual(objects)
  })

  test('gives the same objects however random output is cut', () => {
    for (let seed = 1; seed <= rounds(40); seed += 1) {
      const draw = seededRandom(seed)
      const objects = Array.from(
        { length: 12 },
        (_, n) =>
          [
            ['blob', 'tree', 'commit', 'tag'][n % 4]!,
            randomBytes(Math.floor(draw() * 300), draw),
          ] as const,
      )
      const output = Buffer.concat(objects.map(([kind, bytes]) => printed(kind, bytes)))
      const expected = objects.map(([kind, bytes]) => whole(kind, bytes))
      for (const [how, pieces] of waysToCut(output, draw))
        expect(parsed(pieces), `seed ${seed}, ${how}`).toEqual(expected)
    }
  })

  test('waits for the rest of an incomplete object', () => {
    const output = printed('blob', Buffer.from('hello'))
    for (let at = 0; at < output.length; at += 1)
      expect(parsed([output.subarray(0, at)]), `${at} bytes`).toEqual([])
  })

  test.each([
    ['one byte less than a window', WINDOW_BYTES - 1, 1],
    ['a window', WINDOW_BYTES, 1],
    ['one byte more than a window', WINDOW_BYTES + 1, 2],
    ['as much as two windows cover', 2 * WINDOW_BYTES - OVERLAP_BYTES, 2],
    ['one byte more than two windows cover', 2 * WINDOW_BYTES - OVERLAP_BYTES + 1, 3],
    ['three windows and a bit', 3 * WINDOW_BYTES + 12_345, 4],
  ])('gives a blob of %s as overlapping windows that cover every byte', (_name, size, windows) => {
    const content = Buffer.alloc(size)
    for (let at = 0; at + 4 <= size; at += 4096) content.writeUInt32LE(at, at)
    const draw = seededRandom(size)
    const pieces = cut(
      Buffer.concat([printed('blob', content), printed('blob', Buffer.from('after'))]),
      () => 1 + Math.floor(draw() * 131_072),
    )
    const objects = parsed(pieces) as {
      start: number
      bytes: Buffer
      last: boolean
      size: number
    }[]
    expect(objects).toHaveLength(windows + 1)
    let covered = 0
    for (const { start, bytes, last, size: said } of objects.slice(0, -1)) {
      expect(said).toBe(size)
      expect(start).toBe(covered === 0 ? 0 : covered - OVERLAP_BYTES)
      expect(bytes.equals(content.subarray(start, start + bytes.length))).toBe(true)
      covered = start + bytes.length
      expect(last).toBe(covered === size)
    }
    expect(covered).toBe(size)
    expect(objects.at(-1)).toEqual(whole('blob', Buffer.from('after')))
  })

  test('yields a tree larger than a window whole, since its entries are parsed too', () => {
    const content = Buffer.alloc(WINDOW_BYTES + 10, 7)
    const [tree, ...others] = parsed(cut(printed('tree', content), () => 65_536)) as {
      bytes: Buffer
      last: boolean
    }[]
    expect(others).toEqual([])
    expect([tree?.last, Buffer.compare(tree?.bytes ?? Buffer.alloc(0), content)]).toEqual([true, 0])
  })

  test.each([
    ['a kind that is none', `${id} note 3\nabc\n`],
    ['no size', `${id} blob\nabc\n`],
    ['a size that is no number', `${id} blob 3x\nabc\n`],
    ['a negative size', `${id} blob -1\n`],
    ['an ambiguous name', `${id} ambiguous\n`],
    ['an empty line', '\n'],
    ['words', 'fatal: something is wrong\n'],
    ['a line that does not end', 'x'.repeat(5000)],
  ])('refuses %s', (_name, output) => {
    for (const [, pieces] of waysToCut(Buffer.from(output), seededRandom(3)))
      expect(() => parsed(pieces)).toThrow(MalformedOutput)
  })

  test('yields the objects before malformed output', () => {
    const parser = new BatchParser()
    const seen: string[] = []
    expect(() => {
      for (const object of parser.push(
        Buffer.concat([printed('blob', Buffer.from('a')), Buffer.from('wrong\n')]),
      ))
        seen.push(object.id)
    }).toThrow(MalformedOutput)
    expect(seen).toEqual([id])
  })
})
