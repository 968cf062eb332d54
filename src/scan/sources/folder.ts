/** The source of a plain folder: every file below it, without git. */
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fastGlob from 'fast-glob'
import { UsageError } from '../../model/errors.ts'
import type { Limits } from '../../model/limits.ts'
import type { Source } from '../../model/model.ts'
import type { OpenContext, OpenSource, TargetOf } from './open-source.ts'
import { codeOf, type FileToRead, readFiles } from './read-files.ts'

export interface FolderOptions {
  readonly cwd: string
  /** Files and folders, relative to `cwd` or absolute; reports show them as written here. */
  readonly paths: readonly string[]
  readonly limits: Limits
}

/**
 * Globs that together match every name: in fast-glob `*` matches no name that begins with a line
 * terminator of JavaScript, and `**` none that contains one.
 */
const EVERY_NAME = ['*', '[\n\r\u2028\u2029]*']

/** Opens plain files and folders, with no use of git: `oakum scan --no-git`. */
export function openFolder(target: TargetOf<'scan'>, { cwd, limits }: OpenContext): OpenSource {
  const paths = target.paths?.length ? target.paths : ['.']
  return { source: folderSource({ cwd, paths, limits }) }
}

/** Reads plain files, and all files below plain folders except those in `.git`. */
export function folderSource(options: FolderOptions): Source {
  const { limits } = options
  return {
    blobs: (signal) => readFiles(filesOf(options), { limits, mayBeMissing: () => false }, signal),
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
  /** Path as reports show it. */
  readonly text: string
}

/** Walks folder by folder: one that cannot be read is reported and the walk goes on. */
async function* walk(root: string, rootText: string): AsyncGenerator<FileToRead> {
  const folders: Folder[] = [{ file: root, text: rootText }]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { file, text } = folder
    try {
      for await (const { name, dirent } of entriesOf(file)) {
        const [entryFile, entryText] = [join(file, name), join(text, name)]
        if (!dirent.isDirectory()) yield { path: { text: entryText }, file: entryFile }
        else folders.push({ file: entryFile, text: entryText })
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
    const value: unknown = entry
    if (isEntry(value) && value.name !== '.git') yield value
  }
}

/** Checks what fast-glob yields: the types of its streams say string or Buffer. */
function isEntry(value: unknown): value is fastGlob.Entry {
  return typeof value === 'object' && value !== null && 'dirent' in value && 'name' in value
}
