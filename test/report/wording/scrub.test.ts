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
    ['replaces a secret wherever it stands', [part('secret', a, 'A')], `${a}/x${a}`, 'A/xA'],
    [
      'replaces two that touch one by one',
      [part('secret', a, 'A'), part('id', b, 'B')],
      `${a}${b}`,
      'AB',
    ],
    [
      'takes the longer of two that start alike',
      [part('id', a, 'A'), part('secret', `${a}tail`, 'B')],
      `x${a}tail`,
      'xB',
    ],
    [
      'leaves no rest of one that another overlaps',
      [part('id', a, 'A'), part('secret', a.slice(8) + b, 'B')],
      `-${a}${b}-`,
      '-A-',
    ],
    [
      'leaves words alone that are shorter than six characters',
      [part('secret', 'prod1', 'A')],
      'prod1.env',
      'prod1.env',
    ],
    [
      'knows the UTF-8 name of bytes read as latin1',
      [part('secret', Buffer.from('pässwörd').toString('latin1'), 'A')],
      'x pässwörd',
      'x A',
    ],
  ] as const)('%s', (_name, parts, text, shown) => {
    expect(scrubber([finding({ parts })])(text)).toBe(shown)
  })

  test.each([1, 2, 3])('finds what looking at each place finds, seed %i', (seed) => {
    const random = seededRandom(seed)
    // Few letters, so that much begins alike.
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

  test('gives the text back when nothing was found', () => {
    expect(scrubber([])(a)).toBe(a)
  })
})

describe('scrubResult', () => {
  const scrubbed = scrubResult(hostileResult)

  test('leaves no secret in any name of findings, suppressed ones and the receipt', () => {
    const text = JSON.stringify(scrubbed)
    for (const secret of forbidden) expect(text).not.toContain(secret)
    expect(JSON.stringify(hostileResult)).toContain(secrets.key)
  })

  test('drops the bytes of a name that held a secret, and keeps those of others', () => {
    expect(scrubbed.findings[1]?.places[0].origin.path).toEqual({
      text: `keys/${scrubbed.findings[1]?.parts[0]?.redacted}.txt`,
    })
    expect(scrubbed.findings[2]?.places[0].origin.path).toEqual(
      hostileResult.findings[2]?.places[0].origin.path,
    )
  })

  test('changes nothing in a result whose names hold no secret', () => {
    const plain = {
      ...hostileResult,
      findings: [finding()],
      suppressed: [],
      receipt: { ...hostileResult.receipt, range: null, skipped: [] },
    }
    expect(scrubResult(plain)).toEqual(plain)
  })
})
