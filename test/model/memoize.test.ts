import { expect, test } from 'vitest'
import { memoize } from '../../src/model/memoize.ts'

test('computes a result once for each text and scope', () => {
  const asked: string[] = []
  const [one, other] = [{ name: 'one' }, { name: 'other' }]
  const make = memoize((text: string, { name }: { readonly name: string }) => {
    asked.push(`${name} ${text}`)
    return { name, text }
  })
  const first = make('a', one)
  expect(make('a', one)).toBe(first)
  expect(make('a', other)).toEqual({ name: 'other', text: 'a' })
  expect(make('b', one)).toEqual({ name: 'one', text: 'b' })
  expect(asked).toEqual(['one a', 'other a', 'one b'])
})

test('computes results for long texts, and for too many, each time', () => {
  let made = 0
  const make = memoize((text: string, _for: object) => {
    made += 1
    return text.length
  })
  const what = {}
  const long = 'x'.repeat(5000)
  expect([make(long, what), make(long, what), made]).toEqual([5000, 5000, 2])
  for (let round = 0; round < 2; round += 1)
    for (let number = 0; number < 5000; number += 1)
      expect(make(`value ${number}`, what)).toBe(`value ${number}`.length)
  expect(made).toBe(2 + 5000 + 904)
})
