import type { RulePart } from '../model/rule.ts'
import { expandSample } from '../rules/samples/sample.ts'
import { seededRandom } from '../rules/samples/seeded-random.ts'

/**
 * Texts to repeat that lead a pattern on and let it down: beginnings of examples, keywords and what
 * secrets are made of.
 */
export function hostileUnits(examples: readonly string[], part: RulePart): readonly string[] {
  const texts = examples.map((template) => expandSample(template, seededRandom(3)).text)
  const cuts = texts.flatMap((text) =>
    [0.3, 0.6, 0.9].map((share) => text.slice(0, Math.ceil(text.length * share))),
  )
  const runs = part.keywords.flatMap(({ text }) => [
    text,
    `${text}_`,
    `${text}="`,
    `${text} `,
    `${text}: `,
    `${text}\\n`,
    `${text}${'aB3/'.repeat(20)}`,
  ])
  return [
    ...cuts,
    ...runs,
    'aB3/',
    ' ',
    '\\n',
    '\n',
    '-----BEGIN ',
    `${part.keywords[0]?.text}${' '.repeat(30_000)}`,
    `${part.keywords[0]?.text}${'aB3/'.repeat(9000)}`,
  ]
}

/**
 * One character over and over behind a keyword, as far as a window reaches, and then what no
 * pattern expects.
 */
export function hostileRuns(part: RulePart): readonly string[] {
  const units = [
    'a',
    'A',
    '0',
    '=',
    '_',
    '-',
    '/',
    '.',
    '"',
    ' ',
    'aA',
    'a0',
    'a-',
    'a_',
    'a.',
    'a ',
    'ab',
    '0f',
  ]
  return part.keywords
    .slice(0, 5)
    .flatMap(({ text }) =>
      units.map((unit) => `${text}${unit.repeat(Math.ceil(part.window / unit.length))}\u0001`),
    )
}
