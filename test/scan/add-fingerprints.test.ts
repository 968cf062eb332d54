import { describe, expect, test } from 'vitest'
import type { DetectedEvent } from '../../src/scan/detected-event.ts'
import { addFingerprints } from '../../src/scan/add-fingerprints.ts'
import { conclude } from '../../src/scan/findings/conclude.ts'
import { fingerprint } from '../../src/scan/findings/fingerprint.ts'
import { Fingerprinter } from '../../src/scan/findings/fingerprinter.ts'
import { password } from '../support/credentials.ts'
import { gathered, streamOf } from '../support/pieces.ts'
import { candidateOf, partOf, ruleOf } from './findings/made-findings.ts'

const limits = { maxInFile: 100, maxInScan: 100 }

function found(value: string, madeBy: 'machine' | 'person', blob = 'a'): DetectedEvent {
  const finding = conclude(
    candidateOf([partOf('secret', value)], { rule: ruleOf({ family: 'made-up', madeBy }) }),
  )
  return { type: 'unnamed', finding, blob }
}

async function named(
  events: readonly DetectedEvent[],
  fingerprinter: Fingerprinter,
): Promise<readonly string[]> {
  const all = await gathered(addFingerprints(streamOf(events), fingerprinter))
  return all.map((event) => {
    if (event.type === 'finding') return event.finding.fingerprint
    return event.type === 'unreported' ? event.reason : event.type
  })
}

const scanned: DetectedEvent = {
  type: 'scanned',
  objects: { blob: 1, tree: 0, commit: 0, tag: 0 },
  bytes: 1,
}

describe('addFingerprints', () => {
  const values = Array.from({ length: 7 }, (_, at) => password(9100 + at))

  test('gives each finding the fingerprint of its value, and keeps the order of events', async () => {
    const events = values.flatMap((value) => [
      found(value, 'person'),
      found(value, 'machine'),
      scanned,
    ])
    expect(await named(events, new Fingerprinter(limits, new AbortController().signal))).toEqual(
      values.flatMap((value) => [
        fingerprint('made-up', value, 'person'),
        fingerprint('made-up', value, 'machine'),
        'scanned',
      ]),
    )
  })

  test('lets timers run while it computes', async () => {
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    const fresh = Array.from({ length: 8 }, (_, at) => found(password(9200 + at), 'person'))
    await named(fresh, new Fingerprinter(limits, new AbortController().signal))
    clearInterval(timer)
    expect(turns).toBeGreaterThan(1)
  })

  test('hashes no weak value any more once the scan is stopped', async () => {
    const stop = new AbortController()
    const fingerprinter = new Fingerprinter(limits, stop.signal)
    const [first = '', second = ''] = values
    await named([found(first, 'person')], fingerprinter)
    stop.abort()
    expect(
      await named(
        [found(first, 'person'), found(second, 'person'), found(second, 'machine')],
        fingerprinter,
      ),
    ).toEqual([
      fingerprint('made-up', first, 'person'),
      'stopped',
      fingerprint('made-up', second, 'machine'),
    ])
  })

  test('counts different weak values for each blob and for the scan', async () => {
    const fingerprinter = new Fingerprinter(
      { maxInFile: 2, maxInScan: 3 },
      new AbortController().signal,
    )
    const [a = '', b = '', c = '', d = ''] = values
    const events = [
      found(a, 'person'),
      found(b, 'person'),
      found(a, 'person'),
      found(c, 'person'),
      found(c, 'person', 'b'),
      found(c, 'person'),
      found(d, 'person', 'b'),
    ]
    const isNamed = (await named(events, fingerprinter)).map((name) => name.startsWith('oak1-'))
    expect(isNamed).toEqual([true, true, true, false, true, true, false])
  })
})
