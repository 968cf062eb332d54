import { describe, expect, test } from 'vitest'
import { Detector } from '../../../src/scan/detect/detector.ts'
import { slowPrefilter } from '../../../src/scan/detect/prefilter.ts'
import { createEngine } from '../../../src/scan/engine.ts'
import type { Candidate } from '../../../src/model/model.ts'
import { builtinRules } from '../../../src/rules/load.ts'
import { layouts } from '../../support/layouts/all.ts'
import { mistakeIn } from '../../support/layouts/outcome.ts'
import { flawOf } from '../../../src/scan/suppress/suppressor.ts'
import { fileBlob } from '../../support/source.ts'

/**
 * Seeds for each layout; `npm run bench -- accuracy` takes a thousand. Sixteen cover every edge of a
 * secret.
 */
const SEEDS = Array.from({ length: 16 }, (_, at) => at + 1)

const { rules } = builtinRules()
const engine = createEngine(rules)
const detector = engine.detector()
const [fast, slow] = [undefined, slowPrefilter].map(
  (prefilter) =>
    new Detector({
      rules,
      judge: flawOf,
      special: () => [],
      ...(prefilter === undefined ? {} : { prefilter }),
    }),
)

function outline(candidates: readonly Candidate[] | undefined): readonly string[] | undefined {
  return candidates?.map(({ parts, explanation }) =>
    [...parts.map(({ role, span }) => `${role} ${span.start}-${span.end}`), ...explanation].join(
      ' ',
    ),
  )
}

describe.each(layouts.map((layout) => [layout.name, layout] as const))(
  'a credential written as %s',
  (_name, { render }) => {
    test('is found completely, at its own bytes, and nothing else is', () => {
      const mistakes = SEEDS.map((seed) => {
        const rendered = render(seed)
        return mistakeIn(
          rendered,
          detector
            .detect(fileBlob('a.txt', rendered.bytes))
            .filter((candidate) => engine.suppress(candidate) === undefined),
        )
      })
      expect(mistakes.filter((mistake) => mistake !== undefined)).toEqual([])
    })

    test('is also found by findsAny and with the slow prefilter', () => {
      for (const seed of SEEDS.slice(0, 2)) {
        const blob = fileBlob('a.txt', render(seed).bytes)
        expect(outline(fast?.detect(blob))).toEqual(outline(slow?.detect(blob)))
        expect(detector.findsAny(blob.bytes, 'blob')).toBe(true)
      }
    })
  },
)
