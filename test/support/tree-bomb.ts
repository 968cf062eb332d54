/** Trees with more paths than anybody can visit: ten entries each, which name the same folder. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import type { Repo } from './repo.ts'

/** Writes a loose object without a process, and returns its id. */
export function writeObject(repo: Repo, kind: string, content: Buffer): string {
  const raw = Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content])
  const id = createHash('sha1').update(raw).digest('hex')
  const folder = join(repo.path, '.git', 'objects', id.slice(0, 2))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, id.slice(2)), deflateSync(raw))
  return id
}

/** Writes a tree of `width` entries that name the same object: `f0`, `f1`, … */
export function writeWideTree(repo: Repo, mode: string, id: string, width: number): string {
  const names = Array.from({ length: width }, (_, n) => `f${n}`).sort()
  const entries = names.flatMap((name) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(id, 'hex'),
  ])
  return writeObject(repo, 'tree', Buffer.concat(entries))
}

/** Writes a file with this content at `width ** depth` paths; returns the id of the root tree. */
export function writeTreeBomb(repo: Repo, content: string, depth = 10, width = 10): string {
  let id = writeObject(repo, 'blob', Buffer.from(content))
  for (let level = 0; level < depth; level += 1)
    id = writeWideTree(repo, level === 0 ? '100644' : '40000', id, width)
  return id
}
