import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { stdinSource } from '../../../src/scan/sources/stdin.ts'
import { gathered, streamOf } from '../../support/pieces.ts'

async function* silent(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('some')
  await wait(60_000, undefined, { ref: false })
}

test('yields the bytes of a pipe as one blob', async () => {
  const batches = await gathered(
    stdinSource(streamOf(['a', 'bc', 'd'].map((text) => Buffer.from(text)))).blobs(
      new AbortController().signal,
    ),
  )
  expect(batches.map((batch) => [...batch])).toEqual([
    [
      {
        id: 'stdin',
        kind: 'blob',
        origins: [{ kind: 'stdin' }],
        start: 0,
        bytes: Buffer.from('abcd'),
        last: true,
      },
    ],
  ])
})

test('yields an empty blob for an empty pipe', async () => {
  const batches = await gathered(stdinSource(streamOf([])).blobs(new AbortController().signal))
  expect(batches.map((batch) => [...batch])).toMatchObject([[{ start: 0, last: true }]])
})

test.each([
  ['before it began', 0],
  ['while it waits', 20],
])('ends when aborted %s, though the pipe stays silent', async (_name, ms) => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), ms)
  if (ms === 0) controller.abort()
  expect(
    (await gathered(stdinSource(silent()).blobs(controller.signal))).length,
  ).toBeLessThanOrEqual(1)
})

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('some')
  throw new Error('the pipe broke')
}

test('throws the error of a pipe that fails', async () => {
  await expect(gathered(stdinSource(broken()).blobs(new AbortController().signal))).rejects.toThrow(
    'the pipe broke',
  )
})
