// Loops over all entries of a pack run once. V8 puts better code in the place of a function's first
// one between two calls, never within a loop: so those with much to do at each turn do a part, and
// call themselves for the rest.

/** So many turns of a loop are one part. */
export const AT_ONCE: i32 = 8192
