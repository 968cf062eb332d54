// AssemblyScript: TypeScript's dialect for WebAssembly. All that the module exports, compiled by
// `npm run compile` (assembly/compile.mjs); src/wasm/instantiate.ts has the same names and their
// types.
export { learn, places, resume, search } from './prefilter'
export { consumed, inflate } from './inflate'
export { applyDelta, dirtyStream, kept, resultSizeOf } from './delta'
export { folders, notedCount, notedPlaces, number, want } from './folders'
export { headerIds } from './headers'
export { mayBeOfKind } from './kinds'
export { forget } from './lately'
export { learnMark } from './marks'
export { flushNotes, setNoting } from './notes'
export { layRecords, setRecords } from './records'
export { setSight } from './sight'
export { setWindows } from './source'
export { linkPlaces, markCount, markPlaces } from './tree'
export { begin, next, seen, seenEnd, seenSize, setLimits, takePassed, takePassedSize } from './walk'

/** The first address that nothing here uses. */
export function first(): usize {
  return (__heap_base + 63) & ~63
}
