import { expect, test } from 'vitest'
import { createEngine } from '../../../src/scan/engine.ts'
import { builtinRules } from '../../../src/rules/load.ts'
import { combined } from '../../support/layouts/combined.ts'
import { mistakeIn } from '../../support/layouts/outcome.ts'
import { rounds } from '../../support/rounds.ts'
import { fileBlob } from '../../support/source.ts'

const engine = createEngine(builtinRules().rules)
const detector = engine.detector()

test('a credential in any name, syntax and carrier is found as a pair at its own bytes', () => {
  expect(combined.length).toBeGreaterThanOrEqual(400)
  const mistakes = new Map<string, string>()
  for (let seed = 1; seed <= rounds(10); seed += 1)
    for (const { name, render } of combined) {
      const rendered = render(seed)
      const mistake = mistakeIn(rendered, detector.detect(fileBlob('a.txt', rendered.bytes)))
      if (mistake !== undefined) mistakes.set(name, mistake)
    }
  expect([...mistakes].slice(0, 5)).toEqual([])
})
