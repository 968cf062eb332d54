import { describe, expect, test } from 'vitest'
import { parseRawDiff, type RawChange } from '../../../src/git/commands/diff-raw.ts'
import { pathBytes } from '../../../src/git/commands/path.ts'
import { gathered, streamOf, waysToCut } from '../../support/pieces.ts'
import { seededRandom } from '../../support/random.ts'
import { Repo } from '../../support/repo.ts'

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
]
const none = '0'.repeat(40)
const commit = '41'.repeat(20)

function change(fields: Partial<RawChange>): RawChange {
  return {
    commit,
    mode: '100644',
    id: b,
    oldIds: [],
    status: 'M',
    path: { text: 'src/a.ts' },
    ...fields,
  }
}

const rows: readonly (readonly [name: string, output: string, changes: readonly RawChange[]])[] = [
  ['nothing', '', []],
  ['a commit that changed nothing', `${commit}\0`, []],
  [
    'an added file',
    `${commit}\0:000000 100644 ${none} ${b} A\0src/a.ts\0`,
    [change({ status: 'A' })],
  ],
  [
    'a deleted file',
    `${commit}\0:100644 000000 ${a} ${none} D\0src/a.ts\0`,
    [change({ status: 'D', mode: '000000', id: none, oldIds: [a] })],
  ],
  [
    'a modified file',
    `${commit}\0:100644 100644 ${a} ${b} M\0src/a.ts\0`,
    [change({ oldIds: [a] })],
  ],
  [
    'a renamed file',
    `${commit}\0:100644 100644 ${a} ${b} R087\0old.ts\0new.ts\0`,
    [change({ status: 'R087', oldIds: [a], path: { text: 'new.ts' } })],
  ],
  [
    'a copied file',
    `${commit}\0:100644 100644 ${a} ${a} C100\0one\0two\0`,
    [change({ status: 'C100', id: a, oldIds: [a], path: { text: 'two' } })],
  ],
  [
    'a file that became a link',
    `${commit}\0:100644 120000 ${a} ${b} T\0src/a.ts\0`,
    [change({ status: 'T', mode: '120000', oldIds: [a] })],
  ],
  [
    'an unmerged file',
    `:100644 000000 ${a} ${none} U\0src/a.ts\0`,
    [change({ commit: '', status: 'U', mode: '000000', id: none, oldIds: [a] })],
  ],
  [
    'a merge of two',
    `${commit}\0::100644 100644 100644 ${a} ${b} ${c} MM\0src/a.ts\0`,
    [change({ status: 'MM', id: c, oldIds: [a, b] })],
  ],
  [
    'a merge of three',
    `${commit}\0:::100644 100644 100755 100755 ${a} ${b} ${c} ${d} MMM\0src/a.ts\0`,
    [change({ status: 'MMM', mode: '100755', id: d, oldIds: [a, b, c] })],
  ],
  [
    'a merge that added',
    `${commit}\0::000000 000000 100644 ${none} ${none} ${b} AA\0src/a.ts\0`,
    [change({ status: 'AA' })],
  ],
  [
    'a merge of two equal sides',
    `${commit}\0::100644 100644 100644 ${a} ${a} ${b} MM\0src/a.ts\0`,
    [change({ status: 'MM', oldIds: [a] })],
  ],
  [
    'a merge that renamed, which shows the new path only',
    `${commit}\0::100644 100644 100644 ${a} ${b} ${c} RM\0new\0:000000 100644 ${none} ${b} A\0next\0`,
    [
      change({ status: 'RM', id: c, oldIds: [a, b], path: { text: 'new' } }),
      change({ status: 'A', path: { text: 'next' } }),
    ],
  ],
  [
    'changes of several commits',
    `${commit}\0:000000 100644 ${none} ${a} A\0one\0${d}\0${c}\0:000000 100644 ${none} ${b} A\0two\0`,
    [
      change({ status: 'A', id: a, path: { text: 'one' } }),
      change({ commit: c, status: 'A', path: { text: 'two' } }),
    ],
  ],
  [
    'names that look like the rest',
    `${commit}\0:000000 100644 ${none} ${b} A\0:100644 100644\0:000000 100644 ${none} ${b} A\0${commit}\0`,
    [
      change({ status: 'A', path: { text: ':100644 100644' } }),
      change({ status: 'A', path: { text: commit } }),
    ],
  ],
  [
    'a name with a line feed',
    `${commit}\0:000000 100644 ${none} ${b} A\0a\nb\0`,
    [change({ status: 'A', path: { text: 'a\nb' } })],
  ],
  [
    'a name that is not UTF-8',
    `${commit}\0:000000 100644 ${none} ${b} A\0caf\u00E9\0`,
    [
      change({
        status: 'A',
        path: {
          text: String.raw`caf\xe9`,
          bytes: Uint8Array.from(Buffer.from('caf\u00E9', 'latin1')),
        },
      }),
    ],
  ],
  [
    'an index, which has no commit',
    `:100644 100644 ${a} ${b} M\0src/a.ts\0`,
    [change({ commit: '', oldIds: [a] })],
  ],
  [
    'output that was cut off',
    `${commit}\0:000000 100644 ${none} ${b} A\0whole\0:000000 100644 ${none} ${b} A\0hal`,
    [change({ status: 'A', path: { text: 'whole' } })],
  ],
]

