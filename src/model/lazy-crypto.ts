import type * as Crypto from 'node:crypto'

/**
 * Returns `node:crypto`. The module takes several milliseconds to load, so runs without findings
 * and caches do not load it.
 */
export function crypto(): typeof Crypto {
  return process.getBuiltinModule('node:crypto')
}
