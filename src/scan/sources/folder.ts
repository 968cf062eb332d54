import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fastGlob from 'fast-glob'
import { UsageError } from '../../model/errors.ts'
import type { Source } from '../../model/model.ts'
import { codeOf, type FileToRead, readFiles } from './read-files.ts'

export interface FolderOptions {
  readonly cwd: string
  /** Files and folders, relative to `cwd` or absolute; files are called by them in reports. */
  readonly paths: readonly string[]
  readonly jobs: number
  readonly maxBytes: number | undefined
}

/**
 * A star stands for no name that begins with what a regular expression takes for the end of a line,
 * two for none that has one.
 */
const EVERY_NAME = ['*', '[\n\r\u2028\u2029]*']

/**
 * Plain files and all files below plain folders, whatever git would say of them; only `.git` itself
 * is left out.
 */
export function folderSource(options: FolderOptions): Source {
  return {
    blobs: (signal) => readFiles(filesOf(options), { ...options, mayBeGone: () => false }, signal),
  }
}

async function* filesOf({ cwd, paths }: FolderOptions): AsyncGenerator<FileToRead> {
  for (const path of paths) {
    const absolute = resolve(cwd, path)
    const stat = statSync(absolute, { throwIfNoEntry: false })
    if (stat === undefined) throw new UsageError(`${path} does not exist`)
    if (!stat.isDirectory()) yield { path: { text: path }, file: absolute }
    else yield* walk(absolute, path)
  }
}

interface Folder {
  readonly file: string
  readonly text: string
}

/** Folder by folder: one that cannot be read is named and ends nothing but itself. */
async function* walk(root: string, called: string): AsyncGenerator<FileToRead> {
  const folders: Folder[] = [{ file: root, text: called }]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { file, text } = folder
    try {
      for await (const { name, dirent } of entriesOf(file)) {
        const [inner, path] = [join(file, name), join(text, name)]
        if (!dirent.isDirectory()) yield { path: { text: path }, file: inner }
        else folders.push({ file: inner, text: path })
      }
    } catch (error) {
      yield { path: { text }, file, unreadable: codeOf(error) }
    }
  }
}

async function* entriesOf(folder: string): AsyncGenerator<fastGlob.Entry> {
  const entries = fastGlob.stream(EVERY_NAME, {
    cwd: folder,
    deep: 1,
    dot: true,
    followSymbolicLinks: false,
    onlyFiles: false,
    objectMode: true,
    unique: false,
  })
  for await (const entry of entries) {
    const found: unknown = entry
    if (isEntry(found) && found.name !== '.git') yield found
  }
}

function isEntry(value: unknown): value is fastGlob.Entry {
  return typeof value === 'object' && value !== null && 'dirent' in value && 'name' in value
}
