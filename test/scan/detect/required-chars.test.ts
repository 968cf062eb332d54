import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isThere, requiredCharsOf } from '../../../src/scan/detect/required-chars.ts'
import { decodeRuleFiles } from '../../../src/rules/decode.ts'
import { expandSample } from '../../../src/rules/samples/sample.ts'
import { parseYaml } from '../../../src/rules/yaml/yaml.ts'
import { seededRandom } from '../../support/random.ts'

const below = (most: number, random: () => number): number => Math.floor(random() * most)
const oneOf = <T>(values: readonly T[], random: () => number): T =>
  values[below(values.length, random)]!

const charsIn = (set: Uint8Array): string =>
  Array.from(set, (is, char) => (is === 1 ? String.fromCharCode(char) : '')).join('')

/** Says what a pattern needs: `[ab]{12} behind "-" and " "`. */
function told(source: string, flags = ''): string {
  const need = requiredCharsOf(new RegExp(source, flags))
  if (need === 'nothing') return need
  return `[${charsIn(need.run)}]{${need.length}} behind ${need.before === undefined ? 'anything' : charsIn(need.before)} and "${charsIn(need.glue)}"${need.among === undefined ? '' : `, with ${charsIn(need.among)}`}`
}

/**
 * Looks for matches, also such that overlap, and whether what is needed is in each; gives how many
 * there are.
 */
function check(pattern: RegExp, text: string): number {
  const need = requiredCharsOf(pattern)
  const bytes = Buffer.from(text, 'latin1')
  const each = new RegExp(pattern.source, pattern.ignoreCase ? 'gi' : 'g')
  let count = 0
  for (let found = each.exec(text); found !== null; found = each.exec(text)) {
    count += 1
    if (need !== 'nothing' && !isThere(need, bytes, found.index, found.index + found[0].length))
      throw new Error(`${pattern.source} matches ${JSON.stringify(found[0])}`)
    each.lastIndex = found.index + 1
  }
  return count
}

describe('what a pattern needs', () => {
  test.each([
    ['[ab]{12}', '[ab]{12} behind anything and ""'],
    ['x[ab]{12,20}', '[ab]{12} behind x and ""'],
    ['[ab]{11}', 'nothing'],
    ['a{12}|b{12}', 'nothing'],
    ['x(?:y|z)?["\']?[ab]{14}c{13}', `[ab]{14} behind x and ""'yz"`],
    ['(?:=|:=) {0,3}(?=[0-9]{40})(?<secret>[ab]{14})(?![ab]{30})', '[ab]{14} behind := and " "'],
    ['=(?=[ab]{0,20}?b)(?=a)(?<secret>[abc]{14})', '[abc]{14} behind = and "", with b'],
    ['=(?=[ab]{0,20}?b)"?(?<secret>[abc]{14})', '[abc]{14} behind = and """'],
    ['=(?=[ax]{0,20}?b)(?<secret>[abc]{14})', '[abc]{14} behind = and ""'],
    ['=(?=[ab]{0,20}?x)(?<secret>[abc]{14})', '[abc]{14} behind = and ""'],
    ['=(?![ab]{0,20}?b)(?<secret>[abc]{14})', '[abc]{14} behind = and ""'],
    ['(?:a{20})?b{12}', '[b]{12} behind anything and "a"'],
    ['(?:a{20}){2}b{12}', '[b]{12} behind a and ""'],
    ['(?:xa{20}){1}b{12}', '[a]{20} behind x and ""'],
    ['(?:^|x)a{12}', '[a]{12} behind anything and "x"'],
    [
      String.raw`\x41\w{12}`,
      '[0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz]{12} behind A and ""',
    ],
    [String.raw`(a|b)\1{12}`, 'nothing'],
    [String.raw`(?<x>a|b)\k<x>a{12}`, 'nothing'],
  ])('%s: %s', (source, needed) => expect(told(source)).toBe(needed))

  test('in upper and lower case', () =>
    expect(told('k[a-b]{12}', 'i')).toBe('[ABab]{12} behind Kk and ""'))
})

