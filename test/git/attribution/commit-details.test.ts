import { describe, expect, test } from 'vitest'
import {
  type Details,
  entriesAt,
  readDetails,
} from '../../../src/git/attribution/commit-details.ts'
import type { GitObject, ObjectBatch, ObjectReader } from '../../../src/git/objects/objects.ts'
import type { ObjectKind, Skip } from '../../../src/model/model.ts'
import { streamOf } from '../../support/pieces.ts'

const id = 'a'.repeat(40)
const { signal } = new AbortController()

/** A reader that returns one object, whatever ids it gets. */
function readerOf(kind: ObjectKind, content: string | Buffer): ObjectReader {
  const bytes = Buffer.from(content)
  const object: GitObject = { id, kind, size: bytes.length, start: 0, bytes, last: true }
  const batches = (): AsyncIterable<ObjectBatch> => streamOf([[object]])
  return {
    name: 'one object',
    readAll: batches,
    readFiltered: batches,
    readObjects: batches,
    checksConnectivity: false,
    hasAll: () => false,
    close: () => {},
  }
}

async function detailsOf(content: string | Buffer): Promise<Details | undefined> {
  return (
    await readDetails([id], {
      reader: readerOf('commit', content),
      signal,
      onSkip: () => undefined,
    })
  ).get(id)
}

/** A commit with these two lines. */
function commit(author: string, committer: string): string {
  return `tree ${'b'.repeat(40)}\nparent ${'c'.repeat(40)}\nauthor ${author}\ncommitter ${committer}\n\nauthor Not Me <no@example.com> 1 +0000\n`
}

