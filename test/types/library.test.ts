import { expect, expectTypeOf, test } from 'vitest'
import * as library from '../../src/index.ts'
import type {
  Finding,
  Place,
  Receipt,
  ReportOptions,
  ScanEvent,
  ScanOptions,
  ScanResult,
  Severity,
  Target,
  VerifyOptions,
} from '../../src/index.ts'

// Most of these are checked by the compiler (`npm run types`); at run time they pass.

test('the library exports what is documented, and nothing else', () => {
  expect(Object.keys(library).sort()).toEqual([
    'ConfigError',
    'ScanError',
    'Secret',
    'UsageError',
    'builtinRules',
    'isExpected',
    'loadPolicy',
    'reporters',
    'scan',
    'verify',
  ])
})

test('scan takes a target and perhaps options, and gives a result', () => {
  expectTypeOf(library.scan).parameter(0).toEqualTypeOf<Target>()
  expectTypeOf(library.scan).parameter(1).toEqualTypeOf<ScanOptions | undefined>()
  expectTypeOf(library.scan).returns.resolves.toEqualTypeOf<ScanResult>()
})

test('verify takes findings and perhaps options, and gives findings', () => {
  expectTypeOf(library.verify).parameter(0).toEqualTypeOf<readonly Finding[]>()
  expectTypeOf(library.verify).parameter(1).toEqualTypeOf<VerifyOptions | undefined>()
  expectTypeOf(library.verify).returns.resolves.toEqualTypeOf<readonly Finding[]>()
})

test('a target says what it needs', () => {
  expectTypeOf<{ name: 'scan' }>().toExtend<Target>()
  expectTypeOf<{ name: 'range'; range: string }>().toExtend<Target>()
  expectTypeOf<{ name: 'stdin'; stream: AsyncIterable<Uint8Array> }>().toExtend<Target>()
  expectTypeOf<{ name: 'range' }>().not.toExtend<Target>()
  expectTypeOf<{ name: 'everything' }>().not.toExtend<Target>()
})

test('a finding has at least one place, and its secrets do not read as text', () => {
  expectTypeOf<Finding['places']>().toEqualTypeOf<readonly [Place, ...Place[]]>()
  expectTypeOf<Finding['parts'][number]['secret']>().toEqualTypeOf<library.Secret>()
  expectTypeOf<library.Secret>().not.toExtend<string>()
  expectTypeOf<Finding['severity']>().toEqualTypeOf<Severity>()
})

test('results cannot be written on', () => {
  expectTypeOf<ScanResult>().toEqualTypeOf<Readonly<ScanResult>>()
  expectTypeOf<Receipt>().toEqualTypeOf<Readonly<Receipt>>()
})

test('events are told apart by their type', () => {
  expectTypeOf<Extract<ScanEvent, { type: 'finding' }>>().toEqualTypeOf<{
    readonly type: 'finding'
    readonly finding: Finding
  }>()
})

test('a reporter makes text of a result', () => {
  expectTypeOf<Parameters<(typeof library.reporters)['json']>>().toExtend<
    [ScanResult, ReportOptions]
  >()
  expectTypeOf<ReturnType<(typeof library.reporters)['text']>>().toEqualTypeOf<string>()
})

test('isExpected narrows an unknown error', () => {
  expectTypeOf(library.isExpected).guards.toEqualTypeOf<library.ExpectedError>()
})
