import { describe, expect, test } from 'vitest'
import type { RawChange } from '../../../src/git/commands/diff-raw.ts'
import type { ObjectReader } from '../../../src/git/objects/objects.ts'
import type { SkippedClean, Skip, SourceBlob } from '../../../src/model/model.ts'
import { changedSource, collectChanges } from '../../../src/scan/sources/changes.ts'
import { streamOf } from '../../support/pieces.ts'

const { signal } = new AbortController()

function change(id: string, path: string, fields: Partial<RawChange> = {}): RawChange {
  return {
    commit: 'c',
    mode: '100644',
    id,
    oldIds: [],
    status: 'M',
    path: { text: path },
    ...fields,
  }
}

function collect(...changes: readonly RawChange[]): ReturnType<typeof collectChanges> {
  return collectChanges(streamOf(changes), ({ id, path, commit, oldIds: replaces }) => ({
    kind: 'commit',
    object: id,
    path,
    commit,
    replaces,
  }))
}

type Item = SourceBlob | Skip | SkippedClean

/** A reader of objects with these contents, by id; all others are missing. */
function readerOf(contents: Readonly<Record<string, string>>): ObjectReader {
  return {
    name: 'map',
    readAll: () => streamOf([]),
    readFiltered: () => streamOf([]),
    checksConnectivity: false,
    hasAll: () => false,
    close: () => {},
    readObjects: (ids) =>
      streamOf(
        ids.map((id) => {
          const bytes = Buffer.from(contents[id] ?? '')
          return [
            contents[id] === undefined
              ? ({ outcome: 'failed', reason: 'missing', object: id } as const)
              : ({ id, kind: 'blob', size: bytes.length, start: 0, bytes, last: true } as const),
          ]
        }),
      ),
  }
}

describe('changedSource', () => {
  test('reads an object at several paths once, with all its origins', async () => {
    const { objects, skips } = await collect(
      change('a', 'one'),
      change('b', 'two'),
      change('a', 'three', { commit: 'd' }),
    )
    expect(
      [...objects].map(([id, origins]) => [
        id,
        origins.map(({ path, commit }) => `${path?.text} ${commit}`),
      ]),
    ).toEqual([
      ['a', ['one c', 'three d']],
      ['b', ['two c']],
    ])
    expect(skips).toEqual([])
  })

  test('reads nothing for deletions, and skips submodules and unmerged files', async () => {
    const { objects, skips } = await collect(
      change('0', 'deleted', { mode: '000000', status: 'D' }),
      change('s', 'module', { mode: '160000' }),
      change('0', 'unmerged', { mode: '000000', status: 'U' }),
      change('l', 'link', { mode: '120000' }),
    )
    expect([...objects.keys()]).toEqual(['l'])
    expect(skips).toEqual([
      { outcome: 'bounded', reason: 'submodule', path: { text: 'module' }, object: 's' },
      { outcome: 'bounded', reason: 'unmerged', path: { text: 'unmerged' } },
    ])
  })

  test('reads replaced objects on demand, under the path of the change', async () => {
    const listed = await collect(
      change('new', '.env', { oldIds: ['old', 'gone'] }),
      change('lost', 'dir/lost'),
    )
    const source = changedSource(readerOf({ new: 'NEW=1\n', old: 'OLD=1\n' }), () =>
      Promise.resolve(listed),
    )
    const items: Item[] = []
    for await (const batch of source.blobs(signal)) items.push(...batch)
    const contents = items.filter(
      (item) => 'outcome' in item || 'skippedClean' in item || item.origins[0].inName === undefined,
    )
    expect(contents).toMatchObject([
      { id: 'new', origins: [{ path: { text: '.env' }, replaces: ['old', 'gone'] }] },
      { outcome: 'failed', reason: 'missing', object: 'lost', path: { text: 'dir/lost' } },
    ])
    const before: Item[] = []
    for await (const batch of source.replaced!(listed.objects.get('new')![0], signal))
      before.push(...batch)
    expect(before).toMatchObject([
      { id: 'old', origins: [{ path: { text: '.env' }, object: 'old' }] },
      { outcome: 'failed', object: 'gone' },
    ])
  })
})
