/** Generates texts that try to make a rule's pattern slow, for `oakum rules check`. */
import type { RulePart } from '../../model/rule.ts'
import { expandSample } from '../../rules/samples/sample.ts'
import { seededRandom } from '../../rules/samples/seeded-random.ts'

/**
 * Returns texts to repeat that begin like a match and then fail: beginnings of the examples,
 * keywords, and characters that secrets consist of.
 */
export function hostileUnits(examples: readonly string[], part: RulePart): readonly string[] {
  const texts = examples.map((template) => expandSample(template, seededRandom(3)).text)
  const beginnings = texts.flatMap((text) =>
    [0.3, 0.6, 0.9].map((share) => text.slice(0, Math.ceil(text.length * share))),
  )
  const keywordUnits = part.keywords.flatMap(({ text }) => [
    text,
    `${text}_`,
    `${text}="`,
    `${text} `,
    `${text}: `,
    `${text}\\n`,
    `${text}${'aB3/'.repeat(20)}`,
  ])
  return [
    ...beginnings,
    ...keywordUnits,
    'aB3/',
    ' ',
    '\\n',
    '\n',
    '-----BEGIN ',
    `${part.keywords[0]?.text}${' '.repeat(30_000)}`,
    `${part.keywords[0]?.text}${'aB3/'.repeat(9000)}`,
  ]
}

/** Characters and pairs that repetitions of patterns usually accept. */
const repeatedUnits = [
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

/**
 * Returns texts of a keyword, one unit repeated to the end of the part's window, and a control
 * character that no pattern expects.
 */
export function hostileRuns(part: RulePart): readonly string[] {
  return part.keywords
    .slice(0, 5)
    .flatMap(({ text }) =>
      repeatedUnits.map(
        (unit) => `${text}${unit.repeat(Math.ceil(part.window / unit.length))}\u0001`,
      ),
    )
}
