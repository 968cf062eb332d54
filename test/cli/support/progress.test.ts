import { describe, expect, test } from 'vitest'
import { run } from '../../../src/cli/process/main.ts'
import { progressText, startProgress } from '../../../src/cli/support/progress.ts'
import type { ScanEvent } from '../../../src/model/outcome.ts'
import { fakeIo } from '../../support/io.ts'
import { fakeScan, findingOf, resultOf } from '../results.ts'

const erase = '\r\u001B[2K'
const scanned: ScanEvent = {
  type: 'scanned',
  objects: { blob: 1, tree: 0, commit: 0, tag: 0 },
  bytes: 1_000_000,
}

function clockOf(times: readonly number[]): () => number {
  let index = 0
  return () => times[Math.min(index++, times.length - 1)]!
}

describe('progressText', () => {
  const counts = { planned: 0, objects: 0, bytes: 0, findings: 0, elapsedMs: 0 }
  test.each([
    ['nothing is known', {}, 'oakum: 0 objects, 0 findings'],
    [
      'the number of objects is not known',
      { objects: 1200, bytes: 3e6, elapsedMs: 1500 },
      'oakum: 1,200 objects, 2 MB/s, 0 findings',
    ],
    [
      'all is known',
      { planned: 90_000, objects: 30_000, bytes: 500e6, findings: 1, elapsedMs: 6000 },
      'oakum: 30,000 of 90,000 objects, 83 MB/s, 12 s left, 1 finding',
    ],
    [
      'it takes minutes',
      { planned: 100, objects: 10, elapsedMs: 10_000 },
      'oakum: 10 of 100 objects, 0 MB/s, 2 min left, 0 findings',
    ],
    [
      'it takes hours',
      { planned: 1000, objects: 1, elapsedMs: 10_000 },
      'oakum: 1 of 1,000 objects, 0 MB/s, 2 h 47 min left, 0 findings',
    ],
    [
      'there are more than planned',
      { planned: 1, objects: 2, elapsedMs: 1000 },
      'oakum: 2 objects, 0 MB/s, 0 findings',
    ],
  ])('when %s', (_, fields, expected) => {
    expect(progressText({ ...counts, ...fields })).toBe(expected)
  })
})

describe('startProgress', () => {
  test('draws at most ten times a second, over the line before, and clears it at the end', () => {
    const io = fakeIo({ argv: [], now: clockOf([0, 50, 100, 150, 199, 200]) })
    const progress = startProgress(io)
    for (let index = 0; index < 5; index += 1) progress.onEvent(scanned)
    expect(io.err()).toBe(
      `${erase}oakum: 2 objects, 20 MB/s, 0 findings${erase}oakum: 5 objects, 25 MB/s, 0 findings`,
    )
    progress.clear()
    progress.clear()
    expect(io.err().endsWith(`findings${erase}`)).toBe(true)
  })

  test('draws nothing for a scan that ends at once', () => {
    const io = fakeIo({ argv: [], now: clockOf([0, 99]) })
    const progress = startProgress(io)
    progress.onEvent(scanned)
    progress.clear()
    expect(io.err()).toBe('')
  })

  test('counts a blob of several windows once', () => {
    const io = fakeIo({ argv: [], now: clockOf([0, 0, 0, 1000]) })
    const { onEvent } = startProgress(io)
    onEvent({ type: 'scanned', objects: { blob: 0, tree: 0, commit: 0, tag: 0 }, bytes: 1_000_000 })
    onEvent({ type: 'finding', finding: findingOf('high') })
    onEvent(scanned)
    expect(io.err()).toBe(`${erase}oakum: 1 object, 2 MB/s, 1 finding`)
  })

  test('stays on one line of a narrow terminal', () => {
    const io = fakeIo({ argv: [], columns: 12, now: clockOf([0, 1000]) })
    startProgress(io).onEvent(scanned)
    expect(io.err()).toBe(`${erase}oakum: 1 ob`)
  })
})

describe('the progress line is drawn', () => {
  const events: readonly ScanEvent[] = [{ type: 'planned', objects: 2 }, scanned, scanned]
  test.each([
    ['on a terminal', { stderrIsTTY: true }, [], true],
    ['not on a pipe', {}, [], false],
    ['not in CI', { stderrIsTTY: true, env: { CI: 'true' } }, [], false],
    ['not with --quiet', { stderrIsTTY: true }, ['--quiet'], false],
  ])('%s', async (_, ioFields, more, expected) => {
    let time = 0
    const io = fakeIo({ argv: ['scan', ...more], ...ioFields, now: () => (time += 100) })
    await run(io, fakeScan(resultOf(), events))
    expect(io.err().includes(' of 2 objects')).toBe(expected)
    expect(io.err() === '' || io.err().endsWith(erase)).toBe(true)
  })

  test('and cleared when the scan fails', async () => {
    let time = 0
    const io = fakeIo({ argv: ['scan'], stderrIsTTY: true, now: () => (time += 100) })
    await run(io, {
      scan: (_, options) => {
        options?.onEvent?.(scanned)
        return Promise.reject(new Error('unforeseen'))
      },
    })
    expect(io.err()).toContain(`${erase}oakum: Error: this is a bug`)
  })
})
