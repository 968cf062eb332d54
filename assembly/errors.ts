// Mirrored by `KernelError` in src/pack/kernel.ts, which says what they mean.
export const DAMAGED: i32 = -1
export const TRUNCATED: i32 = -2
export const TOO_LONG: i32 = -3
