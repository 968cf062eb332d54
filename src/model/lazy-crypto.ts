import type * as Crypto from 'node:crypto'

/**
 * `node:crypto`, which takes several milliseconds to load: whoever finds and keeps nothing does
 * without.
 */
export function crypto(): typeof Crypto {
  return process.getBuiltinModule('node:crypto')
}
