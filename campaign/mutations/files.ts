/** Deletes, swaps and duplicates files, and puts other content under the name of an object. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'
import { filesOf, isLoose, overwrite, pickFile, type Mutation } from './target.ts'

export const deleteFile: Mutation = (target) => {
  const file = pickFile(target)
  if (file === undefined) return undefined
  rmSync(join(target.gitDirectory, file))
  return `delete ${file}`
}

/** Files of one kind are swapped, since git notices others at once. */
function kindOf(path: string): string {
  return isLoose(path) ? 'loose' : path.replace(/^.*\./, '.')
}

export const swapFiles: Mutation = ({ random, gitDirectory }) => {
  const files = filesOf(gitDirectory)
  const first = files.length === 0 ? undefined : random.pick(files)
  if (first === undefined) return undefined
  const others = files.filter((path) => path !== first && kindOf(path) === kindOf(first))
  if (others.length === 0) return undefined
  const second = random.pick(others)
  const [a, b] = [readFileSync(join(gitDirectory, first)), readFileSync(join(gitDirectory, second))]
  if (a.equals(b)) return undefined
  overwrite(join(gitDirectory, first), b)
  overwrite(join(gitDirectory, second), a)
  return `swap ${first} and ${second}`
}

function looseOf(gitDirectory: string): readonly string[] {
  return filesOf(gitDirectory).filter(isLoose)
}

export const duplicateLoose: Mutation = ({ random, gitDirectory }) => {
  const loose = looseOf(gitDirectory)
  if (loose.length < 2) return undefined
  const from = random.pick(loose)
  const fresh = random.chance(0.3)
  const name = random.hex(from.replaceAll(/^.*objects|\W/g, '').length)
  const to = fresh ? join('objects', name.slice(0, 2), name.slice(2)) : random.pick(loose)
  if (from === to) return undefined
  const path = join(gitDirectory, to)
  mkdirSync(dirname(path), { recursive: true })
  if (existsSync(path)) chmodSync(path, 0o644)
  copyFileSync(join(gitDirectory, from), path)
  return `copy loose object ${from} over ${fresh ? 'the new name ' : ''}${to}`
}

export const otherContent: Mutation = ({ random, gitDirectory }) => {
  const loose = looseOf(gitDirectory)
  if (loose.length === 0) return undefined
  const file = random.pick(loose)
  const path = join(gitDirectory, file)
  let content: Buffer
  try {
    content = inflateSync(readFileSync(path))
  } catch {
    return undefined
  }
  const start = content.indexOf(0) + 1
  if (start === 0 || start >= content.length) return undefined
  const at = start + random.below(content.length - start)
  content[at] = (content[at] ?? 0) ^ 1
  overwrite(path, deflateSync(content))
  return `change byte ${at} inside loose object ${file} and compress it again`
}

/** Names in `objects/pack` that belong to no pack. */
export const strayPackFile: Mutation = ({ random, gitDirectory }) => {
  const folder = join(gitDirectory, 'objects/pack')
  const ending = random.pick(['pack', 'idx', 'rev', 'bitmap', 'keep', 'promisor', 'mtimes'])
  const name = `pack-${random.hex(40)}.${ending}`
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), random.chance(0.3) ? '' : random.bytes(40))
  return `add objects/pack/${name}`
}
