import type * as Crypto from 'node:crypto'

/** `node:crypto`, which takes several milliseconds to load: a hook that finds nothing does without. */
export function crypto(): typeof Crypto {
  return process.getBuiltinModule('node:crypto')
}
