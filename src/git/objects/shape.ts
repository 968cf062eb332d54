/** Checks that a value read from JSON has the shape of a type. */
import type { RepoPath } from '../../model/model.ts'

export type Guard<Value> = (value: unknown) => value is Value

export const isString: Guard<string> = (value) => typeof value === 'string'
export const isNumber: Guard<number> = (value) => typeof value === 'number'
export const isBoolean: Guard<boolean> = (value) => typeof value === 'boolean'
export const isBytes: Guard<Uint8Array> = (value) => value instanceof Uint8Array

/** Accepts undefined too, since JSON leaves out a property that is undefined. */
export function optional<Value>(guard: Guard<Value>): Guard<Value | undefined> {
  return (value) => value === undefined || guard(value)
}

export function arrayOf<Item>(guard: Guard<Item>): Guard<readonly Item[]> {
  return (value) => Array.isArray(value) && value.every((item) => guard(item))
}

export function pairOf<First, Second>(
  first: Guard<First>,
  second: Guard<Second>,
): Guard<readonly [First, Second]> {
  return (value): value is readonly [First, Second] =>
    Array.isArray(value) && value.length === 2 && first(value[0]) && second(value[1])
}

/** Accepts objects whose properties pass the guards; further properties do not matter. */
export function objectOf<Value extends object>(
  guards: {
    readonly [Name in keyof Value]-?: Guard<Value[Name]>
  },
): Guard<Value> {
  const properties: readonly (readonly [string, Guard<unknown>])[] = Object.entries(guards)
  return (value): value is Value =>
    typeof value === 'object' &&
    value !== null &&
    properties.every(([name, guard]) => guard(Reflect.get(value, name)))
}

export const isRepoPath = objectOf<RepoPath>({ text: isString, bytes: optional(isBytes) })
