import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findGitDirectories } from '../../campaign/corpus/find.ts'
import { countTrial, emptyFigures, figuresText, hasFailures } from '../../campaign/figures.ts'
import { readOptions } from '../../campaign/options.ts'
import { schedule } from '../../campaign/schedule.ts'
import { writeTable } from '../../campaign/table.ts'
import { type Kind, type Surroundings, Trial } from '../../campaign/trial.ts'
import { temporaryFolder } from '../support/repo.ts'

const surroundings: Surroundings = {
  program: '',
  caseSeconds: 20,
  foreign: ['a', 'b', 'c'],
  generated: () => [],
  generatedNames: [],
}
const run = async (): Promise<void> => undefined
const often: Kind = { name: 'often', tries: 'much', weight: 4, run }
const bounded: Kind = {
  name: 'bounded',
  tries: 'little',
  weight: 2,
  run,
  count: ({ foreign }) => foreign.length,
}

describe('options', () => {
  test('one kind without --minutes is one case', () => {
    expect(readOptions(['--only', 'often', '--seed', '7'], ['often'], 4)).toMatchObject({
      single: true,
      seed: 7,
      jobs: 2,
    })
    expect(readOptions(['--only', 'often', '--minutes', '2'], ['often'], 4).single).toBe(false)
  })

  test('a wrong argument is an error', () => {
    expect(() => readOptions(['--only', 'none'], ['often'], 4)).toThrow('no kind "none"')
    expect(() => readOptions(['--minutes', 'x'], ['often'], 4)).toThrow('--minutes')
  })
})

test('a round has cases of each kind by its weight, and bounded kinds end', () => {
  const cases = schedule([often, bounded], 10, surroundings)
  const names = Array.from({ length: 13 }, () => {
    const { value } = cases.next()
    return value === undefined ? '' : `${value.kind.name} ${value.seed}`
  })
  expect(names.filter((name) => name.startsWith('bounded'))).toEqual([
    'bounded 10',
    'bounded 11',
    'bounded 12',
  ])
  expect(names.slice(0, 3)).toEqual(['often 10', 'often 11', 'bounded 10'])
  expect(names.at(-1)).toBe('often 19')
})

test('git directories of any name are found, and reflogs are none', () => {
  const folder = temporaryFolder()
  for (const path of ['one/.gitted/objects', 'one/.gitted/logs/refs', 'two.git/refs'])
    mkdirSync(join(folder, path), { recursive: true })
  for (const path of [
    'one/.gitted/HEAD',
    'one/.gitted/logs/HEAD',
    'two.git/HEAD',
    'three.tar.gz',
    'four.txt',
  ])
    writeFileSync(join(folder, path), '')
  expect(findGitDirectories(folder)).toEqual({
    gitDirectories: [join(folder, 'one/.gitted'), join(folder, 'two.git')],
    archives: [join(folder, 'three.tar.gz')],
  })
})

test('figures count cases by kind, keep seeds of failures, and become the table of the page', () => {
  const figures = emptyFigures([often, bounded], { node: 'v20', git: 'git 2', firstSeed: 1 })
  const survived = new Trial(1, temporaryFolder(), surroundings)
  const failed = new Trial(2, temporaryFolder(), surroundings)
  survived.tags.add('foreign: a').add('mutation: truncated')
  failed.fail('hang', 'oakum history did not end')
  countTrial(figures, bounded, survived)
  expect(hasFailures(figures)).toBe(false)
  countTrial(figures, often, failed)
  expect(hasFailures(figures)).toBe(true)
  expect(figuresText(figures)).toContain('often --seed 2: hang: oakum history did not end')

  const folder = temporaryFolder()
  writeFileSync(join(folder, 'figures.json'), JSON.stringify(figures))
  writeFileSync(
    join(folder, 'page.md'),
    '# Page\n\n<!-- figures -->\nold\n<!-- end of figures -->\n',
  )
  writeTable(join(folder, 'figures.json'), join(folder, 'page.md'))
  const page = readFileSync(join(folder, 'page.md'), 'utf8')
  expect(page).toContain('| often | much | 1 | 0 | 1 |')
  expect(page).toContain('| bounded | little | 1 | 1 | 0 |')
  expect(page).toContain('truncated 1')
  expect(page).not.toContain('old')
})
