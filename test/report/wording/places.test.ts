import { describe, expect, test } from 'vitest'
import type { Place } from '../../../src/model/model.ts'
import { representativePlaces, groupPlaces } from '../../../src/report/wording/places.ts'
import { finding, place } from '../../support/result.ts'

const at = (object: string, role: Place['role'], line = 1, commit = 'c1') =>
  place({ kind: 'commit', object, commit, path: { text: 'a.env' } }, role, line)

describe('groupPlaces', () => {
  test('groups the secrets of one object, path and commit, even if others are between them', () => {
    const places = [at('1', 'id'), at('2', 'id'), at('1', 'secret')]
    expect(groupPlaces(places)).toEqual([[places[0], places[2]], [places[1]]])
  })

  test('separates commits, paths and kinds', () => {
    const places = [
      at('1', 'id'),
      at('1', 'id', 1, 'c2'),
      place({ kind: 'file', path: { text: 'a.env' } }),
      place({ kind: 'index', path: { text: 'a.env' } }),
      place({ kind: 'stdin' }),
    ]
    expect(groupPlaces(places)).toHaveLength(5)
  })
})

describe('representativePlaces', () => {
  test.each([
    ['the first and the last group', [at('1', 'id'), at('2', 'id'), at('3', 'id')], [0, 2]],
    ['one place per role in a group', [at('1', 'id'), at('1', 'id', 9), at('1', 'secret')], [0, 2]],
    [
      'all roles, even one that occurs only in the middle',
      [at('1', 'id'), at('2', 'secret'), at('3', 'id')],
      [0, 2, 1],
    ],
    ['a single group once', [at('1', 'id')], [0]],
  ] as const)('gives %s', (_name, places, indexes) => {
    const one = finding({ places: places as readonly [Place, ...Place[]] })
    expect(representativePlaces(one, groupPlaces(places))).toEqual(
      indexes.map((index) => places[index]),
    )
  })
})