describe('what is needed stands in whatever matches', () => {
  test('of the rules that come with Oakum', () => {
    const folder = join(import.meta.dirname, '../../../patterns')
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .map((file) => {
        const parsed = parseYaml(readFileSync(join(folder, file), 'utf8'))
        return { file, content: 'value' in parsed ? parsed.value : undefined }
      })
    const decoded = decodeRuleFiles(files)
    if ('problems' in decoded) throw new Error('patterns/ has problems')
    const random = seededRandom(7)
    let count = 0
    for (const { examples, counterExamples, parts } of decoded.definitions) {
      const patterns = parts.map(
        ({ pattern: { text, ignoreCase } }) => new RegExp(text, ignoreCase ? 'i' : ''),
      )
      for (const template of [...examples, ...counterExamples]) {
        for (let round = 0; round < 8; round += 1) {
          const { text } = expandSample(template, random)
          const at = below(text.length, random)
          const near =
            round < 4
              ? text
              : text.slice(0, at) +
                oneOf(['', '"', '\n', '=', 'A', 'é'], random) +
                text.slice(at + below(3, random))
          for (const pattern of patterns) count += check(pattern, near)
        }
      }
    }
    expect(count).toBeGreaterThan(2000)
  })

  test('of any patterns', () => {
    const random = seededRandom(8)
    let [count, telling] = [0, 0]
    for (let round = 0; round < 400; round += 1) {
      const { source, example } = anyPattern(random, 0)
      const pattern = new RegExp(source, round % 3 === 0 ? 'i' : '')
      if (requiredCharsOf(pattern) !== 'nothing') telling += 1
      for (let more = 0; more < 6; more += 1)
        count += check(
          pattern,
          `${oneOf(['', 'a', '=b', ' '], random)}${example()}${oneOf(['', 'b', 'c'], random)}`,
        )
    }
    expect(telling).toBeGreaterThan(100)
    expect(count).toBeGreaterThan(800)
  })
})

interface Made {
  readonly source: string
  readonly example: () => string
}

/**
 * A pattern of a few characters, and texts that match it, unless something that looks around
 * forbids.
 */
function anyPattern(random: () => number, depth: number): Made {
  const pieces = Array.from({ length: 1 + below(4, random) }, () => anyPiece(random, depth))
  return {
    source: pieces.map(({ source }) => source).join(''),
    example: () => pieces.map(({ example }) => example()).join(''),
  }
}

function anyPiece(random: () => number, depth: number): Made {
  const what = random()
  if (depth < 2 && what < 0.15) {
    const [one, other] = [anyPattern(random, depth + 1), anyPattern(random, depth + 1)]
    return often(
      {
        source: `(?:${one.source}|${other.source})`,
        example: () => oneOf([one, other], random).example(),
      },
      random,
    )
  }
  if (depth < 2 && what < 0.3) {
    const one = anyPattern(random, depth + 1)
    return often({ source: `(?:${one.source})`, example: one.example }, random)
  }
  if (what < 0.4)
    return {
      source: oneOf(
        [
          '(?=[a-c=])',
          '(?![=])',
          '(?<![b])',
          '(?<=a|=)',
          String.raw`\b`,
          '(?=[ab]{0,30}c)',
          '(?=[ab=]{0,9}?b)',
          '(?=[bc]{0,30}[c])',
        ],
        random,
      ),
      example: () => '',
    }
  const chars = oneOf(['a', 'ab', '=', 'bc', '" ', '=:'], random)
  const atom = {
    source: chars.length === 1 ? chars : `[${chars}]`,
    example: () => oneOf([...chars], random),
  }
  if (random() < 0.5) return often(atom, random)
  const [least, more] = [10 + below(8, random), below(5, random)]
  return {
    source: `${atom.source}{${least},${least + more}}`,
    example: () => Array.from({ length: least + below(more + 1, random) }, atom.example).join(''),
  }
}

function often({ source, example }: Made, random: () => number): Made {
  const [least, most, text] = oneOf(
    [
      [1, 1, ''],
      [0, 1, '?'],
      [0, 3, '{0,3}'],
      [1, 3, '{1,3}?'],
      [2, 2, '{2}'],
      [0, 2, '{0,2}?'],
    ] as const,
    random,
  )
  return {
    source: `${source}${text}`,
    example: () =>
      Array.from({ length: least + below(most - least + 1, random) }, example).join(''),
  }
}
