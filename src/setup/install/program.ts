/** Locates the running Oakum, and the command or path with which a hook starts it. */
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readRegularFile } from '../../model/regular-file.ts'

/** The running Oakum, as a hook would start it: `node bin`. */
export interface Program {
  /** Folder of the package, which contains `hooks/` and `dist/`. */
  readonly root: string
  readonly node: string
  readonly bin: string
}

/**
 * Returns the running Oakum. The package's folder is the nearest one upwards with its package.json,
 * since this file may be compiled to different depths.
 */
export function runningProgram(): Program {
  for (let root = dirname(fileURLToPath(import.meta.url)); ; root = dirname(root)) {
    const bin = readBinField(join(root, 'package.json'))
    if (bin !== undefined)
      return { root, node: withSlashes(process.execPath), bin: withSlashes(join(root, bin)) }
    if (dirname(root) === root) throw new Error('Oakum runs outside of its package')
  }
}

/**
 * Returns `bin.oakum` of Oakum's own package.json; undefined for any other file. The name of the
 * package is not asked for: it may change, or get a scope.
 */
function readBinField(path: string): string | undefined {
  if (!existsSync(path)) return undefined
  const manifest: unknown = JSON.parse(readRegularFile(path).toString('utf8'))
  if (typeof manifest !== 'object' || manifest === null) return undefined
  const bin = 'bin' in manifest ? manifest.bin : undefined
  return typeof bin === 'object' && bin !== null && 'oakum' in bin && typeof bin.oakum === 'string'
    ? bin.oakum
    : undefined
}

/** Returns the path with slashes, as a shell reads it on Windows too. */
function withSlashes(path: string): string {
  return path.split(sep).join('/')
}

/** Whether npx unpacked the program into its cache, from which npm may delete it at any time. */
export function isInNpxCache({ bin }: Program): boolean {
  return bin.split('/').includes('_npx')
}

/**
 * Returns the program's path relative to `top`, with `/`, when it is in a `node_modules` of that
 * work tree; else undefined.
 */
export function pathWithinWorkTree(program: Program, top: string): string | undefined {
  const path = withSlashes(relative(realpathSync(top), program.bin))
  return path.startsWith('../') || !path.split('/').includes('node_modules') ? undefined : path
}

/**
 * Returns the command that starts Oakum in a file that is shared with others: `oakum` or a path
 * relative to the work tree, and never a path of this machine.
 */
export function sharedCommand(program: Program, top: string): string {
  const path = pathWithinWorkTree(program, top)
  if (path === undefined) return 'oakum'
  return `./${path.slice(0, path.indexOf('node_modules/'))}node_modules/.bin/oakum`
}
