import { describe, expect, test } from 'vitest'
import { listHeight } from '../../../src/audit/screen/arrange.ts'
import { fingerprint, Play, shown } from './shown.ts'

const many = (count: number) => Array.from({ length: count }, (_, n) => shown(n))

describe('moving', () => {
  test('counts every key of a burst', () => {
    expect(new Play().done(many(50)).type('jjjj').at).toBe(4)
    expect(new Play().done(many(50)).type('jjjj\u001B[Bkk\u001B[A').at).toBe(2)
  })

  test('stops at the ends, and knows pages, halves and both ends', () => {
    const play = new Play().done(many(50))
    const height = listHeight(play.state)
    expect(play.type('k').at).toBe(0)
    expect(play.type('G').at).toBe(49)
    expect(play.type('j').at).toBe(49)
    expect(play.type('g').at).toBe(0)
    expect(play.type('\u001B[6~').at).toBe(height)
    expect(play.type('\u0015').at).toBe(height - (height >> 1))
    expect(play.state.top <= play.at && play.at < play.state.top + height).toBe(true)
  })

  test('jumps to the next group, the start of this one, and the next undecided finding', () => {
    const play = new Play().done([
      shown(1, { severity: 'critical' }),
      shown(2),
      shown(3),
      shown(4, { severity: 'low' }),
    ])
    expect(play.type(']').at).toBe(2)
    expect(play.type('j[').at).toBe(2)
    expect(play.type(']').at).toBe(4)
    expect(play.type('gjrgrgn').at).toBe(3)
  })

  test('ignores pasted text', () => {
    const play = new Play().done(many(9)).type('\u001B[200~jjq\rr\u001B[201~')
    expect([play.at, play.state.exit, play.state.marks.size, play.state.notice]).toEqual([
      0,
      undefined,
      0,
      'pasted text is not read as keys',
    ])
  })
})

describe('a running scan', () => {
  test('sorts the list until the first key, and after it adds findings at the end', () => {
    const play = new Play().message({
      type: 'found',
      findings: [shown(5, { severity: 'low' }), shown(6)],
    })
    expect(play.listed).toEqual([6, 5])
    expect(
      play.message({ type: 'found', findings: [shown(7, { severity: 'critical' })] }).listed,
    ).toEqual([7, 6, 5])
    expect(play.at).toBe(7)
    expect(play.type('j').at).toBe(6)
    expect(
      play.message({ type: 'found', findings: [shown(8, { severity: 'critical' })] }).listed,
    ).toEqual([7, 6, 5, 8])
    expect(play.at).toBe(6)
    expect(play.type('sS').listed).toEqual([7, 8, 6, 5])
  })

  test('keeps the selected line in place, also when the final findings arrive', () => {
    const play = new Play().message({ type: 'found', findings: many(100) }).type('j'.repeat(60))
    const line = play.state.listed.indexOf(fingerprint(60)) - play.state.top
    // The final result lacks 31 of the rows above the cursor.
    play.done(many(120).filter((_, n) => n > 30))
    expect(play.at).toBe(60)
    expect(play.state.listed.indexOf(fingerprint(60)) - play.state.top).toBe(line)
  })

  test('leaves the cursor near its row when its finding is gone', () => {
    const play = new Play().message({ type: 'found', findings: many(10) }).type('jjj')
    expect(play.done(many(10).filter((_, n) => n !== 3)).at).toBe(4)
  })

  test('resumes where the last session ended', () => {
    const view = { sort: 'rule', filter: 'aws', selected: fingerprint(4) }
    const play = new Play({ marks: new Map([[fingerprint(2), 'rotate'] as const]), view }).done(
      many(6),
    )
    expect([
      play.at,
      play.state.sort,
      play.state.filter,
      play.state.marks.get(fingerprint(2)),
    ]).toEqual([4, 'rule', 'aws', 'rotate'])
    expect(
      new Play({ view: { ...view, selected: fingerprint(99), sort: 'nonsense' } }).done(many(3)).at,
    ).toBe(0)
  })

  test('shows the message of a failure', () => {
    const { scan } = new Play().message({
      type: 'failed',
      message: 'no repository',
      foreseen: true,
      incomplete: false,
    }).state
    expect(scan).toMatchObject({ status: 'failed', message: 'no repository' })
  })
})

