// Entry point of the main module: AssemblyScript, TypeScript's dialect for WebAssembly.
// `npm run compile` (assembly/compile.mjs) compiles this file; src/git/wasm/instantiate.ts declares
// the same exports with their types.
export { addGrams, candidateOffsets, findCandidates, resumeAt } from './prefilter'
export { consumed, inflate } from './inflate'
export { applyDelta, dirtyStream, keptPrefix, resultSizeOf } from './delta'
export {
  addWantedPrefix,
  numberFolder,
  scannedCount,
  scannedEntries,
  scanTree,
} from './tree-scan'
export { headerIds } from './header-links'
export { mayNeedWholeBlob } from './special-blobs'
export { forgetRecent } from './recent-ids'
export { addNameFragment } from './name-fragments'
export { flushTreeDiffs, setTreeDiffLogging } from './tree-diff-log'
export { setEntryRecords, writeEntryRecords } from './entry-records'
export { setFilter } from './object-filter'
export { setWindows } from './pack-windows'
export { fragmentCount, fragmentOffsets, linkOffsets } from './tree-entries'
export {
  beginWalk,
  nextVisit,
  setSizeLimits,
  takeSkippedBytes,
  takeSkippedCount,
  visitedContent,
  visitedContentEnd,
  visitedSize,
} from './walk'

/** Returns the first address that this module does not use itself, a multiple of 64. */
export function firstFree(): usize {
  return (__heap_base + 63) & ~63
}
