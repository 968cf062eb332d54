/**
 * Iterations of a loop over all entries of a pack that run in one call. V8 replaces a function's
 * baseline code with optimized code only between two calls, never inside a running loop. So a
 * function with a long loop handles this many iterations and calls itself for the rest.
 */
export const MAX_ITERATIONS: i32 = 8192
