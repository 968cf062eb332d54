/**
 * Loads the program from what `build/bundle.mjs` made of it, with the code V8 compiled of it at an
 * earlier run: to find, read and compile what a run needs takes longer than most runs. A piece goes
 * by the digest of its text, since V8 compares lengths only; what another Node, processor or set of
 * flags compiled V8 rejects, and it is made again. Where nothing can be written, all is compiled at
 * each run.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type V8 from 'node:v8'
import { Script } from 'node:vm'

export type Bundle =
  | 'cli/process'
  | 'cli/main'
  | 'quick/evaluate-candidates'
  | 'quick/entries-only'
  | 'scan/filter-worker'

/** Of the pieces' texts: esbuild writes them here. */
declare const DIGESTS: Readonly<Record<Bundle, string>>

interface Loaded {
  readonly exports: unknown
  readonly script: Script
  /** Where what is compiled of it is kept. */
  readonly kept: string
}

const dist = join(__dirname, '..')
const folder = join(dist, 'code-cache')
const loaded = new Map<Bundle, Loaded>()

/** What one command compiles another may never run, so each has its own. */
const use = /^[a-z]+$/.exec(process.argv[2] ?? '')?.[0] ?? 'any'

// A scan takes a second or two, and all processors: to make functions faster takes some of that,
// and hooks end before.
if (use !== 'hook' && use !== 'staged') {
  // A tenth of the work went into putting functions into others; in whole they are as fast.
  setFlag('--max-inlined-bytecode-size-cumulative=100')
  // V8 of Node 20 begins after 132 KB that ran of a function; later ones count calls, know no such
  // flag, and say so.
  if (process.versions.v8.startsWith('11.')) setFlag('--interrupt-budget=300000')
}

/** Packages that were imported, by name. */
const packages = new Map<string, unknown>()

/** What a piece exports. */
export function loadBundle(piece: Bundle): unknown {
  const known = loaded.get(piece) ?? start(piece)
  loaded.set(piece, known)
  return known.exports
}

function start(piece: Bundle): Loaded {
  const file = join(dist, `${piece}.cjs`)
  const kept = join(
    folder,
    [...piece.split('/'), use, DIGESTS[piece], process.version, process.arch].join('-'),
  )
  // The bundler escapes what is not ASCII, and Latin-1 is read at once.
  const text = `(function(require,module,exports,loadBundle,keepCompiled,withPackage,urlOf){${readFileSync(file, 'latin1')}\n})`
  const script = new Script(text, { filename: file, cachedData: bytesIn(kept) })
  // V8 throws away what has not run for some time: what runs at the start alone, and of that the
  // frame of a piece takes longest to compile.
  if (script.cachedDataRejected !== false) setFlag('--no-flush-bytecode')
  const module = { exports: {} }
  script.runInThisContext()(
    requirePackage,
    module,
    module.exports,
    loadBundle,
    keepCompiled,
    withPackage,
    urlOf,
  )
  return { exports: module.exports, script, kept }
}

function bytesIn(file: string): Buffer | undefined {
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
 * Loads what needs a package that can only be imported: Node lets no piece that was compiled before
 * import anything.
 */
async function withPackage(name: string, load: () => unknown): Promise<unknown> {
  packages.set(name, await import(name))
  return load()
}

/** Where a module would be had it not been bundled, from its place in `dist/`. */
function urlOf(place: string): string {
  return pathToFileURL(join(dist, place)).href
}

/**
 * Keeps what is compiled by now, unless that was done before. `everything` first runs what other
 * runs may need.
 */
async function keepCompiled(everything?: () => Promise<unknown>): Promise<void> {
  if ([...loaded.values()].every(({ script }) => script.cachedDataRejected === false)) return
  try {
    // Without, nothing is waited for: a thread may be ended while it waits.
    if (everything !== undefined) await everything()
    mkdirSync(folder, { recursive: true })
    // What is compiled with other flags V8 rejects.
    setFlag('--flush-bytecode')
    for (const { script, kept } of loaded.values())
      if (script.cachedDataRejected !== false) write(kept, script.createCachedData())
    setFlag('--no-flush-bytecode')
  } catch {
    // It works without, and was not asked to write.
  }
}

/** Only runs that have a use for this module load it. */
function setFlag(flag: string): void {
  const v8: typeof V8 = require('node:v8')
  v8.setFlagsFromString(flag)
}

/** The whole file or none, whoever else writes it and whatever ends this. */
function write(file: string, bytes: Uint8Array): void {
  const draft = `${file}.${process.pid}.${performance.now()}`
  try {
    writeFileSync(draft, bytes, { flag: 'wx', flush: true })
    renameSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}