describe('the filter', () => {
  const three = [
    shown(1),
    shown(2, { rule: { id: 'github-token', description: 'GitHub token' } }),
    shown(3, { severity: 'low' }),
  ]

  test('is applied at each letter, and Escape restores the previous one', () => {
    const play = new Play().done(three).type('/git')
    expect([play.listed, play.at]).toEqual([[2], 2])
    expect(play.type('\u007F\u007F\u007F').listed).toEqual([1, 2, 3])
    expect(play.type('low\r').listed).toEqual([3])
    expect(play.type('/x').listed).toEqual([])
    expect(play.type('\u001B').listed).toEqual([3])
    expect(play.type('\u001B').listed).toEqual([1, 2, 3])
  })

  test('takes several words, and words to exclude', () => {
    expect(new Play().done(three).type('/aws !low').listed).toEqual([1])
    expect(new Play().done(three).type('/f2.ini').listed).toEqual([2])
  })

  test('reads a paste as one line of text, and keys as text', () => {
    const play = new Play().done(three).type('/q?\u001B[200~a\nb\u001B[2J\u001B[201~')
    expect([play.state.filter, play.state.exit, play.state.page]).toEqual([
      'q?a b [2J',
      undefined,
      'list',
    ])
  })
})

describe('decisions', () => {
  test('mark a finding, remove the mark, and undo that', () => {
    const play = new Play().done(many(3)).type('jr')
    expect([...play.state.marks]).toEqual([[fingerprint(1), 'rotate']])
    expect(play.type('w').state.marks.get(fingerprint(1))).toBe('rewrite')
    expect(play.type('w').state.marks.size).toBe(0)
    expect(play.type('u').state.marks.get(fingerprint(1))).toBe('rewrite')
    expect(play.type('uu').state.marks.size).toBe(0)
    expect(play.type('u').state.notice).toBe('nothing to undo')
    expect(play.effects.filter(({ type }) => type === 'save')).toHaveLength(6)
  })

  test('apply to a rule, a path or all listed findings', () => {
    const findings = [
      shown(1),
      shown(2),
      shown(3, { rule: { id: 'github-token', description: 'x' } }),
      shown(4, { places: shown(1).places }),
    ]
    expect(new Play().done(findings).type('Rr').state.marks.size).toBe(3)
    expect([...new Play().done(findings).type('Wp').state.marks.keys()]).toEqual([
      fingerprint(1),
      fingerprint(4),
    ])
    expect([...new Play().done(findings).type('/github\rRf').state.marks.keys()]).toEqual([
      fingerprint(3),
    ])
    expect(new Play().done(findings).type('Rf').type('u').state.marks.size).toBe(0)
    expect(new Play().done(findings).type('Rc').state.marks.size).toBe(1)
    expect(new Play().done(findings).type('R\u001B').state.marks.size).toBe(0)
  })

  test('accept with a reason and a date, and not without a reason', () => {
    const play = new Play().done(many(3)).type('a\r')
    expect(play.state.dialog).toMatchObject({
      kind: 'accept',
      error: 'enter a reason',
    })
    play.type('old key\t90d\r')
    expect(play.effects).toEqual([
      { type: 'accept', fingerprints: [fingerprint(0)], reason: 'old key', expires: '90d' },
    ])
    // Further keys do nothing while the entry is written.
    expect(play.type('\r\u001Bq').effects).toHaveLength(1)
    play.happen({
      type: 'accepted',
      fingerprints: [fingerprint(0)],
      reason: 'old key',
      expires: '2027-01-01',
    })
    expect(play.state.dialog).toBeUndefined()
    expect(play.state.findings.get(fingerprint(0))?.accepted).toEqual({
      reason: 'old key',
      expires: '2027-01-01',
    })
    expect(play.type('u').effects.at(-1)).toEqual({
      type: 'unaccept',
      fingerprints: [fingerprint(0)],
    })
    play.happen({ type: 'unaccepted', fingerprints: [fingerprint(0)] })
    expect(play.state.findings.get(fingerprint(0))?.accepted).toBeUndefined()
  })

  test('stay open to be mended when they are refused', () => {
    const play = new Play()
      .done(many(2))
      .type('ax\r')
      .happen({ type: 'refused', message: 'expires takes a day' })
    expect(play.state.dialog).toMatchObject({
      kind: 'accept',
      reason: 'x',
      error: 'expires takes a day',
      isBusy: false,
    })
  })

  test('accept in bulk what is not accepted yet', () => {
    const play = new Play()
      .done([shown(1), shown(2, { accepted: { reason: 'x' } }), shown(3)])
      .type('Afy\r')
    expect(play.effects).toEqual([
      { type: 'accept', fingerprints: [fingerprint(1), fingerprint(3)], reason: 'y' },
    ])
  })
})

