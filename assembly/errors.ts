/** Results below zero, mirrored by `KernelError` in src/git/packfile/walk/kernel.ts. */
export const DAMAGED: i32 = -1
export const TRUNCATED: i32 = -2
export const TOO_LONG: i32 = -3
