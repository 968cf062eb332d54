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

test('variations of the documented key of AWS are samples, and other keys are not', () => {
  const [id, secret] = [
    ['AKIAIOSF', 'ODNN7'],
    ['wJalrXUt', 'nFEMI/K7MDENG/bPxRfiCY'],
  ].map((head) => head.join(''))
  for (const sample of [`${id}OTHERKE`, `${id}FAKEKEY`, `${secret}ESAMPLEKEY`])
    expect(placeholderReason(sample)).toMatch(/sample/)
  expect(placeholderReason(`AKIA${id?.slice(5)}OTHERKEY`)).toBeUndefined()
})

test('the keys of emulators and of documentation are samples, with 0x before them too', () => {
  const body = ['16C7e42F292c6912', 'E7710c838347Ae178B4a'].join('')
  const hardhat = ['ac0974bec39a17e36ba4a6b4d238ff94', '4bacb478cbed5efcae784d7bf4f2ff80'].join('')
  for (const sample of [`gho_${body}`, `ghp_${body}`, hardhat, `0x${hardhat}`])
    expect(publishedReason(sample)).toBe('it is a sample that its issuer publishes')
})
