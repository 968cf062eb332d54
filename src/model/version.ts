import { readFileSync } from 'node:fs'

/**
 * Returns Oakum's version from its package.json, which is two folders up from `src/model` and from
 * `dist/model`.
 */
export function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? manifest.version
      : undefined
  return typeof version === 'string' ? version : 'unknown'
}
