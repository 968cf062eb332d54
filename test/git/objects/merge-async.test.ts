import { EventEmitter, once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { mergeAsync } from '../../../src/git/objects/merge-async.ts'
import { gathered } from '../../support/pieces.ts'

async function* slowly<T>(items: readonly T[], ms: number): AsyncGenerator<T> {
  for (const item of items) {
    await wait(ms)
    yield item
  }
}

async function* broken(): AsyncGenerator<string> {
  yield 'x'
  throw new Error('broken')
}

describe('mergeAsync', () => {
  test('yields all values of several iterators, those of each in order', async () => {
    const given = await gathered(
      mergeAsync([
        slowly(['a1', 'a2', 'a3'], 3),
        slowly([], 0),
        slowly(['b1', 'b2'], 1),
        slowly(['c1'], 0),
      ]),
    )
    expect([...given].sort()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'c1'])
    for (const name of ['a', 'b', 'c'])
      expect(given.filter((item) => item.startsWith(name))).toEqual(
        given.filter((item) => item.startsWith(name)).sort(),
      )
  })

  test('does not wait for a slow iterator while another is ready', async () => {
    const gate = new EventEmitter()
    async function* late(): AsyncGenerator<string> {
      await once(gate, 'open')
      yield 'late'
    }
    const seen: string[] = []
    for await (const item of mergeAsync([late(), slowly(['x', 'y'], 0)])) {
      seen.push(item)
      if (item === 'y') gate.emit('open')
    }
    expect(seen).toEqual(['x', 'y', 'late'])
  })

  test('requests the next value only when the consumer has used the previous one', async () => {
    let inUse = false
    async function* lender(): AsyncGenerator<number> {
      for (let n = 0; n < 5; n += 1) {
        expect(inUse).toBe(false)
        yield n
      }
    }
    for await (const item of mergeAsync([lender()])) {
      inUse = true
      await wait(item === 2 ? 5 : 0)
      inUse = false
    }
  })

  test('stays with an iterator that is midway', async () => {
    const items = ['a1…', 'a2…', 'a3', 'a4']
    let current = ''
    const sources = [slowly(items, 5), slowly(['b1', 'b2', 'b3', 'b4', 'b5', 'b6'], 1)]
    const seen: string[] = []
    for await (const item of mergeAsync(
      sources,
      (source) => source === sources[0] && current.endsWith('…'),
    )) {
      current = item
      seen.push(item)
    }
    expect(seen.slice(seen.indexOf('a1…'), seen.indexOf('a1…') + 3)).toEqual(['a1…', 'a2…', 'a3'])
    expect(seen).toHaveLength(10)
  })

  test('yields nothing without iterators, and passes failures on', async () => {
    expect(await gathered(mergeAsync([]))).toEqual([])
    await expect(gathered(mergeAsync([broken(), slowly(['y'], 50)]))).rejects.toThrow('broken')
  })
})
