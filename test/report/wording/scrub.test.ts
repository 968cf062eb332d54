import { describe, expect, test } from 'vitest'
import { scrubResult } from '../../../src/report/wording/scrub.ts'
import { scrubber } from '../../../src/model/scrubber.ts'
import { seededRandom } from '../../support/random.ts'
import {
  fakeSecret,
  finding,
  forbidden,
  hostileResult,
  part,
  secrets,
} from '../../support/result.ts'
import { rounds } from '../../support/rounds.ts'

const a = fakeSecret('', 12, 7)
const b = fakeSecret('', 12, 8)

describe('scrubber', () => {
  test.each([
    ['replaces a secret at every position', [part('secret', a, 'A')], `${a}/x${a}`, 'A/xA'],
    [
      'replaces two adjacent secrets one by one',
      [part('secret', a, 'A'), part('id', b, 'B')],
      `${a}${b}`,
      'AB',
    ],
    [
      'prefers the longer of two secrets with the same start',
      [part('id', a, 'A'), part('secret', `${a}tail`, 'B')],
      `x${a}tail`,
      'xB',
    ],
    [
      'leaves no remainder of a secret that another overlaps',
      [part('id', a, 'A'), part('secret', a.slice(8) + b, 'B')],
      `-${a}${b}-`,
      '-A-',
    ],
    [
      'ignores secrets shorter than six characters',
      [part('secret', 'prod1', 'A')],
      'prod1.env',
      'prod1.env',
    ],
    [
      'finds the UTF-8 form of bytes read as latin1',
      [part('secret', Buffer.from('pässwörd').toString('latin1'), 'A')],
      'x pässwörd',
      'x A',
    ],
  ] as const)('%s', (_name, parts, text, shown) => {
    expect(scrubber([finding({ parts })])(text)).toBe(shown)
  })

  test.each([1, 2, 3])('finds the same as a search at each position, seed %i', (seed) => {
    const random = seededRandom(seed)
    // An alphabet of four letters makes many secrets start alike.
    const word = (length: number): string =>
      Array.from({ length }, () => 'abé-'[Math.floor(random() * 4)]).join('')
    for (let round = 0; round < rounds(200); round += 1) {
      const values = Array.from({ length: 1 + Math.floor(random() * 5) }, () =>
        word(6 + Math.floor(random() * 4)),
      )
      const text = word(200) + values.join(word(3))
      const hidden = Array.from(text, (_, at) =>
        values.some((value) =>
          text.slice(Math.max(0, at - value.length + 1), at + value.length).includes(value),
        ),
      )
      const shown = scrubber([
        finding({ parts: values.map((value) => part('secret', value, '#')) }),
      ])(text)
      expect(shown.replaceAll('#', '')).toBe([...text].filter((_, at) => !hidden[at]).join(''))
    }
  })

  test('returns the text unchanged without findings', () => {
    expect(scrubber([])(a)).toBe(a)
  })
})

describe('scrubResult', () => {
  const scrubbed = scrubResult(hostileResult)

  test('leaves no secret in names of findings, suppressed candidates and the receipt', () => {
    const text = JSON.stringify(scrubbed)
    for (const secret of forbidden) expect(text).not.toContain(secret)
    expect(JSON.stringify(hostileResult)).toContain(secrets.key)
  })

  test('drops the raw bytes of a name with a secret, and keeps those of others', () => {
    expect(scrubbed.findings[1]?.places[0].origin.path).toEqual({
      text: `keys/${scrubbed.findings[1]?.parts[0]?.redacted}.txt`,
    })
    expect(scrubbed.findings[2]?.places[0].origin.path).toEqual(
      hostileResult.findings[2]?.places[0].origin.path,
    )
  })

  test('changes nothing in a result without secrets in names', () => {
    const plain = {
      ...hostileResult,
      findings: [finding()],
      suppressed: [],
      receipt: { ...hostileResult.receipt, range: null, skipped: [] },
    }
    expect(scrubResult(plain)).toEqual(plain)
  })
})
