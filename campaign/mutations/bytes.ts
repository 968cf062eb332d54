/** Damages the bytes of one file. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { overwrite, pickFile, type Mutation, type Target } from './target.ts'

/** What a page of a disk or a file system holds. */
const pageSizes = [512, 4096]

type Change = (bytes: Buffer, target: Target) => readonly [changed: Buffer, how: string]

function changing(change: Change): Mutation {
  return (target) => {
    const file = pickFile(target)
    if (file === undefined) return undefined
    const path = join(target.gitDirectory, file)
    const bytes = readFileSync(path)
    if (bytes.length === 0) return undefined
    const [changed, how] = change(bytes, target)
    if (changed.equals(bytes)) return undefined
    overwrite(path, changed, target.random.chance(0.5))
    return `${how} of ${file} (${bytes.length} bytes)`
  }
}

export const flipBytes = changing((bytes, { random }) => {
  const changed = Buffer.from(bytes)
  const places = Array.from({ length: 1 + random.below(3) }, () => random.below(bytes.length))
  for (const at of places) changed[at] = (changed[at] ?? 0) ^ (1 + random.below(255))
  return [changed, `flip byte ${places.join(', ')}`]
})

export const flipBit = changing((bytes, { random }) => {
  const changed = Buffer.from(bytes)
  const at = random.below(bytes.length)
  changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
  return [changed, `flip a bit in byte ${at}`]
})

export const truncate = changing((bytes, { random }) => {
  const length = random.chance(0.2) ? 0 : random.below(bytes.length)
  return [bytes.subarray(0, length), `keep the first ${length} bytes`]
})

export const zeroPage = changing((bytes, { random }) => {
  const size = random.pick(pageSizes)
  const at = size * random.below(Math.ceil(bytes.length / size))
  return [
    Buffer.from(bytes).fill(0, at, Math.min(bytes.length, at + size)),
    `zero ${size} bytes at ${at}`,
  ]
})

export const appendGarbage = changing((bytes, { random }) => {
  const garbage = random.chance(0.3) ? Buffer.alloc(64) : random.bytes(1 + random.below(64))
  return [Buffer.concat([bytes, garbage]), `append ${garbage.length} bytes to the end`]
})

export const insertBytes = changing((bytes, { random }) => {
  const at = random.below(bytes.length)
  const inserted = random.bytes(1 + random.below(8))
  const changed = Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)])
  return [changed, `insert ${inserted.length} bytes at ${at}`]
})
