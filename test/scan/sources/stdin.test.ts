import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { stdinSource } from '../../../src/scan/sources/stdin.ts'
import { gathered, streamOf } from '../../support/pieces.ts'

async function* silent(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('some')
  await wait(60_000, undefined, { ref: false })
}

test('bytes from a pipe are one blob, called stdin', async () => {
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

test('an empty pipe is an empty blob', async () => {
  const batches = await gathered(stdinSource(streamOf([])).blobs(new AbortController().signal))
  expect(batches.map((batch) => [...batch])).toMatchObject([[{ start: 0, last: true }]])
})

test.each([
  ['before it began', 0],
  ['while it waits', 20],
])(
  'a pipe that stays silent does not keep a scan from ending when it is aborted %s',
  async (_name, ms) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), ms)
    if (ms === 0) controller.abort()
    expect(
      (await gathered(stdinSource(silent()).blobs(controller.signal))).length,
    ).toBeLessThanOrEqual(1)
  },
)

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('some')
  throw new Error('the pipe broke')
}

test('a pipe that fails is not taken for one that ended', async () => {
  await expect(gathered(stdinSource(broken()).blobs(new AbortController().signal))).rejects.toThrow(
    'the pipe broke',
  )
})
