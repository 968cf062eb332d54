import type { Imported } from './model.ts'

export const emptyImport: Imported = { rules: [], paths: [], values: [], secrets: [], log: [] }

/** All of several results. */
export function mergeImports(results: readonly Imported[]): Imported {
  return {
    rules: results.flatMap((result) => result.rules),
    paths: results.flatMap((result) => result.paths),
    values: results.flatMap((result) => result.values),
    secrets: results.flatMap((result) => result.secrets),
    log: results.flatMap((result) => result.log),
  }
}
