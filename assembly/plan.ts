// All that plans of packs are made with. Compiled by `npm run compile` (assembly/compile.mjs) to a
// module of its own, whose memory is the plan's and shared between threads; src/wasm/plan-loops.ts
// has the same names and their types.
export { setEntries, setFamilies } from './columns'
export { readHeaders } from './entries'
export { joinFamilies } from './families'
export { addIds, addInOrder, find, setIds } from './ids'
export { placeEntries } from './offsets'
