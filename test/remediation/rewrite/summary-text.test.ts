import { describe, expect, test } from 'vitest'
import type { RewriteResult } from '../../../src/remediation/rewrite/result.ts'
import { rewriteJson, rewriteText } from '../../../src/remediation/rewrite/summary-text.ts'
import { finding, part, secrets } from '../../support/result.ts'

const counts = { commits: 3, merges: 1, signedCommits: 0, tags: 0, signedTags: 0 }
const chosen = [finding({ parts: [part('secret', secrets.key, 'AAAA…ZZZZ')] })]

const proven: RewriteResult = {
  outcome: 'proven',
  target: '/srv/clean.git',
  filterRepo: '2.45.0',
  chosen,
  others: [],
  blobs: 2,
  archives: 0,
  messages: 1,
  names: 0,
  plain: 0,
  before: counts,
  after: counts,
  comparison: { commits: 3, changed: 2, replaced: 2, removed: [], wrong: [] },
  commits: { astray: [], altered: [] },
  renamedCommits: 3,
  notes: 0,
  refs: { carried: 2, equal: true, dropped: [] },
  left: [],
  failed: [],
  unread: [],
  moved: false,
  inTexts: [],
}

describe('rewriteText', () => {
  test('lists what was replaced, the proof and the next steps', () => {
    expect(rewriteText(proven)).toBe(`Rewritten: /srv/clean.git

  replaced  1 credential in 2 versions of files, 1 message of commits and tags, 0 folder listings

Proof
  yes  the whole result was scanned, with all rules and for the values themselves in every encoding: nothing is left
  yes  the trees of 3 commits were compared path by path: 2 trees differ, each only where requested (2 replaced paths)
  yes  3 commits before, 3 commits after; 3 commits got a new id; each has its original parents, and 1 is a merge
  yes  2 refs: each leads to the rewritten form of its commit
  yes  the original was only read, and its refs are unchanged

Next steps
  1. Rotate everything that was ever pushed, if that is not done: a rewrite does not remove copies that others have (oakum plan).
  2. Push: git -C /srv/clean.git push --force -- <address> 'refs/heads/*:refs/heads/*' 'refs/tags/*:refs/tags/*'
  3. Everybody makes a new clone; a push from an old clone brings the secrets back. docs/rewrite.md explains what hosts keep.
`)
  })

  test('lists everything else that changed, was dropped or was not read', () => {
    const text = rewriteText({
      ...proven,
      archives: 1,
      notes: 2,
      plain: 1,
      before: { ...counts, signedCommits: 2 },
      comparison: { ...proven.comparison, removed: ['.env'] },
      commits: { astray: [], altered: ['c1'] },
      refs: { ...proven.refs, dropped: ['refs/replace/x'] },
      unread: [{ outcome: 'bounded', reason: 'too-large', path: { text: 'big.bin' }, count: 2 }],
      others: [finding()],
    })
    expect(
      text
        .split('\n')
        .filter((line) => /^ {2}(?!yes|\d)/.test(line))
        .slice(1),
    ).toEqual([
      '  removed   1 archive with a secret in a member: nothing can be replaced inside an archive',
      '  removed   .env',
      '  moved     2 notes to the new commits',
      '  dropped   signatures of 2 commits; refs refs/replace/x: they belong to objects that no longer exist',
      '  note      author, date or message of 1 commit had a form that git no longer writes, and was normalized: c1',
      '  note      1 value may also be an ordinary word or setting, and was replaced only where a rule found it',
      '  unread    too-large big.bin (2 times)',
      '  kept      1 finding not selected: see oakum history',
    ])
  })

  test('names what did not hold, without the secrets and with names escaped', () => {
    const text = rewriteText({
      ...proven,
      outcome: 'left',
      comparison: { ...proven.comparison, wrong: [`a\u001b[2J/${secrets.key}`] },
      commits: { astray: ['c1'], altered: [] },
      refs: { ...proven.refs, equal: false },
      left: [finding({ fingerprint: `oak1-${'c4'.repeat(16)}` })],
      moved: true,
    })
    expect(text).toMatch(/^Not proven, so the mirror was deleted\.\n/)
    expect(text.match(/^ {2}NO /gm)).toHaveLength(5)
    expect(text).toContain('  has other parents: c1\n')
    expect(text).toContain('  left: AWS access key in config.ini (oak1-')
    expect(text).not.toContain(secrets.key)
    expect(text).not.toContain('\u001b')
  })

  test('says why there is no mirror', () => {
    expect(rewriteText({ ...proven, outcome: 'nothing' })).toMatch(/^Nothing to rewrite: /)
    const incomplete = rewriteText({
      ...proven,
      outcome: 'incomplete',
      failed: [{ outcome: 'failed', reason: 'corrupt', object: 'f'.repeat(40), detail: 'bad' }],
    })
    expect(incomplete).toMatch(/^Not rewritten: .*\n {2}corrupt ffffffffffff: bad\n$/)
  })
})

test('rewriteJson has the fields of the result, and no secret', () => {
  const json = rewriteJson({ ...proven, target: `/srv/${secrets.key}` })
  expect(json).not.toContain(secrets.key)
  const { inTexts: _, ...fields } = proven
  expect(Object.keys(JSON.parse(json)).toSorted()).toEqual(Object.keys(fields).toSorted())
  expect(JSON.parse(json)).toMatchObject({
    outcome: 'proven',
    chosen: [{ rule: 'aws-access-key', redacted: ['AAAA…ZZZZ'] }],
  })
})
