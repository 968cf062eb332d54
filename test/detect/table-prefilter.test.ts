import { expect, test } from 'vitest'
import { anchorsOf } from '../../src/detect/anchors.ts'
import { slowPrefilter } from '../../src/detect/prefilter.ts'
import { tablePrefilter } from '../../src/detect/table-prefilter.ts'
import { builtinRules } from '../../src/rules/load.ts'
import { seededRandom } from '../support/random.ts'

const keywords = anchorsOf(builtinRules().rules).map(({ keyword }) => keyword)
const [table, slow] = [tablePrefilter(keywords), slowPrefilter(keywords)]

function hitsOf(prefilter: typeof table, bytes: Uint8Array): readonly string[] {
  const hits: number[] = []
  prefilter.search(bytes, hits)
  return Array.from({ length: hits.length / 2 }, (_, n) => `${hits[2 * n]} ${hits[2 * n + 1]}`).sort()
}

test('finds the keywords that the slow prefilter finds, in texts made of them and of noise', () => {
  const random = seededRandom(7)
  let found = 0
  for (let round = 0; round < 60; round += 1) {
    const pieces = Array.from({ length: 40 }, () => {
      const { text, ignoreCase } = keywords[Math.floor(random() * keywords.length)]!
      const cut = text.slice(0, random() < 0.3 ? Math.floor(random() * text.length) : undefined)
      const spelt = ignoreCase ? Array.from(cut, (char) => (random() < 0.5 ? char.toUpperCase() : char.toLowerCase())).join('') : cut
      return spelt + Array.from({ length: Math.floor(random() * 9) }, () => String.fromCharCode(Math.floor(random() * 256))).join('')
    })
    const bytes = Buffer.from(pieces.join(''), 'latin1')
    const expected = hitsOf(slow, bytes)
    found += expected.length
    expect(hitsOf(table, bytes)).toEqual(expected)
  }
  expect(found).toBeGreaterThan(1000)
})

test.each([0, 1, 3, 4, 5])('takes %i bytes', (length) => {
  const bytes = Buffer.from('AKIAKIA').subarray(0, length)
  expect(hitsOf(table, bytes)).toEqual(hitsOf(slow, bytes))
})
