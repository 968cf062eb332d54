import { describe, expect, test } from 'vitest'
import {
  entryAtOffset,
  fileEntryAround,
  TreeCursor,
  treeEntries,
} from '../../../src/git/objects/tree.ts'
import { randomBytes } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'
import { Repo } from '../../support/repo.ts'
import { rounds } from '../../support/rounds.ts'

interface Entry {
  readonly mode: string
  readonly name: Buffer
  readonly id: string
}

function raw(entries: readonly Entry[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ mode, name, id }) => [
      Buffer.from(`${mode} `),
      name,
      Buffer.of(0),
      Buffer.from(id, 'hex'),
    ]),
  )
}

/** Names hold no NUL and no slash; ids may hold anything, blanks and NUL included. */
function randomEntries(count: number, idBytes: number, random: () => number): readonly Entry[] {
  return Array.from({ length: count }, () => ({
    mode: ['100644', '100755', '120000', '160000', '40000'][Math.floor(random() * 5)]!,
    name: Buffer.from(
      randomBytes(1 + Math.floor(random() * 20), random).map((byte) =>
        byte === 0 || byte === 0x2f ? 0x20 : byte,
      ),
    ),
    id: randomBytes(idBytes, () =>
      random() < 0.3 ? [0, 0.126][Math.floor(random() * 2)]! : random(),
    ).toString('hex'),
  }))
}

describe('treeEntries', () => {
  test.each([
    ['SHA-1', 20],
    ['SHA-256', 32],
  ])('gives back random entries with names of %s', (_name, idBytes) => {
    for (let seed = 1; seed <= rounds(200); seed += 1) {
      const random = seededRandom(seed)
      const entries = randomEntries(Math.floor(random() * 8), idBytes, random)
      expect([...treeEntries(raw(entries), idBytes)], `seed ${seed}`).toEqual(entries)
    }
  })

  test.each([
    ['SHA-1', 20],
    ['SHA-256', 32],
  ])('of a tree that was cut short gives the entries that are whole (%s)', (_name, idBytes) => {
    const entries = randomEntries(3, idBytes, seededRandom(5))
    const tree = raw(entries)
    const ends = entries.map((_, count) => raw(entries.slice(0, count + 1)).length)
    for (let length = 0; length <= tree.length; length += 1) {
      expect([...treeEntries(tree.subarray(0, length), idBytes)]).toEqual(
        entries.slice(0, ends.filter((end) => end <= length).length),
      )
    }
  })

  test.each([
    ['no blank', 'x'.repeat(60)],
    ['no NUL', `100644 ${'x'.repeat(60)}`],
    ['nothing', ''],
  ])('gives nothing of bytes with %s', (_name, bytes) => {
    expect([...treeEntries(Buffer.from(bytes), 20)]).toEqual([])
  })

  test.each(['sha1', 'sha256'] as const)('reads what git wrote (%s)', (objectFormat) => {
    const repo = Repo.create({ objectFormat })
    repo.commit('Start', { 'a file': 'a', 'b/c': 'c', '.env': 'X=1\n' })
    repo
      .write(Buffer.from('caf\u00E9', 'latin1'), 'not UTF-8')
      .link('link', 'a file')
      .commit('More')
    const listed = repo
      .gitBytes(['ls-tree', '-z', 'HEAD'])
      .toString('latin1')
      .split('\0')
      .filter((line) => line !== '')
    const tree = repo.gitBytes(['cat-file', 'tree', 'HEAD^{tree}'])
    const entries = [...treeEntries(tree, objectFormat === 'sha1' ? 20 : 32)]
    expect(
      entries.map(
        ({ mode, name, id }) =>
          `${mode.padStart(6, '0')} ${mode === '40000' ? 'tree' : 'blob'} ${id}\t${name.toString('latin1')}`,
      ),
    ).toEqual(listed)
  })
})

test('finds the entry of a file around any byte of its name, as reading from the start does', () => {
  const random = seededRandom(77)
  const name = (): string =>
    Array.from({ length: 1 + Math.floor(random() * 30) }, () =>
      'aenv. -_100644'.charAt(Math.floor(random() * 14)),
    )
      .join('')
      .trim() || 'x'
  const modes = ['100644', '100755', '40000', '120000', '160000']
  for (let round = 0; round < rounds(50); round += 1) {
    const tree = Buffer.concat(
      Array.from({ length: 20 }, () =>
        Buffer.concat([
          Buffer.from(
            `${modes[Math.floor(random() * modes.length)]} ${name().replaceAll(/100(644|755) /g, '')}\0`,
          ),
          Buffer.from(Array.from({ length: 20 }, () => Math.floor(random() * 256))),
        ]),
      ),
    )
    let start = 0
    for (const entry of treeEntries(tree, 20)) {
      const at = start + entry.mode.length + 1
      const found = fileEntryAround(tree, at, 20)
      expect(found).toEqual(entry.mode.startsWith('100') ? entry : undefined)
      expect(fileEntryAround(tree, at + entry.name.length - 1, 20)).toEqual(found)
      start = at + entry.name.length + 1 + 20
    }
  }
})

describe('TreeCursor', () => {
  const id = Buffer.alloc(20, 7)
  const entry = (mode: string): Buffer => Buffer.concat([Buffer.from(`${mode} name\0`), id])

  test.each([
    ['100644', 0o100644],
    ['40000', 0o40000],
    ['040000', 0o40000],
    ['7', 7],
  ])('reads the mode %s', (text, mode) => {
    const cursor = new TreeCursor(entry(text), 20)
    expect(cursor.next()).toBe(true)
    expect(cursor.mode).toBe(mode)
    expect(cursor.next()).toBe(false)
  })

  test.each([
    ['a whole tree', Buffer.concat([entry('100644'), entry('40000')]), 2, false],
    [
      'an entry that is cut short',
      Buffer.concat([entry('100644'), entry('40000').subarray(0, 9)]),
      1,
      false,
    ],
    [
      'bytes that may become a mode',
      Buffer.concat([entry('100644'), Buffer.from('1234567')]),
      1,
      false,
    ],
    ['bytes that are no mode', Buffer.concat([entry('100644'), Buffer.from('12345678')]), 1, true],
  ])('ends at %s', (_what, tree, count, isMalformed) => {
    const cursor = new TreeCursor(tree, 20)
    let entries = 0
    let end = 0
    for (; cursor.next(); entries += 1) end = cursor.end
    expect({ entries, end: cursor.end, isMalformed: cursor.isMalformed }).toEqual({
      entries: count,
      end,
      isMalformed,
    })
  })
})

test('entryAtOffset gives the entry that covers a byte', () => {
  const entries = randomEntries(5, 20, seededRandom(6))
  const tree = raw(entries)
  let start = 0
  for (const entry of entries) {
    const end = start + raw([entry]).length
    for (let at = start; at < end; at += 1) expect(entryAtOffset(tree, at, 20)).toEqual(entry)
    start = end
  }
  expect(entryAtOffset(tree, tree.length, 20)).toBeUndefined()
})
