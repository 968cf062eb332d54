import { expect, test } from 'vitest'
import { placeholderReason } from '../../../src/scan/suppress/placeholder.ts'

const units = [
  'a',
  'A',
  '1',
  ' ',
  '-',
  '_',
  '.',
  '/',
  '*',
  'x',
  '$',
  '${',
  '${A}',
  '{{',
  '<',
  '[',
  '%',
  '`',
  'your-',
  'your_a',
  'a-here',
  'example-',
  'aB3/',
  'ab1_',
  'abc',
  'password',
  '-----BEGIN ',
  '-----BEGIN A-----',
  'secret key ',
  'AKIA',
  'sk-',
  'vault:/',
  'a.b',
  '\\n',
  '\n',
  '\u00ff',
]

/** Processor time in microseconds. */
function timeOf(text: string): number {
  const before = process.cpuUsage()
  for (const madeBy of ['machine', 'person'] as const) placeholderReason(text, madeBy)
  const { user, system } = process.cpuUsage(before)
  return user + system
}

test('values of 64 KB take time in proportion to their length, whatever they repeat', () => {
  for (const unit of units) {
    const [short, long] = [16_384, 65_536].map((length) =>
      timeOf(unit.repeat(Math.ceil(length / unit.length)).slice(0, length)),
    )
    // Four times the text takes sixteen times as long where the time is quadratic. Times below the
    // resolution of the clock say nothing.
    expect(long!, `${JSON.stringify(unit)} repeated`).toBeLessThan(9 * short! + 200_000)
  }
})
