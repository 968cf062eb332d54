import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fastGlob from 'fast-glob'
import { UsageError } from '../errors.ts'
import type { Source } from '../model.ts'
import { type NamedFile, readFiles } from './read-files.ts'

export interface FolderOptions {
  readonly cwd: string
  /** Files and folders, relative to `cwd` or absolute; files are called by them in reports. */
  readonly paths: readonly string[]
  readonly jobs: number
  readonly maxBytes: number | undefined
}

/** Plain files and all files below plain folders, whatever git would say of them; only `.git` itself is left out. */
export function folderSource(options: FolderOptions): Source {
  return {
    blobs: (signal) => readFiles(filesOf(options), { ...options, mayBeGone: () => false }, signal),
  }
}

async function* filesOf({ cwd, paths }: FolderOptions): AsyncGenerator<NamedFile> {
  for (const path of paths) {
    const absolute = resolve(cwd, path)
    const stat = statSync(absolute, { throwIfNoEntry: false })
    if (stat === undefined) throw new UsageError(`${path} does not exist`)
    if (!stat.isDirectory()) yield { path: { text: path }, file: absolute }
    else yield* walk(absolute, path)
  }
}

async function* walk(root: string, called: string): AsyncGenerator<NamedFile> {
  const entries = fastGlob.stream('**', {
    cwd: root,
    dot: true,
    followSymbolicLinks: false,
    onlyFiles: false,
    objectMode: true,
    unique: false,
    ignore: ['**/.git/**'],
  })
  for await (const entry of entries) {
    const found: unknown = entry
    if (isEntry(found) && !found.dirent.isDirectory()) yield { path: { text: join(called, found.path) }, file: join(root, found.path) }
  }
}

function isEntry(value: unknown): value is fastGlob.Entry {
  return typeof value === 'object' && value !== null && 'dirent' in value && 'path' in value
}
