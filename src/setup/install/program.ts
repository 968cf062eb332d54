import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The Oakum that runs now, as a hook would start it. */
export interface Program {
  /** Folder of the package, with `hooks/` and `dist/`. */
  readonly root: string
  readonly node: string
  readonly bin: string
}

/** Where this package is, wherever in it this file was compiled to. */
export function runningProgram(): Program {
  for (let root = dirname(fileURLToPath(import.meta.url)); ; root = dirname(root)) {
    const bin = binOf(join(root, 'package.json'))
    if (bin !== undefined)
      return { root, node: withSlashes(process.execPath), bin: withSlashes(join(root, bin)) }
    if (dirname(root) === root) throw new Error('Oakum is outside of its package')
  }
}

/** What Oakum's own package.json names as its program; undefined for any other file. */
function binOf(path: string): string | undefined {
  if (!existsSync(path)) return undefined
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (
    typeof manifest !== 'object' ||
    manifest === null ||
    !('name' in manifest) ||
    manifest.name !== 'oakum'
  )
    return undefined
  const bin = 'bin' in manifest ? manifest.bin : undefined
  return typeof bin === 'object' && bin !== null && 'oakum' in bin && typeof bin.oakum === 'string'
    ? bin.oakum
    : undefined
}

/** A path as a shell takes it, on Windows too. */
function withSlashes(path: string): string {
  return path.split(sep).join('/')
}

/** Did npx unpack it, into a cache that npm empties when it likes? */
export function isInNpxCache({ bin }: Program): boolean {
  return bin.split('/').includes('_npx')
}

/**
 * The program's place below `top`, with `/`, where it is one of the packages of that work tree;
 * else undefined.
 */
export function pathWithinWorkTree(program: Program, top: string): string | undefined {
  const path = withSlashes(relative(realpathSync(top), program.bin))
  return path.startsWith('../') || !path.split('/').includes('node_modules') ? undefined : path
}

/**
 * The command that starts Oakum from a file that others get too: without a path of this machine.
 */
export function sharedCommand(program: Program, top: string): string {
  const place = pathWithinWorkTree(program, top)
  if (place === undefined) return 'oakum'
  return `./${place.slice(0, place.indexOf('node_modules/'))}node_modules/.bin/oakum`
}
