import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { defaultLimits } from '../../../src/model/limits.ts'
import { Budget } from '../../../src/scan/archives/budget.ts'
import { unpackedBzip2 } from '../../../src/scan/archives/bzip2.ts'
import { chunksOf } from '../../../src/scan/archives/content.ts'
import { seededRandom } from '../../support/random.ts'

/** Bytes with runs of every length, among them those that end a block. */
function bytesWithRuns(length: number): Buffer {
  const random = seededRandom(length)
  const parts: Buffer[] = []
  for (let left = length; left > 0; ) {
    const run = Math.min(left, Math.ceil(600 ** random()))
    parts.push(Buffer.alloc(run, Math.floor(random() * 256 ** random())))
    left -= run
  }
  return Buffer.concat(parts)
}

/** Undefined when the program is not installed. */
function pack(input: Buffer, level: number, program = 'bzip2'): Buffer | undefined {
  const { stdout, error } = spawnSync(program, [`-${level}`], { input })
  return error === undefined ? stdout : undefined
}

/** Unpacks all, and tells what broke off. */
async function unpack(bytes: Buffer): Promise<readonly [bytes: Buffer, error: string]> {
  const chunks: Uint8Array[] = []
  try {
    const content = unpackedBzip2({ bytes }, new Budget(defaultLimits, bytes.length))
    for await (const chunk of chunksOf(content)) chunks.push(chunk)
    return [Buffer.concat(chunks), '']
  } catch (error) {
    return [Buffer.concat(chunks), String(error)]
  }
}

describe('bzip2', () => {
  test.each([
    [0, 9],
    [1, 9],
    [259, 1],
    [70_000, 9],
    [450_000, 1],
  ])('%i bytes come out as the program packed them, at level %i', async (length, level) => {
    const input = bytesWithRuns(length)
    const packed = pack(input, level)
    if (packed === undefined) return
    const [unpacked, error] = await unpack(packed)
    expect(error).toBe('')
    expect(unpacked.equals(input)).toBe(true)
  })

  test('a wrong checksum, an early end and what follows a stream are errors, after the bytes', async () => {
    const input = bytesWithRuns(1000)
    const packed = pack(input, 9)
    if (packed === undefined) return
    const wrong = Buffer.from(packed)
    wrong[12] = (wrong[12] ?? 0) ^ 1
    const [unpacked, error] = await unpack(wrong)
    expect(unpacked.equals(input)).toBe(true)
    expect(error).toContain('a wrong checksum of a block')
    expect((await unpack(packed.subarray(0, -20)))[1]).toContain('it ends early')
    expect(await unpack(Buffer.concat([packed, Buffer.from('and text')]))).toEqual([
      input,
      'Error: something else follows a stream',
    ])
  })
})
