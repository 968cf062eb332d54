/** A git directory that a case damages. */
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join, sep } from 'node:path'
import type { Random } from '../random.ts'

export interface Target {
  readonly random: Random
  readonly gitDirectory: string
}

/** Damages a target and says how; undefined when the target has nothing of the kind. */
export type Mutation = (target: Target) => string | undefined

/** Git knows the empty tree without its file, so that damage to the file loses nothing. */
const emptyTrees = [
  '4b/825dc642cb6eb9a060e54bf8d69288fbee4904',
  '6e/f19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
].map((name) => join('objects', name))

const untouched = ['hooks', 'oakum', 'description', ...emptyTrees]

/** Paths of the regular files below a git directory, sorted; hooks and caches of Oakum aside. */
export function filesOf(gitDirectory: string): readonly string[] {
  const files: string[] = []
  const visit = (path: string): void => {
    for (const name of readdirSync(join(gitDirectory, path)).sort()) {
      const child = join(path, name)
      if (untouched.includes(child)) continue
      const stats = lstatSync(join(gitDirectory, child))
      if (stats.isDirectory()) visit(child)
      else if (stats.isFile()) files.push(child)
    }
  }
  visit('')
  return files
}

const packFile = /\.(pack|idx)$/
const looseFile = /objects\/[0-9a-f]{2}\/[0-9a-f]{38,62}$/

export function isLoose(path: string): boolean {
  return looseFile.test(path.replaceAll(sep, '/'))
}

/** A file, packs and loose objects in three of four cases. */
export function pickFile({ random, gitDirectory }: Target): string | undefined {
  const files = filesOf(gitDirectory)
  const objects = files.filter((path) => packFile.test(path) || isLoose(path))
  const from = objects.length > 0 && random.chance(0.75) ? objects : files
  return from.length === 0 ? undefined : random.pick(from)
}

/**
 * Writes a file of a git directory, which git makes read-only. `keepTime` puts its time of change
 * back, as a failing disk does, which tells nobody what it changed.
 */
export function overwrite(path: string, content: Buffer, keepTime = false): void {
  const stats = statSync(path)
  chmodSync(path, 0o644)
  writeFileSync(path, content)
  if (keepTime) utimesSync(path, stats.atime, stats.mtime)
  chmodSync(path, stats.mode & 0o777)
}

/** Reads a text file of the target, or nothing where it has none. */
export function textOf(gitDirectory: string, path: string): string {
  try {
    return readFileSync(join(gitDirectory, path), 'latin1')
  } catch {
    return ''
  }
}
