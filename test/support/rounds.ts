/**
 * How hard tests with generated input try. `npm test` runs a fraction of their rounds, so that it
 * stays quick; `npm run test:nightly` sets OAKUM_TEST_STRENGTH to 1 and runs them all.
 */
const strength = Number(process.env['OAKUM_TEST_STRENGTH'] ?? '0.15')

/** True in a full run, where tests try every case instead of one of each kind. */
export const isFullRun = strength >= 1

/** The number of rounds to run where a full run has `all`: at least one. */
export function rounds(all: number): number {
  return Math.max(1, Math.round(all * strength))
}

/** The first of these seeds, at least two of them: as many as `rounds` has for so many. */
export function seedsOf(all: readonly number[]): readonly number[] {
  return all.slice(0, Math.max(2, rounds(all.length)))
}
