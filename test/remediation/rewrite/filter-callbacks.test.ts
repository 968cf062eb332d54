import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  commitCallback,
  FILTER_DATA_VARIABLE,
  type FilterData,
  tagCallback,
} from '../../../src/remediation/rewrite/filter-callbacks.ts'
import { isolatedEnv, temporaryFolder } from '../../support/repo.ts'

const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex')
const noEdits: FilterData = { blobs: {}, texts: {}, names: [], paths: [] }

type Fields = Readonly<Record<string, string | null>>

/** Runs a callback as git filter-repo does: as the body of a function, with bytes as fields. */
function runCallback(
  [variable, callback]: readonly ['commit' | 'tag', string],
  { fields, changes = [] }: { readonly fields: Fields; readonly changes?: readonly Fields[] },
  data: FilterData,
): { readonly fields: Fields; readonly changes: readonly Fields[] } {
  const file = join(temporaryFolder(), 'data.json')
  writeFileSync(file, JSON.stringify(data))
  const script = `
import json, sys
class Record: pass
def to_bytes(fields):
  record = Record()
  for name, value in fields.items():
    setattr(record, name, value and value.encode('latin1'))
  return record
def to_text(record, names):
  values = {name: getattr(record, name) for name in names}
  return {name: value and value.decode('latin1') for name, value in values.items()}
given = json.loads(sys.argv[1])
record = to_bytes(given['fields'])
record.file_changes = [to_bytes(change) for change in given['changes']]
source = sys.argv[2]
exec('def callback(${variable}, _do_not_use_this_var = None):\\n' +
  '\\n'.join('  ' + line for line in source.splitlines()), globals())
callback(record, None)
print(json.dumps({
  'fields': to_text(record, given['fields']),
  'changes': [to_text(change, names) for change, names in zip(record.file_changes, given['changes'])],
}))
`
  const run = spawnSync('python3', ['-c', script, JSON.stringify({ fields, changes }), callback], {
    env: { ...isolatedEnv, [FILTER_DATA_VARIABLE]: file },
    encoding: 'utf8',
  })
  if (run.status !== 0) throw new Error(`python3 failed: ${run.stderr}`)
  return JSON.parse(run.stdout)
}

const author: Fields = {
  original_id: 'c1',
  message: 'Deploy',
  author_name: 'Ada',
  author_email: 'ada@example.com',
  committer_name: 'Cem',
  committer_email: 'cem@example.com',
}

const modified = (filename: string, blob_id: string, mode = '100644'): Fields => ({
  type: 'M',
  mode,
  blob_id,
  filename,
})

const deleted = (filename: string): Fields => ({ type: 'D', mode: null, blob_id: null, filename })

const changesAfter = (changes: readonly Fields[], data: Partial<FilterData>) =>
  runCallback(['commit', commitCallback], { fields: author, changes }, { ...noEdits, ...data })
    .changes

describe('commitCallback', () => {
  test('replaces blobs, and leaves others and submodules', () => {
    const data = { blobs: { b1: 'b2' } }
    expect(
      changesAfter(
        [modified('a.ini', 'b1'), modified('b.ini', 'b3'), modified('sub', 'b1', '160000')],
        data,
      ),
    ).toEqual([modified('a.ini', 'b2'), modified('b.ini', 'b3'), modified('sub', 'b1', '160000')])
  })

  test('deletes files whose blob goes, rather than dropping the change', () => {
    expect(changesAfter([modified('a.zip', 'b1')], { blobs: { b1: null } })).toEqual([
      deleted('a.zip'),
    ])
  })

  test('deletes named files and everything in named folders, and nothing else', () => {
    const changes = ['.env', 'keys/a', 'keys/b/c', 'keys2/a', 'a/.env', '.env.example'].map(
      (name) => modified(name, 'b1'),
    )
    const after = changesAfter(changes, { paths: [hex('.env'), hex('keys')] })
    expect(after.map(({ type }) => type)).toEqual(['D', 'D', 'D', 'M', 'M', 'M'])
  })

  test('replaces secrets in file names, of deletions too, as bytes', () => {
    const names = [[hex('s\u00e93cret'), hex('REMOVED')]] as const
    expect(
      changesAfter([modified('a/s\u00e93cret.txt', 'b1'), deleted('s\u00e93cret')], { names }),
    ).toEqual([modified('a/REMOVED.txt', 'b1'), deleted('REMOVED')])
  })

  test('replaces secrets in the message and the people of that commit only', () => {
    const pairs = [
      [hex('s3cret-long'), hex('X')],
      [hex('s3cret'), hex('Y')],
    ] as const
    const fields: Fields = {
      ...author,
      message: 's3cret-long, then s3cret',
      author_name: 's3cret',
      committer_email: 's3cret@example.com',
    }
    const edit = (id: string) =>
      runCallback(['commit', commitCallback], { fields }, { ...noEdits, texts: { [id]: pairs } })
    expect(edit('c1').fields).toEqual({
      ...fields,
      message: 'X, then Y',
      author_name: 'Y',
      committer_email: 'Y@example.com',
    })
    expect(edit('c2').fields).toEqual(fields)
  })
})

test('tagCallback replaces secrets in the message and the tagger, who may be absent', () => {
  const tag: Fields = {
    original_id: 't1',
    message: 'v1 s3cret',
    tagger_name: null,
    tagger_email: 'x@s3cret',
  }
  const data = { ...noEdits, texts: { t1: [[hex('s3cret'), hex('X')]] as const } }
  expect(runCallback(['tag', tagCallback], { fields: tag }, data).fields).toEqual({
    ...tag,
    message: 'v1 X',
    tagger_email: 'x@X',
  })
})

test('the callbacks contain no edit: arguments are visible to other users', () => {
  expect(commitCallback).toContain(FILTER_DATA_VARIABLE)
  expect(tagCallback).toContain(FILTER_DATA_VARIABLE)
})
