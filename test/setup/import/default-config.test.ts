/**
 * The import of a whole configuration of gitleaks, by hand: GITLEAKS_CONFIG=…/config/gitleaks.toml
 * npx vitest run test/import/default-config.test.ts Nothing of another project is kept here, so
 * without the variable there is nothing to test.
 */
import { describe, expect, test } from 'vitest'
import { importFiles } from '../../../src/setup/import/run.ts'
import { parse } from '../../../src/setup/import/regexp/parse.ts'
import { Table } from '../../../src/setup/import/table.ts'
import { parseToml } from '../../../src/setup/import/toml.ts'
import { readToolFile } from '../../../src/setup/import/context.ts'
import type { ImportedPart } from '../../../src/setup/import/model.ts'
import { samplesOf } from '../../support/expression-samples.ts'
import { seededRandom } from '../../support/random.ts'

const path = process.env['GITLEAKS_CONFIG']

describe.skipIf(path === undefined)('the configuration at GITLEAKS_CONFIG', async () => {
  const file = path ?? ''
  const imported =
    path === undefined
      ? undefined
      : await importFiles({ tool: 'gitleaks', files: [file], cwd: process.cwd(), env: process.env })
  const rules =
    path === undefined
      ? []
      : new Table(await parseToml(readToolFile(file, process.cwd()).text, file), {
          file,
          place: '',
        }).tables('rules')

  test('is brought over, at least 95 of 100 rules', () => {
    const told = imported?.log.filter(({ entry }) => /^rule [^,]+$/.test(entry)) ?? []
    const left = told.filter(({ outcome }) => outcome === 'left-out')
    console.log(
      `${told.length - left.length} of ${told.length} rules`,
      left.map(({ entry, notes }) => `${entry}: ${notes.join('; ')}`),
    )
    expect(told).toHaveLength(rules.length)
    expect(left.length / told.length).toBeLessThanOrEqual(0.05)
  })

  test.each(rules.map((rule) => [rule.text('id'), rule.text('regex')] as const))(
    '%s finds samples of its form',
    (id, regex) => {
      const rule = imported?.rules.find((one) => one.id === id || one.id === `gitleaks-${id}`)
      if (rule === undefined) return
      const samples = samplesOf(parse(regex, 'go'), { count: 20, random: seededRandom(7) })
      expect(samples.length).toBeGreaterThan(0)
      for (const sample of samples)
        expect(
          rule.parts.some((part) => finds(part, sample)),
          `${JSON.stringify(sample)}`,
        ).toBe(true)
    },
  )
})

/**
 * The pattern on what a scan shows it: the window around each keyword. A far keyword is put beside
 * the sample.
 */
function finds({ keywords, pattern, window }: ImportedPart, sample: string): boolean {
  const held = keywords.flatMap(({ text, ignoreCase }) => placesOf(text, sample, ignoreCase))
  const text = Buffer.from(
    held.length === 0 ? `${keywords[0]?.text ?? ''}\n${sample}` : sample,
  ).toString('latin1')
  const places = held.length === 0 ? [0] : held
  const expression = new RegExp(pattern.text, pattern.ignoreCase ? 'dgi' : 'dg')
  return places.some((at) =>
    [...text.slice(Math.max(0, at - window), at + window).matchAll(expression)].some(
      (match) => (match.groups?.['secret'] ?? '') !== '',
    ),
  )
}

function placesOf(keyword: string, text: string, ignoreCase: boolean): readonly number[] {
  const [needle, hay] = ignoreCase ? [keyword.toLowerCase(), text.toLowerCase()] : [keyword, text]
  const places: number[] = []
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1)) places.push(at)
  return places
}
