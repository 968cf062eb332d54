import { expect, test } from 'vitest'
import { editsOf } from '../../../src/remediation/rewrite/edits.ts'
import { parseCommitMap } from '../../../src/remediation/rewrite/filter.ts'
import { prepareFilterData } from '../../../src/remediation/rewrite/filter-data.ts'
import { isolatedEnv, Repo } from '../../support/repo.ts'

const hex = (text: string): string => Buffer.from(text).toString('hex')
const { signal } = new AbortController()

function rangeOf(bytes: Buffer, text: string) {
  const start = bytes.indexOf(text)
  return { start, end: start + text.length, encoded: false }
}

test('prepareFilterData writes new blobs, and pairs secrets with their replacements', async () => {
  const repo = Repo.create()
  const commit = repo.commit('Deploy with s3cret and s3cret-long', {
    'a.ini': 'k = s3cret\n',
    's3cret.txt': 'x\n',
    'a.zip': 'zip',
  })
  const [blob, archive, tree] = ['HEAD:a.ini', 'HEAD:a.zip', 'HEAD^{tree}'].map((name) =>
    repo.git('rev-parse', name),
  ) as [string, string, string]
  const message = repo.gitBytes(['cat-file', 'commit', commit])
  const treeBytes = repo.gitBytes(['cat-file', 'tree', tree])
  const data = await prepareFilterData(
    { cwd: repo.path, env: isolatedEnv },
    {
      ...editsOf([]),
      blobs: new Map([[blob, [{ start: 4, end: 10, encoded: false }]]]),
      whole: new Set([archive]),
      messages: new Map([[commit, [rangeOf(message, 's3cret'), rangeOf(message, 's3cret-long')]]]),
      names: new Map([[tree, [rangeOf(treeBytes, 's3cret')]]]),
    },
    ['größe/.env'],
    signal,
  )
  const removed = hex('***REMOVED***')
  expect(data).toEqual({
    blobs: { [blob]: expect.stringMatching(/^[0-9a-f]{40}$/), [archive]: null },
    // The longer one first, since it contains the shorter.
    texts: {
      [commit]: [
        [hex('s3cret-long'), removed],
        [hex('s3cret'), removed],
      ],
    },
    names: [[hex('s3cret'), hex('REMOVED')]],
    paths: [hex('größe/.env')],
  })
  expect(repo.git('cat-file', 'blob', data.blobs[blob] ?? '')).toBe('k = ***REMOVED***')
})

test('parseCommitMap skips the heading and anything else but pairs of ids', () => {
  const [a, b] = ['a'.repeat(40), 'b'.repeat(40)]
  const text = `old                                      new\n${a} ${b}\n${b} ${a}\n${a}\n\n`
  expect(parseCommitMap(text)).toEqual(
    new Map([
      [a, b],
      [b, a],
    ]),
  )
})
