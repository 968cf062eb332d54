import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { mutate } from '../../campaign/mutations/all.ts'
import { Random } from '../../campaign/random.ts'
import { changedPaths, snapshotOf } from '../../campaign/run/snapshot.ts'
import { rounds } from '../support/rounds.ts'
import { nameOf, writePack } from '../support/pack-writer.ts'
import { temporaryFolder } from '../support/repo.ts'

/** A git directory with a pack, three loose objects and a ref, written without git. */
function gitDirectory(): string {
  const folder = temporaryFolder()
  for (const name of ['objects/info', 'refs/heads', 'logs'])
    mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n')
  writeFileSync(join(folder, 'config'), '[core]\n\tbare = true\n')
  const blobs = ['a\n', 'b\n', 'c\n'].map((text) => Buffer.from(text))
  writePack(
    join(folder, 'objects'),
    blobs.map((content) => ({ content })),
  )
  for (const content of blobs) {
    const oid = nameOf(content)
    mkdirSync(join(folder, 'objects', oid.slice(0, 2)), { recursive: true })
    const loose = deflateSync(Buffer.concat([Buffer.from(`blob ${content.length}\0`), content]))
    writeFileSync(join(folder, 'objects', oid.slice(0, 2), oid.slice(2)), loose)
  }
  writeFileSync(join(folder, 'refs/heads/main'), `${nameOf(blobs[0] ?? Buffer.alloc(0))}\n`)
  return folder
}

let original = ''
beforeAll(() => {
  original = gitDirectory()
})

/** The damage of a seed, and the paths that differ from the original afterwards, with digests. */
function damageOf(seed: number): {
  readonly name: string
  readonly how: string
  readonly after: readonly string[]
} {
  const copy = join(temporaryFolder(), 'copy')
  cpSync(original, copy, { recursive: true, preserveTimestamps: true })
  const mutated = mutate({ random: new Random(seed), gitDirectory: copy })
  if (mutated === undefined) throw new Error(`seed ${seed} damages nothing`)
  const after = snapshotOf(copy)
  const digests = [...after].map(([path, row]) => `${path} ${row.split(' ')[2] ?? ''}`)
  expect(changedPaths(snapshotOf(original), after)).not.toEqual([])
  // Alternates may name the folder itself.
  return {
    name: mutated.name,
    how: mutated.how.replaceAll(copy, ''),
    after: digests.map((row) => row.replaceAll(copy, '')),
  }
}

describe('mutations', () => {
  const seeds = Array.from({ length: rounds(200) }, (_, n) => n + 1)

  test('a seed repeats its damage', () => {
    for (const seed of seeds.slice(0, rounds(60))) {
      const [first, again] = [damageOf(seed), damageOf(seed)]
      expect(again.how).toBe(first.how)
      if (!first.how.includes('alternates')) expect(again.after).toEqual(first.after)
    }
  })

  test('seeds damage in many ways', () => {
    const names = new Set(seeds.map((seed) => damageOf(seed).name))
    expect(names.size).toBeGreaterThan(8)
  })
})
