/**
 * Loads the bundles that `build/bundle.mjs` makes, with a code cache: the machine code and bytecode
 * that V8 compiled of a bundle in an earlier run. To find, read and compile modules takes longer
 * than most runs.
 *
 * A cache file holds V8's data and behind it the text of the bundle that was compiled. V8 checks
 * the Node version, the processor, its flags and the length of the text, but not the text itself;
 * so the text is compared byte by byte here, and an edited bundle never runs its old code. A file
 * that does not fit is written again. Where nothing can be written, each run compiles.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type V8 from 'node:v8'
import { Script } from 'node:vm'

/** Path of a bundle in `dist/`, without `.cjs`. */
export type Bundle =
  | 'cli/process'
  | 'cli/main'
  | 'staged-fast-path/evaluate-candidates'
  | 'staged-fast-path/entries-only'
  | 'scan/filter-worker'
  | 'audit/worker'
  | 'action/process'
  | 'packages/aws-sdk'
  | 'packages/scslre'
  | 'packages/yaml'

interface LoadedBundle {
  readonly exports: unknown
  readonly script: Script
  /** Bytes of the bundle as they were read. */
  readonly text: Buffer
  readonly cacheFile: string
}

const dist = join(__dirname, '..')
const cacheFolder = join(dist, 'code-cache')
const loaded = new Map<Bundle, LoadedBundle>()

/** The command that runs. Each has cache files of its own, as each compiles other functions. */
const command = /^[a-z]+$/.exec(process.argv[2] ?? '')?.[0] ?? 'any'

// A scan keeps all processors busy for seconds, and optimizing functions competes with it. Hooks
// end before V8 optimizes anything.
if (command !== 'hook' && command !== 'staged') {
  // Inlining took a tenth of the time; functions that are not inlined run as fast.
  setFlag('--max-inlined-bytecode-size-cumulative=100')
  // V8 11 (Node 20) optimizes a function after 132 KB of bytecode that it ran. Later versions count
  // calls, lack this flag and warn about it.
  if (process.versions.v8.startsWith('11.')) setFlag('--interrupt-budget=300000')
}

/** Packages of the audit screen, once they were imported, by name. */
const packages = new Map<string, unknown>()

/** Loads a bundle once and returns what it exports. */
export function loadBundle(bundle: Bundle): unknown {
  const started = loaded.get(bundle) ?? start(bundle)
  loaded.set(bundle, started)
  return started.exports
}

/** Parameters of the function that each bundle is wrapped in. */
const PARAMETERS = 'require,module,exports,loadBundle,keepCompiled,withScreenPackages,urlOf'

function start(bundle: Bundle): LoadedBundle {
  const file = join(dist, `${bundle}.cjs`)
  const name = [...bundle.split('/'), command, process.version, process.arch].join('-')
  const cacheFile = join(cacheFolder, name)
  const text = readFileSync(file)
  // The bundler escapes characters outside ASCII, and Latin-1 needs no decoding.
  const source = `(function(${PARAMETERS}){${text.toString('latin1')}\n})`
  const script = new Script(source, { filename: file, cachedData: cachedDataOf(text, cacheFile) })
  // V8 drops the bytecode of functions that have not run for a while. The outermost function of a
  // bundle runs once and takes longest to compile, so it must stay until the cache is written.
  if (script.cachedDataRejected !== false) setFlag('--no-flush-bytecode')
  const module = { exports: {} }
  script.runInThisContext()(
    requirePackage,
    module,
    module.exports,
    loadBundle,
    keepCompiled,
    withScreenPackages,
    urlOf,
  )
  return { exports: module.exports, script, text, cacheFile }
}

/** Returns V8's data from a cache file, if the text that it was compiled from is `text`. */
function cachedDataOf(text: Buffer, cacheFile: string): Buffer | undefined {
  const cached = readIfExists(cacheFile)
  if (cached === undefined || cached.length <= text.length) return undefined
  const end = cached.length - text.length
  return cached.compare(text, 0, text.length, end) === 0 ? cached.subarray(0, end) : undefined
}

function readIfExists(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

function requirePackage(name: string): unknown {
  return packages.get(name) ?? require(name)
}

/**
 * Imports the packages of the audit screen, which are ES modules, then calls `load`. A script that
 * was compiled from cached data cannot use `import()` itself.
 */
async function withScreenPackages(load: () => unknown): Promise<unknown> {
  const module: { readonly default: Readonly<Record<string, unknown>> } = await import(
    urlOf('packages/screen.mjs')
  )
  for (const [name, exports] of Object.entries(module.default)) packages.set(name, exports)
  return load()
}

/** Returns the `import.meta.url` a module would have unbundled, from its path in `dist/`. */
function urlOf(path: string): string {
  return pathToFileURL(join(dist, path)).href
}

/**
 * Writes the code cache of all loaded bundles, unless it was in use already. `warmUp` first runs
 * functions that later runs may need.
 */
async function keepCompiled(warmUp?: () => Promise<unknown>): Promise<void> {
  if ([...loaded.values()].every(({ script }) => script.cachedDataRejected === false)) return
  try {
    // A thread has no warm-up and must not await: it may be terminated while it waits.
    if (warmUp !== undefined) await warmUp()
    mkdirSync(cacheFolder, { recursive: true })
    // V8 rejects a cache that was made with other flags than those of the run that reads it.
    setFlag('--flush-bytecode')
    for (const { script, text, cacheFile } of loaded.values())
      if (script.cachedDataRejected !== false)
        writeAtomically(cacheFile, Buffer.concat([script.createCachedData(), text]))
    setFlag('--no-flush-bytecode')
  } catch {
    // The cache only saves time, and nobody asked for the file.
  }
}

/** Sets a V8 flag. `node:v8` is required here, as most runs set none. */
function setFlag(flag: string): void {
  const v8: typeof V8 = require('node:v8')
  v8.setFlagsFromString(flag)
}

/** Writes a draft and renames it, so that no other process ever reads half a file. */
function writeAtomically(file: string, bytes: Uint8Array): void {
  const draft = `${file}.${process.pid}.${performance.now()}`
  try {
    writeFileSync(draft, bytes, { flag: 'wx', flush: true })
    renameSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}
