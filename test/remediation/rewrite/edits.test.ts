import { describe, expect, test } from 'vitest'
import { editsOf, hasNoEdits } from '../../../src/remediation/rewrite/edits.ts'
import type { Origin, Place } from '../../../src/model/model.ts'
import type { Role } from '../../../src/model/rule.ts'
import { finding, part } from '../../support/result.ts'

const secretText = 's3cr3tValue'

/** A place of a secret at `start` that takes `length` bytes. */
function placeAt(
  origin: Origin,
  start: number,
  length = secretText.length,
  role: Role = 'secret',
): Place {
  const end = start + length
  return {
    origin,
    role,
    span: { start, end, line: 1, column: start + 1, endLine: 1, endColumn: end + 1 },
  }
}

const inBlob = (object: string): Origin => ({ kind: 'commit', object, path: { text: 'a.ini' } })

function findingAt(first: Place, ...others: readonly Place[]) {
  return finding({ parts: [part('secret', secretText)], places: [first, ...others] })
}

describe('editsOf', () => {
  test('groups places by the kind of their object', () => {
    const edits = editsOf([
      findingAt(
        placeAt(inBlob('b1'), 4),
        placeAt({ kind: 'message', object: 'c1', commit: 'c1' }, 10),
        placeAt({ kind: 'commit', object: 't1', inName: true }, 0),
      ),
    ])
    expect(edits.blobs).toEqual(new Map([['b1', [{ start: 4, end: 15, encoded: false }]]]))
    expect(edits.messages).toEqual(new Map([['c1', [{ start: 10, end: 21, encoded: false }]]]))
    expect(edits.names).toEqual(new Map([['t1', [{ start: 0, end: 11, encoded: false }]]]))
    expect(edits.whole).toEqual(new Set())
  })

  test('merges places of several findings in one object, in order', () => {
    const { blobs } = editsOf([
      findingAt(placeAt(inBlob('b1'), 40)),
      findingAt(placeAt(inBlob('b1'), 4), placeAt(inBlob('b1'), 10)),
    ])
    expect(blobs.get('b1')).toEqual([
      { start: 4, end: 21, encoded: false },
      { start: 40, end: 51, encoded: false },
    ])
  })

  test('marks places with another length than the secret as encoded', () => {
    const { blobs } = editsOf([findingAt(placeAt(inBlob('b1'), 0, 16))])
    expect(blobs.get('b1')).toEqual([{ start: 0, end: 16, encoded: true }])
  })

  test('compares each place with the length of its own part', () => {
    const { blobs } = editsOf([
      finding({
        parts: [part('secret', secretText), part('id', 'AKIA')],
        places: [placeAt(inBlob('b1'), 0), placeAt(inBlob('b1'), 20, 4, 'id')],
      }),
    ])
    expect(blobs.get('b1')?.map(({ encoded }) => encoded)).toEqual([false, false])
  })

  test('removes an archive whole, even if its own bytes hold a secret too', () => {
    const { blobs, whole } = editsOf([
      findingAt(placeAt({ ...inBlob('zip'), member: 'inner.txt' }, 2), placeAt(inBlob('zip'), 90)),
    ])
    expect(whole).toEqual(new Set(['zip']))
    expect(blobs).toEqual(new Map())
  })

  test('ignores places outside of git objects', () => {
    const edits = editsOf([findingAt(placeAt({ kind: 'file', path: { text: 'a.ini' } }, 4))])
    expect(hasNoEdits(edits)).toBe(true)
  })
})

test.each(['blobs', 'messages', 'names'] as const)(
  'hasNoEdits is false with edits of %s',
  (field) => {
    const noEdits = editsOf([])
    expect(hasNoEdits(noEdits)).toBe(true)
    expect(hasNoEdits({ ...noEdits, [field]: new Map([['x', []]]) })).toBe(false)
    expect(hasNoEdits({ ...noEdits, whole: new Set(['x']) })).toBe(false)
  },
)