describe('parseRawDiff', () => {
  test.each(rows)('reads %s, split at every byte', async (_name, output, changes) => {
    const bytes = Buffer.from(output, 'latin1')
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(
        await gathered(parseRawDiff(streamOf([bytes.subarray(0, at), bytes.subarray(at)]))),
        `at ${at}`,
      ).toEqual(changes)
    }
    for (const [how, pieces] of waysToCut(bytes, seededRandom(4)))
      expect(await gathered(parseRawDiff(streamOf(pieces))), `${how}`).toEqual(changes)
  })

  test('yields only accepted changes', async () => {
    const output = Buffer.from(
      `${commit}\0:000000 100644 ${none} ${a} A\0one\0:100644 100644 ${a} ${b} R100\0one\0two\0:100644 000000 ${a} ${none} D\0three\0`,
    )
    expect(
      (await gathered(parseRawDiff(streamOf([output]), (id) => id === b))).map(
        ({ path }) => path.text,
      ),
    ).toEqual(['two'])
  })

  test('parses the output of git diff-tree for real commits', async () => {
    const repo = Repo.create()
    repo.commit('Start', { one: '1\n', two: '2\n', 日本: 'x\n', 'line\nfeed': 'y\n' })
    repo.write(Buffer.from('caf\u00E9', 'latin1'), 'z\n').git('mv', 'two', 'deux')
    repo.remove('one').link('one', 'deux').commit('Change')
    repo.git('checkout', '-q', '-b', 'side', 'HEAD~1')
    repo.commit('Side', { two: 'two\n' })
    repo.git('checkout', '-q', 'main')
    repo.merge('side').write('deux', 'both\n')
    const merge = repo.commit('Merge')
    const idOf = (path: string): string => repo.git('rev-parse', `HEAD:${path}`)

    const commits = repo.git('rev-list', '--reverse', '--topo-order', 'HEAD')
    const output = repo.gitBytes(
      ['diff-tree', '--stdin', '--root', '-r', '-c', '--raw', '-z', '-M', '--no-abbrev'],
      `${commits}\n`,
    )
    const changes = await gathered(parseRawDiff(streamOf([output])))
    const said = changes.map(
      ({ status, path }) => `${status} ${pathBytes(path).toString('latin1')}`,
    )
    expect(said).toEqual(
      expect.arrayContaining([
        'A one',
        'A line\nfeed',
        'T one',
        'R100 deux',
        'A caf\u00E9',
        `A ${Buffer.from('日本').toString('latin1')}`,
        'M two',
      ]),
    )
    expect(changes.filter((one) => one.commit === merge)).toEqual([
      {
        commit: merge,
        mode: '100644',
        id: idOf('deux'),
        status: 'MA',
        path: { text: 'deux' },
        oldIds: expect.arrayContaining([repo.git('rev-parse', 'HEAD~1:deux')]),
      },
    ])
  })
})
