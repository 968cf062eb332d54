import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ScanOptions } from '../../../src/model/target.ts'
import { scan } from '../../../src/scan/scan.ts'
import { isolatedEnv, type Repo, temporaryFolder } from '../../support/repo.ts'
import { flip, packDamage } from './damage.ts'
import { copied, planted } from './planted-secrets.ts'

const scene = planted(40)
scene.git('repack', '-adfq')

function packOf(repo: Repo, ending: string): string {
  const folder = join(repo.path, '.git/objects/pack')
  return join(folder, readdirSync(folder).find((name) => name.endsWith(ending))!)
}

const isComplete = async (repo: Repo, options: ScanOptions): Promise<boolean> =>
  (await scan({ name: 'history', path: repo.path }, options)).receipt.complete

describe('a history is incomplete where git fsck finds damage', () => {
  test.each(packDamage)('%s', async (_what, ending, positionIn) => {
    const repo = copied(scene)
    const env = { ...isolatedEnv, XDG_STATE_HOME: temporaryFolder() }
    const cached = { env, cache: true } as const
    for (let round = 0; round < 2; round += 1) expect(await isComplete(repo, cached)).toBe(true)
    const path = packOf(repo, ending)
    flip(path, positionIn(readFileSync(path)))
    expect(repo.tryGit(['fsck']).code).not.toBe(0)
    expect(await isComplete(repo, cached)).toBe(false)
    for (const reader of ['pack', 'zlib', 'cat-file'] as const)
      expect(await isComplete(repo, { env, reader })).toBe(false)
  })
})
