import { expect, test } from 'vitest'
import { mergeRegions, addRegions } from '../../../src/scan/findings/regions.ts'
import type { Finding } from '../../../src/model/model.ts'
import { finding, part, place, rule, secrets } from '../../support/result.ts'

const key = 'K'.repeat(40)

function near(
  before: string,
  after = '',
  fields: Partial<Finding> = {},
): readonly string[] | undefined {
  const text = `${before}${key}${after}`
  const [start, end] = [Buffer.byteLength(before), Buffer.byteLength(before) + key.length]
  const at = {
    ...place({ kind: 'file', path: { text: 'a' } }),
    span: { start, end, line: 1, column: 1, endLine: 1, endColumn: 1 },
  }
  return addRegions(finding({ parts: [part('secret', secrets.key)], places: [at], ...fields }), {
    start: 0,
    bytes: Buffer.from(text),
  }).regions
}

test.each<[string, readonly string[] | undefined]>([
  ['AWS_REGION=eu-west-1\n', ['eu-west-1']],
  ['region: us-gov-west-1 # not us-east-1', ['us-east-1', 'us-gov-west-1']],
  ['arn:aws-us-gov:iam::111122223333:user/x', ['aws-us-gov']],
  ['arn:aws:s3:::bucket', ['aws']],
  ['https://s3.cn-north-1.amazonaws.com.cn/', ['aws-cn', 'cn-north-1']],
  ['s3.eusc-de-east-1.amazonaws.eu', ['aws-eusc', 'eusc-de-east-1']],
  ['https://console.amazonaws-us-gov.com', ['aws-us-gov']],
  ['availability zone ap-southeast-2a', ['ap-southeast-2']],
  ['my-us-east-1-bucket us-east-12 eu-nowhere-1 arn:awsome:', undefined],
])('beside %j the regions are %j', (text, regions) => {
  expect(near(text)).toEqual(regions)
  expect(near('', text)).toEqual(regions)
})

test('distant regions are ignored, and so are those near credentials of other providers', () => {
  expect(near(`eu-west-1${' '.repeat(3000)}`)).toBeUndefined()
  expect(near('eu-west-1 ', '', { rule: rule({ provider: 'github' }) })).toBeUndefined()
})

test('of a blob in windows only the last window is searched', () => {
  const one = finding({ parts: [part('secret', secrets.key)] })
  expect(addRegions(one, { start: 1 << 20, bytes: Buffer.from('eu-west-1') })).toBe(one)
})

test('merged findings have the regions of both, sorted', () => {
  const [a, b] = [
    finding({ regions: ['us-east-1', 'eu-west-1'] }),
    finding({ regions: ['cn-north-1', 'eu-west-1'] }),
  ]
  expect(mergeRegions(a, b)).toEqual({ regions: ['cn-north-1', 'eu-west-1', 'us-east-1'] })
  expect(mergeRegions(b, a)).toEqual(mergeRegions(a, b))
  expect(mergeRegions(finding(), finding())).toEqual({})
})
