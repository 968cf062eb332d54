#!/usr/bin/env node
/**
 * Starts the program from what `build/bundle.mjs` made of it, with the code V8 compiled of it at an earlier run: to compile anew what a
 * hook runs takes longer than the hook. A piece goes by the digest of its text, since V8 compares lengths only; what another Node,
 * processor or set of flags compiled V8 rejects, and it is made again. Where nothing can be written, all is compiled at each run.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'

type Piece = 'cli/process' | 'quick/judge' | 'quick/entries-only'

/** Of the pieces' texts: esbuild writes them here. */
declare const DIGESTS: Readonly<Record<Piece, string>>

interface Loaded {
  readonly exports: unknown
  readonly script: Script
  /** Where what is compiled of it is kept. */
  readonly kept: string
}

const dist = join(__dirname, '..')
const folder = join(dist, 'code-cache')
const loaded = new Map<Piece, Loaded>()

/** The whole program. Node lets no piece that was compiled before import anything, so pieces reach this by its name, and the next two. */
const loadProgram = (): Promise<unknown> => import('./main.ts')

/** What a piece exports. */
function loadPiece(piece: Piece): unknown {
  const known = loaded.get(piece) ?? start(piece)
  loaded.set(piece, known)
  return known.exports
}

function start(piece: Piece): Loaded {
  const file = join(dist, `${piece}.cjs`)
  const kept = join(folder, `${piece.replace('/', '-')}-${DIGESTS[piece]}-${process.version}-${process.arch}`)
  const text = `(function(require,module,exports,loadProgram,loadPiece,keepCompiled){${readFileSync(file, 'utf8')}\n})`
  const script = new Script(text, { filename: file, cachedData: bytesIn(kept) })
  const module = { exports: {} }
  script.runInThisContext()(require, module, module.exports, loadProgram, loadPiece, keepCompiled)
  return { exports: module.exports, script, kept }
}

function bytesIn(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** Keeps what is compiled by now, unless that was done before. `everything` first runs what other runs may need. */
async function keepCompiled(everything: () => Promise<unknown>): Promise<void> {
  if ([...loaded.values()].every(({ script }) => script.cachedDataRejected === false)) return
  try {
    await everything()
    mkdirSync(folder, { recursive: true })
    for (const { script, kept } of loaded.values()) write(kept, script.createCachedData())
  } catch {
    // It works without, and was not asked to write.
  }
}

/** The whole file or none, whoever else writes it and whatever ends this. */
function write(file: string, bytes: Uint8Array): void {
  const draft = `${file}.${process.pid}`
  try {
    writeFileSync(draft, bytes, { flag: 'wx', flush: true })
    renameSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}

loadPiece('cli/process')