describe('the details page', () => {
  const places = Array.from({ length: 12 }, (_, n) => ({ ...shown(1).places[0]!, line: n + 1 }))
  const context = {
    lines: [
      {
        number: 3,
        pieces: [
          { text: 'key = ', secret: false },
          { text: 'AKIA…', secret: true },
        ],
      },
    ],
  }

  test('requests the life and the nearest contexts of the opened finding', () => {
    const play = new Play().done([shown(1, { places, count: 12 })]).type('\r')
    expect(
      play.effects.map((effect) =>
        effect.type === 'context' ? `${effect.type} ${effect.place}` : effect.type,
      ),
    ).toEqual(['life', 'context 0', 'context 1', 'context 2', 'context 3', 'context 4'])
    play.message({
      type: 'context',
      fingerprint: fingerprint(1),
      place: 0,
      revealed: false,
      context,
    })
    expect(
      play.type('n').effects.some((effect) => effect.type === 'context' && effect.place === 5),
    ).toBe(true)
  })

  test('reveals a secret at one place, and hides it when the reader moves', () => {
    for (const away of ['x', 'n', '\u001B', ']', 'V', '?', 'h']) {
      const play = new Play().done([shown(1, { places, count: 12 }), shown(2)]).type('\rx')
      expect(play.effects.at(-1)).toEqual({
        type: 'context',
        fingerprint: fingerprint(1),
        place: 0,
        reveal: true,
      })
      play.message({
        type: 'context',
        fingerprint: fingerprint(1),
        place: 0,
        revealed: true,
        context,
      })
      expect(play.state.revealed).toEqual({ place: 0, context })
      expect(play.type(away).state.revealed).toBeUndefined()
      // The revealed text is stored nowhere else.
      expect(play.state.contexts.size).toBe(0)
    }
  })

  test('does not reveal a secret after the reader has moved on', () => {
    const play = new Play().done([shown(1, { places, count: 12 })]).type('\rxn')
    expect(
      play.message({
        type: 'context',
        fingerprint: fingerprint(1),
        place: 0,
        revealed: true,
        context,
      }).state.revealed,
    ).toBeUndefined()
  })

  test('that is open when the scan ends is filled then', () => {
    const play = new Play().message({ type: 'found', findings: many(3) }).type('\r')
    expect(play.effects).toEqual([])
    expect(play.done(many(3)).effects[0]).toEqual({ type: 'life', fingerprint: fingerprint(0) })
  })
})

describe('ending', () => {
  test('works by q from the list and by ^C from anywhere, and both save decisions', () => {
    expect(new Play().done(many(1)).type('\rq').state.exit).toBeUndefined()
    expect(new Play().done(many(1)).type('\rqq')).toMatchObject({
      state: { exit: 'quit' },
      effects: expect.arrayContaining([{ type: 'save' }]),
    })
    for (const where of ['', '\r', '/', 'a', '\t', '?'])
      expect(new Play().done(many(1)).type(`${where}\u0003`)).toMatchObject({
        state: { exit: 'interrupted' },
      })
  })
})

test('a smaller screen keeps the cursor visible', () => {
  const play = new Play({ columns: 120, rows: 40 })
    .done(many(100))
    .type('j'.repeat(15))
    .size(60, 15)
  expect(play.at).toBe(15)
  expect(play.state.top <= 15 && 15 < play.state.top + listHeight(play.state)).toBe(true)
})
