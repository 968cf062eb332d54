import { expect, test } from 'vitest'
import { placeholderReason } from '../../../src/scan/suppress/placeholder.ts'
import { publishedReason } from '../../../src/scan/suppress/published-samples.ts'
import { base64, randomText, seeded } from './random-values.ts'

/** A key of the Amazon S3 guide of 2006, in shuffled pieces so that it is not in this file. */
const pieces = { end: 'QpvB+leU8dUj2o', start: 'uV3F3YluFJax1', middle: 'cknvbcGwgjvx4' }
const published = pieces.start + pieces.middle + pieces.end

test('recognizes a sample of AWS only as a whole value', () => {
  expect(publishedReason(published)).toBe('it is a sample that its issuer publishes')
  expect(placeholderReason(published)).toBe('it is a sample that its issuer publishes')
  expect(publishedReason(`${published}A`)).toBeUndefined()
  expect(publishedReason(published.slice(1))).toBeUndefined()
})

test('random secrets are not among the samples', () => {
  const random = seeded(31)
  for (let count = 0; count < 2000; count++)
    expect(publishedReason(randomText(random, base64, 40))).toBeUndefined()
})
