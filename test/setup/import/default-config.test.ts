/**
 * Imports the default configuration of gitleaks, which is not part of this repository, so the test
 * runs only by hand:
 *
 *     GITLEAKS_CONFIG=…/config/gitleaks.toml npx vitest run test/setup/import/default-config.test.ts
 */
import { describe, expect, test } from 'vitest'
import { importFiles } from '../../../src/setup/import/run.ts'
import { parse } from '../../../src/setup/import/regexp/parse.ts'
import { Table } from '../../../src/setup/import/table.ts'
import { parseToml } from '../../../src/setup/import/gitleaks/config.ts'
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
          fieldPath: '',
        }).tables('rules')

  test('is imported, at least 95 of 100 rules', () => {
    const ruleEntries = imported?.log.filter(({ entry }) => /^rule [^,]+$/.test(entry)) ?? []
    const skipped = ruleEntries.filter(({ outcome }) => outcome === 'skipped')
    console.log(
      `${ruleEntries.length - skipped.length} of ${ruleEntries.length} rules`,
      skipped.map(({ entry, notes }) => `${entry}: ${notes.join('; ')}`),
    )
    expect(ruleEntries).toHaveLength(rules.length)
    expect(skipped.length / ruleEntries.length).toBeLessThanOrEqual(0.05)
  })

  test.each(rules.map((rule) => [rule.text('id'), rule.text('regex')] as const))(
    '%s finds samples of its form',
    (id, regex) => {
      const rule = imported?.rules.find((candidate) =>
        [id, `gitleaks-${id}`].includes(candidate.id),
      )
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
 * True when the pattern matches in the window around a keyword, as in a scan. A keyword that the
 * sample does not contain is put before it.
 */
function finds({ keywords, pattern, window }: ImportedPart, sample: string): boolean {
  const positions = keywords.flatMap(({ text, ignoreCase }) =>
    positionsOf(text, sample, ignoreCase),
  )
  const text = Buffer.from(
    positions.length === 0 ? `${keywords[0]?.text ?? ''}\n${sample}` : sample,
  ).toString('latin1')
  const starts = positions.length === 0 ? [0] : positions
  const expression = new RegExp(pattern.text, pattern.ignoreCase ? 'dgi' : 'dg')
  return starts.some((at) =>
    [...text.slice(Math.max(0, at - window), at + window).matchAll(expression)].some(
      (match) => (match.groups?.['secret'] ?? '') !== '',
    ),
  )
}

function positionsOf(keyword: string, text: string, ignoreCase: boolean): readonly number[] {
  const [needle, haystack] = ignoreCase
    ? [keyword.toLowerCase(), text.toLowerCase()]
    : [keyword, text]
  const positions: number[] = []
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1))
    positions.push(at)
  return positions
}
