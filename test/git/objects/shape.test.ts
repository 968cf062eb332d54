import { describe, expect, test } from 'vitest'
import {
  arrayOf,
  isBoolean,
  isBytes,
  isNumber,
  isRepoPath,
  isString,
  objectOf,
  optional,
  pairOf,
} from '../../../src/git/objects/shape.ts'

const isPerson = objectOf<{ readonly name: string; readonly age: number | undefined }>({
  name: isString,
  age: optional(isNumber),
})

describe('a guard of a shape', () => {
  test.each([
    ['an object', isPerson, { name: 'A', age: 1 }],
    ['an object without an optional property', isPerson, { name: 'A' }],
    ['an object with a further property', isPerson, { name: 'A', mail: 'a' }],
    ['an empty array', arrayOf(isString), []],
    ['an array', arrayOf(isBoolean), [true, false]],
    ['a pair', pairOf(isString, isNumber), ['a', 1]],
    ['bytes', isBytes, Buffer.from('a')],
    ['a path', isRepoPath, { text: 'a', bytes: Buffer.from('a') }],
  ])('accepts %s', (_what, guard, value) => {
    expect(guard(value)).toBe(true)
  })

  test.each([
    ['nothing', isPerson, undefined],
    ['null', isPerson, null],
    ['an object without a property', isPerson, { age: 1 }],
    ['a property of another type', isPerson, { name: 'A', age: '1' }],
    ['an array with another item', arrayOf(isString), ['a', 1]],
    ['an object for an array', arrayOf(isString), { length: 0 }],
    ['an array that is no pair', pairOf(isString, isNumber), ['a', 1, 2]],
    ['a pair of other types', pairOf(isString, isNumber), [1, 'a']],
    ['numbers for bytes', isBytes, [1, 2]],
  ])('rejects %s', (_what, guard, value) => {
    expect(guard(value)).toBe(false)
  })
})
