import { expect, test } from 'vitest'
import { ByteStrings } from '../../../../src/git/attribution/index/byte-strings.ts'
import { EntrySets } from '../../../../src/git/attribution/index/entry-sets.ts'
import { seededRandom } from '../../../support/random.ts'

/** Entries have a key each; some share one. */
const keyOf = (entry: number): number => Math.floor(entry / 3) * (entry % 2 === 0 ? 1 : 0x10001)

/** A set in plain form: sorted, each number once. */
function randomSets(seed: number, most: number): readonly (readonly number[])[] {
  const random = seededRandom(seed)
  const sets: (readonly number[])[] = [[]]
  for (let n = 0; n < 60; n += 1) {
    const set = new Set(sets[Math.floor(random() * sets.length)])
    for (let change = random() * most; change > 0; change -= 1) {
      const entry = Math.floor(random() * most * 2)
      if (!set.delete(entry)) set.add(entry)
    }
    sets.push([...set].sort((a, b) => a - b))
  }
  return sets
}

test.each([
  [1, 3],
  [2, 12],
  [3, 100],
  [4, 3000],
])(
  'sets are equal when their entries are, and differ by what they have (seed %d, up to %d entries)',
  (seed, most) => {
    const random = seededRandom(seed)
    const sets = new EntrySets(keyOf)
    const made = randomSets(seed, most).map((entries) => {
      const shuffled = entries
        .map((entry) => ({ entry, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ entry }) => entry)
      return {
        entries,
        text: entries.join(),
        set: sets.of(Int32Array.from([...shuffled, 99]), shuffled.length),
      }
    })
    for (const { entries, text, set } of made) {
      const others = made.filter(() => random() < 0.04)
      const known = new Set(others.flatMap((other) => other.entries))
      expect(
        [
          ...sets.difference(
            set,
            others.map((other) => other.set),
            () => true,
          ),
        ].sort((a, b) => a - b),
      ).toEqual(entries.filter((entry) => !known.has(entry)))
      expect(made.filter((other) => (other.set === set) !== (other.text === text))).toEqual([])
      for (const key of new Set(entries.slice(0, 20).map(keyOf)))
        expect(keyOf(sets.find(set, key, () => true))).toBe(key)
      expect(sets.find(set, 77_777_777, () => true)).toBe(-1)
    }
  },
)

test.each([
  [1, 3],
  [2, 12],
  [3, 100],
  [4, 3000],
])(
  'a set that is changed is the one that has what is left and what came (seed %d, up to %d entries)',
  (seed, most) => {
    const random = seededRandom(seed)
    const sets = new EntrySets(keyOf)
    const setOf = (entries: readonly number[]): number =>
      sets.of(Int32Array.from(entries), entries.length)
    const all = randomSets(seed, most)
    for (const entries of all) {
      const other = all[Math.floor(random() * all.length)] ?? []
      const [gone, come] = [
        entries.filter((entry) => !other.includes(entry)),
        other.filter((entry) => !entries.includes(entry)),
      ]
      expect(sets.changed(setOf(entries), gone, come)).toBe(setOf(other))
      // Removing a missing entry and adding an existing one change nothing.
      expect(sets.changed(setOf(entries), [...gone, ...come, -1], other)).toBe(setOf(other))
    }
  },
)

test('a set may contain any number of entries with the same key', () => {
  const sets = new EntrySets(() => 5)
  const all = Int32Array.from({ length: 1000 }, (_, n) => 999 - n)
  const set = sets.of(all, all.length)
  expect(sets.of(all.toSorted(), all.length)).toBe(set)
  expect([...sets.difference(set, [sets.of(all, 990)], () => true)]).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ])
})

test('versions of a large set take memory for their changes only', () => {
  const sets = new EntrySets((entry) => entry)
  const entries = Int32Array.from({ length: 5000 }, (_, n) => n)
  sets.of(entries, entries.length)
  const first = sets.limit
  for (let version = 1; version <= 1000; version += 1) {
    entries[(version * 7919) % 5000] = 5000 + version
    sets.of(entries, entries.length)
  }
  expect(sets.limit / first).toBeLessThan(12)
})

test('byte strings of any length have a number each', () => {
  const random = seededRandom(9)
  const strings = new ByteStrings()
  const numbers = new Map<string, number>()
  for (let n = 0; n < 20_000; n += 1) {
    const text =
      Array.from(
        { length: Math.floor(random() * 5) },
        () => 'ab\u0000\u00FF'[Math.floor(random() * 4)],
      ).join('') + (random() < 0.5 ? n : '')
    const bytes = Buffer.from(`<${text}>`, 'latin1')
    const number = strings.numberOf(bytes, 1, bytes.length - 1)
    expect(numbers.get(text) ?? strings.count - 1).toBe(number)
    numbers.set(text, number)
  }
  for (const [text, number] of numbers) {
    const bytes = Buffer.from(text, 'latin1')
    expect(strings.bytesOf(number).equals(bytes)).toBe(true)
    expect(strings.find(bytes, 0, bytes.length)).toBe(number)
  }
  expect(strings.find(Buffer.from('not there'), 0, 9)).toBe(-1)
})
