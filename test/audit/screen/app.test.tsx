import { render } from 'ink-testing-library'
import { afterEach, describe, expect, test } from 'vitest'
import { painter } from '../../../src/report/terminal/colour.ts'
import { App } from '../../../src/audit/screen/app.tsx'
import { LinePlaceholders } from '../../../src/audit/screen/line-placeholders.ts'
import { Play, shown } from './shown.ts'

const escapes = /\u001B\[[\d;]*m/g
const instances: { unmount: () => void }[] = []
afterEach(() => {
  for (const instance of instances.splice(0)) instance.unmount()
})

/** Renders a screen and returns the lines of its frame. */
function frameOf({ state }: Play, colour = false): readonly string[] {
  const placeholders = new LinePlaceholders()
  const instance = render(<App state={state} paint={painter(colour)} placeholders={placeholders} />)
  instances.push(instance)
  return (instance.lastFrame() ?? '')
    .split('\n')
    .map((row) => placeholders.lineOf(row, state.columns))
}

const hostile = 'a\\x1b[2Jb'

describe.each([
  [60, 15],
  [80, 24],
  [120, 40],
  [200, 60],
])('on a screen of %i by %i', (columns, rows) => {
  const many = Array.from({ length: 300 }, (_, n) =>
    shown(n, {
      rule: { id: `a-rule-with-a-very-long-name-${n}`, description: 'Secret '.repeat(20) },
      explanation: ['x'.repeat(300)],
    }),
  )
  const states: readonly (readonly [string, string])[] = [
    ['the list', ''],
    ['a filter', '/rule'],
    ['a scope', 'R'],
    ['accept', 'a'],
    ['the details page', '\r'],
    ['the verdict', '\t'],
    ['the help', '?'],
  ]

  test.each(states)('%s fits', (_name, keys) => {
    const lines = frameOf(new Play({ columns, rows }).done(many).type(keys))
    expect(lines.length).toBeLessThanOrEqual(rows)
    expect(lines.filter((line) => Array.from(line).length > columns)).toEqual([])
    expect(lines[0]).toContain('oakum audit')
    expect(lines.at(-1)).toMatch(/\? keys|Esc|↵/)
  })

  test('shows the same text without colours', () => {
    const play = new Play({ columns, rows }).done(many)
    const coloured = frameOf(play, true)
    expect(coloured.join('')).toMatch(escapes)
    expect(coloured.map((line) => line.replaceAll(escapes, ''))).toEqual(frameOf(play))
  })
})

test('shows the selected finding, its status and the decision in words', () => {
  const play = new Play()
    .done([
      shown(1, { severity: 'critical', verification: { status: 'live' } }),
      shown(2, { accepted: { reason: 'x' } }),
      shown(3),
    ])
    .type('r')
  const lines = frameOf(play)
  expect(lines.find((line) => line.startsWith(' ▸'))).toMatch(
    /CRITICAL .*AKIA…1.*◐ pending.*live +rotate/,
  )
  expect(lines.find((line) => line.includes('AKIA…2'))).toMatch(/accepted/)
  expect(lines[1]).toMatch(/NOT YET SAFE TO PUBLISH {2}2 pending · 1 accepted/)
})

test('shows the progress of a scan and the message of a failure', () => {
  const running = new Play().message({
    type: 'progress',
    phase: 'history',
    planned: 1000,
    objects: 250,
    bytes: 5e6,
    elapsedMs: 1000,
  })
  expect(frameOf(running)[0]).toMatch(/25% {2}250 of 1,000 objects {2}5 MB\/s {2}3\.0 s left/)
  expect(
    frameOf(
      running.message({
        type: 'failed',
        message: 'no such repository',
        foreseen: true,
        incomplete: false,
      }),
    )[0],
  ).toContain('no such repository')
})

test('fits the dialog into a small screen', () => {
  const play = new Play({ columns: 60, rows: 15 })
    .done([shown(1)])
    .type('ax\r')
    .happen({ type: 'refused', message: `${hostile} ${'long '.repeat(40)}` })
  const lines = frameOf(play)
  expect(lines.filter((line) => Array.from(line).length > 60)).toEqual([])
  expect(lines.join('\n')).toContain(hostile)
})
