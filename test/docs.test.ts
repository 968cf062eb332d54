import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rulesPage } from '../build/rules-page.mjs'
import { commandSpecs } from '../src/cli/arguments/commands.ts'
import { builtinRules } from '../src/rules/load.ts'

const root = resolve(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const filesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name).replaceAll('\\', '/'))

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

const manifest = JSON.parse(read('package.json')) as Manifest
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...filesIn('docs', '.md'),
  ...filesIn('patterns', '.md'),
]

/** The lines of a table whose head starts with `head`. */
function tableAfter(page: string, head: string): readonly string[] {
  const lines = page.split('\n')
  const from = lines.findIndex((line) => line.startsWith(head))
  const to = lines.findIndex((line, at) => at > from && !line.startsWith('|'))
  return lines.slice(from + 2, to)
}

/** Everything that stands in backquotes. */
function codeIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '')
}

describe.each(pages)('%s', (page) => {
  const prose = read(page).replaceAll(/^```[\s\S]*?^```$/gm, '')

  test('links only to what is there', () => {
    const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^(https?:|#)/.test(target))
    expect(
      targets.filter(
        (target) => !existsSync(resolve(root, dirname(page), target.replace(/#.*/, ''))),
      ),
    ).toEqual([])
  })

  test('names only npm scripts that there are', () => {
    const named = [...read(page).matchAll(/\bnpm (?:run (?:-\S+ )*([\w:]+)|(test|start)\b)/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    )
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([])
  })
})

describe('README.md', () => {
  const page = read('README.md')

  test('is at most 150 lines', () => {
    expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(150)
  })

  test('lists the commands that scan, as docs/cli.md does', () => {
    const rows = tableAfter(page, '| command | scans |')
    const usages = commandSpecs
      .filter(({ name }) =>
        ['scan', 'staged', 'range', 'history', 'stdin', 'audit', 'verify'].includes(name),
      )
      .map(({ name, positionals: takes }) => `oakum ${name} ${takes}`.trim())
    expect(rows.map((row) => codeIn(row)[0])).toEqual(usages)
  })

  test('starts a scan of this repository and the tests with the two commands it promises', () => {
    const [scan, tests] = [...page.matchAll(/^```sh\n(.*)\n```$/gm)].map((match) => match[1])
    expect(scan).toBe('npm ci && npm run compile && npm start -- scan && npm start -- history')
    expect(tests).toBe('npm ci && npm test')
  })
})

describe('ARCHITECTURE.md', () => {
  const page = read('ARCHITECTURE.md')

  test('links every decision', () => {
    const decisions = filesIn('docs/adr', '.md')
    expect(decisions.length).toBeGreaterThan(0)
    expect(decisions.filter((path) => !page.includes(`](${path})`))).toEqual([])
  })

  test('is at most 16 kB', () => {
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(16_384)
  })

  test('names only files and folders that are there', () => {
    const made = read('.gitignore').split('\n')
    const named = codeIn(page).filter((code) =>
      /^(?:src|test|assembly|build|bench|patterns|hooks|docs|page)\/[\w./-]*$/.test(code),
    )
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((path) => !existsSync(join(root, path)) && !made.includes(path))).toEqual(
      [],
    )
  })

  test('has a glossary of at most 25 words', () => {
    const words = tableAfter(page, '| word |')
    expect(words.length).toBeGreaterThan(10)
    expect(words.length).toBeLessThanOrEqual(25)
  })
})

describe('docs/rules.md', () => {
  test('is what npm run docs makes of the rules', () => {
    expect(read('docs/rules.md')).toBe(rulesPage(builtinRules().rules))
  })
})

describe('docs/adr', () => {
  test.each(filesIn('docs/adr', '.md'))('%s says context, decision and consequences', (path) => {
    const headings = [...read(path).matchAll(/^## (.*)$/gm)].map((match) => match[1])
    for (const heading of ['Context', 'Decision', 'Consequences'])
      expect(headings).toContain(heading)
  })

  test('0007 lists every package with its exact version', () => {
    const listed = tableRows(read('docs/adr/0007-libraries.md'))
    expect(listed).toEqual(manifest.devDependencies)
  })
})

/** `| a, b | 1.0.0, 2.0.0 | …` → `{ a: '1.0.0', b: '2.0.0' }`, of all tables of a page. */
function tableRows(page: string): Readonly<Record<string, string>> {
  const rows = page.split('\n').filter((line) => /^\| \S+.* \| \d/.test(line))
  return Object.fromEntries(
    rows.flatMap((row) => {
      const [, names = '', versions = ''] = row.split('|').map((cell) => cell.trim())
      const each = versions.split(', ')
      return names.split(', ').map((name, at) => [name, each[at] ?? ''])
    }),
  )
}
