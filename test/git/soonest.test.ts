import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { soonest } from '../../src/git/soonest.ts'
import { gathered } from '../support/pieces.ts'

async function* slowly<T>(items: readonly T[], ms: number): AsyncGenerator<T> {
  for (const item of items) {
    await wait(ms)
    yield item
  }
}

describe('soonest', () => {
  test('gives all that several iterators give, each in its own order', async () => {
    const given = await gathered(soonest([slowly(['a1', 'a2', 'a3'], 3), slowly([], 0), slowly(['b1', 'b2'], 1), slowly(['c1'], 0)]))
    expect([...given].sort()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'c1'])
    for (const name of ['a', 'b', 'c']) expect(given.filter((item) => item.startsWith(name))).toEqual(given.filter((item) => item.startsWith(name)).sort())
  })

  test('does not wait for a slow one while another is ready', async () => {
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (open = resolve))
    async function* late(): AsyncGenerator<string> {
      await gate
      yield 'late'
    }
    const seen: string[] = []
    for await (const item of soonest([late(), slowly(['x', 'y'], 0)])) {
      seen.push(item)
      if (item === 'y') open()
    }
    expect(seen).toEqual(['x', 'y', 'late'])
  })

  test('asks an iterator for more only when the consumer is done with what it gave', async () => {
    let inUse = false
    async function* lender(): AsyncGenerator<number> {
      for (let n = 0; n < 5; n += 1) {
        expect(inUse).toBe(false)
        yield n
      }
    }
    for await (const item of soonest([lender()])) {
      inUse = true
      await wait(item === 2 ? 5 : 0)
      inUse = false
    }
  })

  test('gives nothing for none, and passes failures on', async () => {
    expect(await gathered(soonest([]))).toEqual([])
    async function* broken(): AsyncGenerator<string> {
      yield 'x'
      throw new Error('broken')
    }
    await expect(gathered(soonest([broken(), slowly(['y'], 50)]))).rejects.toThrow('broken')
  })
})
