import { describe, expect, test } from 'vitest'
import { defaultLimits, limitsOf, pickLimits, sizeSkip } from '../../src/model/limits.ts'

describe('limits', () => {
  test('are picked from options with other fields', () => {
    const options = { jobs: 3, archiveDepth: 0, cwd: '/', archive: 'x', toString: 5 }
    expect(pickLimits(options)).toEqual({ jobs: 3, archiveDepth: 0 })
  })

  test('have their defaults where options leave them out', () => {
    expect(limitsOf({})).toEqual(defaultLimits)
    expect(limitsOf({ deadlineMs: 5 })).toEqual({ ...defaultLimits, deadlineMs: 5 })
  })
})

describe('sizeSkip', () => {
  test.each([
    [0, 0],
    [10, 10],
    [10, Infinity],
  ])('lets a blob of %d bytes be read when %d are allowed', (size, maxBlobBytes) => {
    expect(sizeSkip(size, maxBlobBytes, {})).toBeUndefined()
  })

  test('names the blob and its size', () => {
    const path = { text: 'a' }
    expect(sizeSkip(11, 10, { path })).toEqual({
      outcome: 'bounded',
      reason: 'too-large',
      path,
      detail: '11 bytes',
    })
  })

  test('takes a detail in place of the size', () => {
    expect(sizeSkip(11, 10, { detail: 'more than 10 bytes' })?.detail).toBe('more than 10 bytes')
  })
})
