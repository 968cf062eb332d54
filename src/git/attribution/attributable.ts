import type { Finding } from '../../model/model.ts'

/**
 * True when a finding was read from a git object or a commit, so that history can attribute it. A
 * finding in a file of the working tree has no attribution.
 */
export function isAttributable({ places }: Finding): boolean {
  return places.some(({ origin }) => origin.object !== undefined || origin.commit !== undefined)
}
