import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { catFileReader } from '../../../src/git/objects/cat-file-reader.ts'
import type { ObjectReader } from '../../../src/git/objects/objects.ts'
import { listRefs } from '../../../src/git/commands/refs.ts'
import { openRepository } from '../../../src/git/commands/repository.ts'
import type { Skip, SourceBlob } from '../../../src/model/model.ts'
import { historySource } from '../../../src/scan/sources/history.ts'
import { streamOf } from '../../support/pieces.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'

interface Read {
  readonly blobs: readonly SourceBlob[]
  readonly skips: readonly Skip[]
}

async function read(
  repo: Repo,
  readerOf: (standard: ObjectReader) => ObjectReader = (standard) => standard,
): Promise<Read> {
  const repository = await openRepository({ path: repo.path, explicit: true, env: isolatedEnv })
  const source = historySource(repository, {
    refs: () => listRefs(repository),
    reader: readerOf(catFileReader(repository, 1)),
    allowShallow: false,
    storeDamage: () => Promise.resolve([]),
  })
  const [blobs, skips]: [SourceBlob[], Skip[]] = [[], []]
  for await (const batch of source.blobs(new AbortController().signal)) {
    for (const item of batch) {
      if ('outcome' in item) skips.push(item)
      else if ('origins' in item) blobs.push({ ...item, bytes: Buffer.from(item.bytes) })
    }
  }
  return { blobs, skips }
}

describe('historySource', () => {
  test('yields every object once, with its origin', async () => {
    const repo = Repo.create()
    const commit = repo.commit('Start', { 'a.txt': 'a\n', 'b/c.txt': 'c\n' })
    repo.git('tag', '-a', '-m', 'One', 'v1')
    const { blobs, skips } = await read(repo)
    const described = blobs.map(
      ({ id, kind, origins, again }) =>
        `${id} ${kind} ${origins[0].kind} ${origins[0].commit ?? '-'} ${origins[0].inName ?? '-'} ${again?.text ?? '-'}`,
    )
    const [blobA, blobC, tree, top, tag] = [
      'HEAD:a.txt',
      'HEAD:b/c.txt',
      'HEAD:b',
      'HEAD^{tree}',
      'v1',
    ].map((name) => repo.git('rev-parse', name))
    expect([...described].sort()).toEqual(
      [
        `${blobA} blob commit - - -`,
        `${blobC} blob commit - - -`,
        `${tree} tree commit - true -`,
        `${top} tree commit - true -`,
        `${commit} commit message ${commit} - -`,
        `${tag} tag message ${tag} - -`,
      ].sort(),
    )
    expect(skips).toEqual([])
  })

  test.each([
    ['.env', true],
    ['.env.local', true],
    ['.ENV', true],
    ['.Env', true],
    ['prod.env', true],
    ['env.local', true],
    ['env-production', true],
    ['.flaskenv', true],
    ['.envrc', true],
    ['.env.example', true],
    ['environment.md', false],
    ['env.ts', false],
    ['.environ', false],
    ['env', false],
  ])('reads %s a second time under its name: %s', async (name, again) => {
    const repo = Repo.create()
    repo.commit('Start', { [`deep/${name}`]: 'PORT=3000\n', 'other.txt': 'x\n' })
    repo.remove(`deep/${name}`).commit('Remove')
    const { blobs } = await read(repo)
    expect(
      blobs.filter((blob) => blob.again !== undefined).map((blob) => [blob.again!.text, blob.id]),
    ).toEqual(again ? [[name, repo.git('rev-parse', `HEAD~1:deep/${name}`)]] : [])
  })

  test('does not read a folder, a link or a submodule a second time because of its name', async () => {
    const repo = Repo.create()
    repo.write('.env/file', 'x\n').write('target', 'y\n').link('.env.local', 'target')
    repo.git('add', '-A')
    repo.gitBytes(['update-index', '--index-info'], `160000 ${'1'.repeat(40)}\t.env.prod\n`)
    repo.commitStaged('Start')
    const { blobs, skips } = await read(repo)
    expect(blobs.filter((blob) => blob.again !== undefined)).toEqual([])
    expect(skips).toEqual([])
  })

  test('reports a missing object that refs lead to', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.txt': 'a\n', '.env': 'PORT=3000\n' })
    const ids = ['HEAD:a.txt', 'HEAD:.env'].map((name) => repo.git('rev-parse', name))
    for (const id of ids) rmSync(repo.looseObject(id))
    const { skips } = await read(repo)
    expect(
      skips.map(({ outcome, reason, object }) => `${outcome} ${reason} ${object}`).sort(),
    ).toEqual(ids.map((id) => `failed missing ${id}`).sort())
  })

  test('reports a missing object that only the index or the reflog leads to', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.txt': 'a\n' })
    repo.commit('More', { 'b.txt': 'in the reflog\n' })
    const logged = repo.git('rev-parse', 'HEAD:b.txt')
    repo.git('reset', '-q', '--hard', 'HEAD~1')
    repo.write('c.txt', 'in the index\n').git('add', '-A')
    const staged = repo.git('rev-parse', ':c.txt')
    for (const id of [logged, staged]) rmSync(repo.looseObject(id))
    expect((await read(repo)).skips.map(({ object }) => object).sort()).toEqual(
      [logged, staged].sort(),
    )
  })

  test('is incomplete when the second reading fails, and reports each skip once', async () => {
    const repo = Repo.create()
    repo.commit('Start', { '.env': 'PORT=3000\n' })
    const id = repo.git('rev-parse', 'HEAD:.env')
    const failed: Skip = {
      outcome: 'failed',
      reason: 'corrupt',
      object: id,
      detail: 'killed by SIGKILL',
    }
    const late = await read(repo, (standard) => ({
      ...standard,
      readObjects: () => streamOf([[failed]]),
    }))
    expect(late.skips).toEqual([failed])
    const early = await read(repo, (standard) => ({
      ...standard,
      readAll: async function* all(signal) {
        for await (const batch of standard.readAll(signal))
          yield [...batch].map((item) => ('id' in item && item.id === id ? failed : item))
      },
    }))
    expect(early.skips).toEqual([failed])
    expect(early.blobs.filter((blob) => blob.again !== undefined)).toEqual([])
  })
})
