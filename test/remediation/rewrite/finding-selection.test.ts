import { expect, test } from 'vitest'
import {
  checkFingerprints,
  selectFindings,
} from '../../../src/remediation/rewrite/finding-selection.ts'
import { UsageError } from '../../../src/model/errors.ts'
import { finding } from '../../support/result.ts'

const low = finding({ fingerprint: 'oak1-a', severity: 'low' })
const high = finding({ fingerprint: 'oak1-b', severity: 'high' })

test('selects findings at or above the severity', () => {
  expect(selectFindings([low, high], { fingerprints: [], failOn: 'medium' })).toEqual([high])
  expect(selectFindings([low, high], { fingerprints: [], failOn: 'low' })).toEqual([low, high])
})

test('selects named findings whatever their severity', () => {
  expect(selectFindings([low, high], { fingerprints: ['oak1-a'], failOn: 'critical' })).toEqual([
    low,
  ])
})

test('refuses a fingerprint that no finding has', () => {
  const selection = { fingerprints: ['oak1-a', 'oak1-c'], failOn: 'low' } as const
  expect(() => checkFingerprints([low, high], selection, 'in the history')).toThrow(
    new UsageError('no finding in the history has the fingerprint oak1-c; see oakum history'),
  )
  expect(() =>
    checkFingerprints([low, high], { ...selection, fingerprints: ['oak1-b'] }, ''),
  ).not.toThrow()
})
