// Entry point of the second module, with the loops that plan the reading of packs. Its memory is
// imported: it holds the plan and is shared between threads. `npm run compile`
// (assembly/compile.mjs) compiles this file; src/git/wasm/plan-loops.ts declares the same exports
// with their types.
export { setDeltaChains, setEntries } from './columns'
export { readHeaders } from './entry-headers'
export { linkDeltaChains } from './delta-chains'
export { addIds, addSortedIds, find, setIds } from './ids'
export { placeEntries } from './offsets'
