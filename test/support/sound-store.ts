import type { PackReaderOptions } from '../../src/git/packfile/reader-options.ts'

/** A check of a store that finds no damage, for tests of other parts of the pack reader. */
export const soundStore: PackReaderOptions['storeCheck'] = {
  run: () => Promise.resolve([]),
  isSound: true,
}
