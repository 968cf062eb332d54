/**
 * Lays out a corpus: copies the git directories that are in clones of other projects, as folders of
 * any name or in archives, into plain folders. The clone needs no work tree, and files that a
 * partial clone lacks are left out.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { findGitDirectories } from './find.ts'
import { unpack } from './unpack.ts'

/** Fixtures keep the git directory of a work tree under one of these names. */
const inWorkTree = new Set(['.git', '.gitted', 'dot_git', '_git', 'dotgit'])

/** Returns the number of git directories that are now in `to`. */
export function layOut(clones: readonly string[], to: string): number {
  let count = 0
  for (const clone of clones) {
    const temporary = mkdtempSync(join(tmpdir(), 'oakum-lay-out-'))
    try {
      const files = join(temporary, 'files')
      checkOut(clone, files)
      const unpacked = join(temporary, 'archives')
      for (const archive of findGitDirectories(files).archives)
        unpack(archive, join(unpacked, relative(files, archive).replaceAll(sep, '~')))
      const target = join(resolve(to), nameOf(clone))
      count += copyAll(files, target) + copyAll(unpacked, target)
    } finally {
      rmSync(temporary, { recursive: true, force: true })
    }
  }
  return count
}

/** `/clones/gitoxide/.git` and `/clones/gitoxide` are called gitoxide. */
function nameOf(clone: string): string {
  const path = resolve(clone)
  const name = basename(path).replace(/\.git$/, '')
  return name === '' || name === 'repo' ? basename(dirname(path)) : name
}

/** Writes the files of HEAD that may belong to git directories; git itself refuses some names. */
function checkOut(clone: string, to: string): void {
  mkdirSync(to, { recursive: true })
  const entries = git(clone, ['ls-tree', '-r', '-z', 'HEAD']).toString().split('\0').slice(0, -1)
  const rows = entries.flatMap((entry) => {
    const [, mode = '', oid = '', path = ''] = /^(\d+) \w+ (\w+)\t([^]*)$/.exec(entry) ?? []
    return mode.startsWith('100') ? [{ oid, path }] : []
  })
  const input = rows.map(({ oid }) => `${oid}\n`).join('')
  const output = git(clone, ['cat-file', '--batch'], input)
  let at = 0
  for (const { path } of rows) {
    const endOfHeader = output.indexOf('\n', at)
    const header = output.toString('latin1', at, endOfHeader)
    at = endOfHeader + 1
    if (header.endsWith(' missing')) continue
    const size = Number(header.split(' ')[2])
    mkdirSync(dirname(join(to, path)), { recursive: true })
    writeFileSync(join(to, path), output.subarray(at, at + size))
    at += size + 1
  }
}

function git(clone: string, args: readonly string[], input = ''): Buffer {
  const options = { input, maxBuffer: 2 ** 31 - 1, env: { ...process.env, GIT_NO_LAZY_FETCH: '1' } }
  const { status, stdout, stderr } = spawnSync('git', ['-C', clone, ...args], options)
  if (status !== 0) throw new Error(`git ${args.join(' ')} in ${clone}: ${stderr.toString()}`)
  return stdout
}

/** Git directories inside another one (of submodules and work trees) stay where they are. */
function copyAll(from: string, target: string): number {
  let count = 0
  const { gitDirectories } = existing(from)
  for (const path of gitDirectories) {
    const parent = gitDirectories.find((other) => path.startsWith(`${other}${sep}`))
    if (parent !== undefined) {
      count += 1
      continue
    }
    const name = relative(from, path).replaceAll(sep, '~')
    const work = inWorkTree.has(basename(path))
    const copy = work
      ? join(target, dirname(relative(from, path)).replaceAll(sep, '~'), '.git')
      : join(target, name)
    cpSync(path, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    // Git keeps no empty folders, and takes a folder without these for no git directory.
    for (const folder of ['objects', 'refs']) mkdirSync(join(copy, folder), { recursive: true })
    count += 1
  }
  return count
}

function existing(folder: string): { readonly gitDirectories: readonly string[] } {
  try {
    readdirSync(folder)
  } catch {
    return { gitDirectories: [] }
  }
  return findGitDirectories(folder)
}
