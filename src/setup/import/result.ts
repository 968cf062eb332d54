import type { Imported } from './model.ts'

export const nothing: Imported = { rules: [], paths: [], values: [], secrets: [], account: [] }

/** All of several results. */
export function together(results: readonly Imported[]): Imported {
  return {
    rules: results.flatMap((result) => result.rules),
    paths: results.flatMap((result) => result.paths),
    values: results.flatMap((result) => result.values),
    secrets: results.flatMap((result) => result.secrets),
    account: results.flatMap((result) => result.account),
  }
}
