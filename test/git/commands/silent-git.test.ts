import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { outputUntilSilent } from '../../../src/git/commands/silent-git.ts'

describe('outputUntilSilent', () => {
  test('stops a git that prints nothing', async () => {
    const stopped = new AbortController()
    const end = once(stopped.signal, 'abort').then(
      () => ({ done: true, value: undefined }) as const,
    )
    const reasons: (string | undefined)[] = []
    const git = {
      stdout: { [Symbol.asyncIterator]: () => ({ next: () => end }) },
      failure: Promise.resolve(undefined),
      stop(reason?: string) {
        reasons.push(reason)
        stopped.abort()
      },
    }
    for await (const chunk of outputUntilSilent(git, 40)) expect(chunk).toBeUndefined()
    expect(reasons).toEqual(['it printed nothing for 0.04 seconds'])
  })
})