describe('the details of a commit', () => {
  test.each([
    ['an hour east', '1112911993 +0100', '2005-04-07T23:13:13+01:00'],
    ['hours west', '1112911993 -0700', '2005-04-07T15:13:13-07:00'],
    ['half an hour off', '1112911993 +0530', '2005-04-08T03:43:13+05:30'],
    ['west and a quarter of an hour off', '1112911993 -0945', '2005-04-07T12:28:13-09:45'],
    ['UTC', '1112911993 +0000', '2005-04-07T22:13:13+00:00'],
    ['UTC, as git says it of unknown zones', '1112911993 -0000', '2005-04-07T22:13:13-00:00'],
    ['the first second', '0 +0000', '1970-01-01T00:00:00+00:00'],
    ['a second that is still 1969 in the west', '0 -0800', '1969-12-31T16:00:00-08:00'],
    ['beyond 2038', '4102444800 +0000', '2100-01-01T00:00:00+00:00'],
    [
      'the last date there is, for those beyond',
      '99999999999999999999 +0000',
      '9999-12-31T23:59:59+00:00',
    ],
  ])('give the date for %s', async (_name, stamp, date) => {
    expect(
      (await detailsOf(commit('A <a@example.com> 1 +0000', `C <c@example.com> ${stamp}`)))?.date,
    ).toBe(date)
  })

  test('are the author and the time of the committer', async () => {
    expect(
      await detailsOf(
        commit(
          'Ada Author <ada@example.com> 1000 +0000',
          'Cem Committer <cem@example.com> 2000 -0100',
        ),
      ),
    ).toEqual({
      author: 'Ada Author <ada@example.com>',
      date: '1969-12-31T23:33:20-01:00',
      seconds: 2000,
    })
  })

  test.each([
    ['no name', '<a@example.com>'],
    ['no mail', 'Ada <>'],
    ['a name that looks like a time', '1112911993 +0000 <a@example.com>'],
    ['brackets in the name', 'Ada <x> B <a@example.com>'],
    ['other scripts', 'Ωδή 日本 <a@例え.jp>'],
    ['control and bidi characters', 'A\u001B[31m\u202Eda\u0007\r <a@example.com>'],
    [
      'line separators of Unicode',
      'A\u2028author Mallory <m@example.com> 5 +0000\u2029 <a@example.com>',
    ],
    [
      'a carriage return and another author',
      'A\rauthor Mallory <m@example.com> 5 +0000 <a@example.com>',
    ],
  ])('name an author with %s', async (_name, author) => {
    expect(
      await detailsOf(commit(`${author} 1000 +0000`, 'C <c@example.com> 2000 +0000')),
    ).toMatchObject({ author, seconds: 2000 })
  })

  test('take nothing from the message or from a signature', async () => {
    const signed = `tree ${'b'.repeat(40)}\nauthor A <a@example.com> 1000 +0000\ncommitter C <c@example.com> 2000 +0000\ngpgsig -----BEGIN\n author B <b@example.com> 1 +0000\n\nmessage\n`
    expect(await detailsOf(signed)).toMatchObject({ author: 'A <a@example.com>', seconds: 2000 })
  })

  test('are those of the tagger for a tag', async () => {
    const tag = `object ${'b'.repeat(40)}\ntype commit\ntag v1\ntagger T <t@example.com> 3000 +0200\n\nA tag\n`
    expect(await detailsOf(tag)).toEqual({
      author: 'T <t@example.com>',
      date: '1970-01-01T02:50:00+02:00',
      seconds: 3000,
    })
  })

  test.each([
    ['nothing', ''],
    ['a tag without a tagger', `object ${'b'.repeat(40)}\ntype commit\ntag v0\n\nOld\n`],
    [
      'a commit without an author',
      `tree ${'b'.repeat(40)}\ncommitter C <c@example.com> 2000 +0000\n\nx\n`,
    ],
    ['noise', Buffer.from([0, 255, 10, 10, 0])],
  ])('are unknown for %s', async (_name, content) => {
    expect(await detailsOf(content)).toEqual({
      author: 'unknown',
      date: '1970-01-01T00:00:00+00:00',
      seconds: 0,
    })
  })

  test.each([
    ['before 1970', '-5000 +0000'],
    ['in a zone of too many digits', '1000 +051800'],
    ['in a zone of too few', '1000 -7'],
  ])('name the author though the time is %s', async (_name, stamp) => {
    const details = await detailsOf(
      commit(`A <a@example.com> ${stamp}`, `C <c@example.com> ${stamp}`),
    )
    expect(details?.author).toBe('A <a@example.com>')
    expect(Number.isNaN(Date.parse(details?.date ?? ''))).toBe(false)
  })

  test('report commits that cannot be read', async () => {
    const skip: Skip = { outcome: 'failed', reason: 'missing', object: id }
    const skips: Skip[] = []
    const reader: ObjectReader = {
      ...readerOf('commit', ''),
      readObjects: () => streamOf([[skip]]),
    }
    expect(
      (await readDetails([id], { reader, signal, onSkip: (one) => skips.push(one) })).size,
    ).toBe(0)
    expect(skips).toEqual([skip])
  })
})

test('the entry of a tree is found by any offset within it', async () => {
  const names = ['.env', 'a b', 'caf\u00E9', 'zzz']
  const entries = names.map((name, at) => ({
    name,
    id: `${at + 1}0`.repeat(20),
    raw: Buffer.concat([
      Buffer.from(`100644 ${name}\0`, 'latin1'),
      Buffer.from(`${at + 1}0`.repeat(20), 'hex'),
    ]),
  }))
  const tree = Buffer.concat(entries.map(({ raw }) => raw))
  const lookup = { reader: readerOf('tree', tree), signal, onSkip: () => undefined }
  const entryAt = await entriesAt(
    lookup,
    new Map([[id, Array.from({ length: tree.length + 1 }, (_, offset) => offset)]]),
    20,
  )
  for (let offset = 0, at = 0, end = entries[0]!.raw.length; offset < tree.length; offset += 1) {
    if (offset === end) end += entries[(at += 1)]!.raw.length
    expect(entryAt(id, offset)).toEqual({ name: entries[at]!.name, id: entries[at]!.id })
  }
  expect(entryAt(id, tree.length)).toBeUndefined()
  expect(entryAt('b'.repeat(40), 0)).toBeUndefined()
})
