import fastGlob from 'fast-glob'
import type { RepoPath, Source } from '../model.ts'
import { readFiles } from './read-files.ts'

export interface FolderOptions {
  readonly root: string
  readonly jobs: number
  readonly maxBytes: number | undefined
}

/** Every file below a plain folder, whatever git would say of it; only `.git` itself is left out. */
export function folderSource(options: FolderOptions): Source {
  return {
    blobs: (signal) => readFiles(walk(options.root), { ...options, mayBeGone: () => false }, signal),
  }
}

async function* walk(root: string): AsyncGenerator<RepoPath> {
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
    if (isEntry(found) && !found.dirent.isDirectory()) yield { text: found.path }
  }
}

function isEntry(value: unknown): value is fastGlob.Entry {
  return typeof value === 'object' && value !== null && 'dirent' in value && 'path' in value
}
