import { expect, test } from 'vitest'
import { placeholderReason } from '../../../src/scan/suppress/placeholder.ts'
import { publishedReason } from '../../../src/scan/suppress/published-samples.ts'
import { base64, randomText, seeded } from './random-values.ts'

/**
 * A key of the Amazon S3 guide of 2006, in pieces and out of order, so that it is not written here.
 */
const pieces = { end: 'QpvB+leU8dUj2o', start: 'uV3F3YluFJax1', middle: 'cknvbcGwgjvx4' }
const published = pieces.start + pieces.middle + pieces.end

test('a sample that AWS prints is known, whole and only so', () => {
  expect(publishedReason(published)).toBe('it is a sample that its issuer publishes')
  expect(placeholderReason(published)).toBe('it is a sample that its issuer publishes')
  expect(publishedReason(`${published}A`)).toBeUndefined()
  expect(publishedReason(published.slice(1))).toBeUndefined()
})

test('random secrets are on no list', () => {
  const random = seeded(31)
  for (let count = 0; count < 2000; count++)
    expect(publishedReason(randomText(random, base64, 40))).toBeUndefined()
})
