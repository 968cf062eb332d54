import { describe, expect, test } from 'vitest'
import { commitLinks, headerFields } from '../../../src/git/objects/commit.ts'
import { Repo } from '../../support/repo.ts'

const tree = '9daeafb9864cf43055ae93beb0afd6c7d144bfa4'
const parents = [
  '257cc5642cb1a054f08cc83f2d943e56fd3ebe99',
  '0cfbf08886fca9a91cb753ec8734c84fcbe52c9f',
] as const
const author = 'author A U Thor <a@example.com> 1112911993 -0700\n'

function linksOf(raw: string): string | undefined {
  const links = commitLinks(Buffer.from(raw), 20)
  return links && Buffer.from(links).toString('hex')
}

describe('commitLinks', () => {
  test.each([
    ['no parent', `tree ${tree}\n${author}`, tree],
    ['a parent', `tree ${tree}\nparent ${parents[0]}\n${author}`, tree + parents[0]],
    [
      'two parents',
      `tree ${tree}\nparent ${parents[0]}\nparent ${parents[1]}\n${author}`,
      tree + parents.join(''),
    ],
    ['a parent behind the author', `tree ${tree}\n${author}parent ${parents[0]}\n`, tree],
    ['a parent that is too long', `tree ${tree}\nparent ${parents[0]}0\n`, tree],
    ['a parent that is no hexadecimal', `tree ${tree}\nparent ${'x'.repeat(40)}\n`, tree],
    ['a parent that is cut short', `tree ${tree}\nparent ${parents[0]}`, tree],
    ['no tree', `parent ${parents[0]}\n`, undefined],
    ['a tree that is no hexadecimal', `tree ${'x'.repeat(40)}\n`, undefined],
    ['an empty line first', `\ntree ${tree}\n`, undefined],
    ['nothing', '', undefined],
  ])('of a header with %s', (_what, raw, links) => {
    expect(linksOf(raw)).toBe(links)
  })

  test.each(['sha1', 'sha256'] as const)('reads what git wrote (%s)', (objectFormat) => {
    const repo = Repo.create({ objectFormat })
    const first = repo.commit('First', { 'a.txt': 'a\n' })
    const second = repo.commit('Second', { 'a.txt': 'b\n' })
    const raw = repo.gitBytes(['cat-file', 'commit', second])
    const links = commitLinks(raw, first.length / 2)
    expect(Buffer.from(links ?? []).toString('hex')).toBe(
      repo.git('rev-parse', `${second}^{tree}`) + first,
    )
  })
})

describe('headerFields', () => {
  test('gives names and values up to the empty line', () => {
    expect([...headerFields(Buffer.from(`object ${tree}\ntype tag\n\ntagger no field\n`))]).toEqual(
      [
        { name: 'object', value: tree },
        { name: 'type', value: 'tag' },
      ],
    )
  })

  test('leaves out further lines of a field, and lines without a value', () => {
    const raw = 'gpgsig -----BEGIN\n author of the signature\n -----END\nword\nencoding latin1\n'
    expect([...headerFields(Buffer.from(raw))].map(({ name }) => name)).toEqual([
      'gpgsig',
      'encoding',
    ])
  })

  test('ends a line at a line feed only, and reads both encodings', () => {
    const raw = Buffer.from('author A\r\u2028\u0085\u00e9 <a> 1 +0000\n')
    expect([...headerFields(raw)]).toEqual([
      { name: 'author', value: 'A\r\u2028\u0085\u00e9 <a> 1 +0000' },
    ])
    expect([...headerFields(raw, 'latin1')][0]?.value).toBe(
      raw.toString('latin1').slice('author '.length, -1),
    )
  })
})
