/** The campaign's own repositories, one of each kind of store, with planted secrets. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom } from '../../src/rules/samples/seeded-random.ts'
import type { Planted } from '../trial.ts'
import { Builder } from './builder.ts'

/** Each builds `<folder>/main`, and beside it what it borrows from. */
type Recipe = (folder: string, seed: number) => readonly Planted[]

/** A repository with secrets in its tip, in an older commit, in a stash, and out of reach. */
function ordinary(folder: string, seed: number, ...options: readonly string[]): Builder {
  const built = new Builder(folder, seed).init(...options)
  built.commit('Start', { 'README.md': '# Shop\n' }).plant('config/old.ini').grow(4)
  built.commit('Remove it', { 'config/old.ini': 'nothing\n' }).plant('config/new.ini')
  built.git(['tag', '-a', 'v1', '-m', 'First'])
  built.git(['notes', 'add', '-m', 'A note'])
  built.write('README.md', '# Shop\n\nStashed\n').git(['stash', '-q'])
  return built.plant(undefined)
}

function then(after: (built: Builder) => void, ...options: readonly string[]): Recipe {
  return (folder, seed) => {
    const built = ordinary(join(folder, 'main'), seed, ...options)
    after(built)
    return built.planted
  }
}

function packInTwo(built: Builder): void {
  built.git(['repack', '-adq'])
  built.grow(3).plant('more.ini')
  built.git(['repack', '-dq'])
}

/** More than one thread reads packs above 16 MiB in all. */
function packForTwoThreads(built: Builder): void {
  const random = seededRandom(7)
  for (let n = 0; n < 6; n += 1) {
    const bytes = Buffer.alloc(4 << 20)
    for (let at = 0; at < bytes.length; at += 4) bytes.writeInt32LE((random() * 2 ** 32) | 0, at)
    built.write(`data/${n}.bin`, bytes)
  }
  built.commit('Add data').plant('late.ini').git(['repack', '-adq'])
}

function clone(...options: readonly string[]): Recipe {
  return (folder, seed) => {
    const origin = ordinary(join(folder, 'origin'), seed)
    origin.git(['repack', '-adq'])
    origin.git(['clone', '-q', ...options, `file://${origin.path}`, join(folder, 'main')])
    const built = new Builder(join(folder, 'main'), seed + 50, [...origin.planted])
    built.git(['config', 'gc.auto', '0'])
    // The absolute path would lead every copy to the first one.
    built.git(['remote', 'set-url', 'origin', '../origin'])
    return built.plant(options.includes('--bare') ? undefined : 'own.ini').planted
  }
}

function borrowing(folder: string, seed: number): readonly Planted[] {
  const other = ordinary(join(folder, 'other'), seed)
  other.git(['repack', '-adq'])
  const built = new Builder(join(folder, 'main'), seed + 50, [...other.planted]).init()
  writeFileSync(join(built.path, '.git/objects/info/alternates'), '../../../other/.git/objects\n')
  built.git(['reset', '-q', '--hard', other.git(['rev-parse', 'main'])])
  return built.plant('own.ini').planted
}

function linkedWorktree(folder: string, seed: number): readonly Planted[] {
  const first = ordinary(join(folder, 'first'), seed)
  first.git(['worktree', 'add', '-q', '-b', 'side', join(folder, 'main')])
  writeFileSync(join(folder, 'main/.git'), 'gitdir: ../first/.git/worktrees/main\n')
  return new Builder(join(folder, 'main'), seed + 50, [...first.planted]).plant('side.ini').planted
}

function submodule(folder: string, seed: number): readonly Planted[] {
  const part = ordinary(join(folder, 'part'), seed)
  const built = ordinary(join(folder, 'main'), seed + 50)
  built.git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', part.path, 'part'])
  return built.commit('Add part').planted
}

const recipes: Readonly<Record<string, Recipe>> = {
  loose: then(() => undefined),
  packed: then((built) => void built.git(['repack', '-adq'])),
  'packed, deltas by name': then(
    (built) => void built.git(['-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adfq']),
  ),
  'two packs': then(packInTwo),
  'multi-pack index': then((built) => {
    packInTwo(built)
    built.git(['multi-pack-index', 'write'])
  }),
  'commit-graph and packed refs': then((built) => {
    built.git(['gc', '-q'])
    built.git(['commit-graph', 'write', '--reachable'])
    built.git(['pack-refs', '--all'])
  }),
  'packed and loose': then((built) => {
    built.git(['repack', '-aq'])
    built.plant('again.ini')
  }),
  sha256: then(() => undefined, '--object-format=sha256'),
  'sha256, packed': then((built) => void built.git(['repack', '-adq']), '--object-format=sha256'),
  'two threads': then(packForTwoThreads),
  bare: clone('--bare'),
  shallow: clone('--depth=2', '--no-single-branch'),
  'partial clone': clone('--filter=blob:none', '--no-checkout'),
  alternates: borrowing,
  'linked work tree': linkedWorktree,
  submodule,
  ...(gitHasReftables() && { reftable: then(() => undefined, '--ref-format=reftable') }),
}

/** Git has them since version 2.45. */
function gitHasReftables(): boolean {
  const { stdout } = spawnSync('git', ['version'], { encoding: 'utf8' })
  const [, major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(stdout)?.map(Number) ?? []
  return major > 2 || (major === 2 && minor >= 45)
}

/** Builds each repository once, and copies it for each case. */
export class GeneratedRepositories {
  readonly names = Object.keys(recipes)
  readonly #folder: string
  readonly #built = new Map<string, readonly Planted[]>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Copies a repository to `<to>/main`; returns what is planted in it. */
  copy(name: string, to: string): readonly Planted[] {
    const original = join(this.#folder, String(this.names.indexOf(name)))
    let planted = this.#built.get(name)
    if (planted === undefined) {
      rmSync(original, { recursive: true, force: true })
      mkdirSync(original, { recursive: true })
      planted = recipes[name]?.(original, 1000 * (1 + this.names.indexOf(name))) ?? []
      this.#built.set(name, planted)
    }
    cpSync(original, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    return planted
  }
}
