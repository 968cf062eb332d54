import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitCodes } from '../../src/cli/support/exit-code.ts'
import { parseCommandLine } from '../../src/cli/arguments/command-line.ts'
import { commandSpecs } from '../../src/cli/arguments/commands.ts'
import { optionSpecs } from '../../src/cli/arguments/options.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/cli.md'), 'utf8')
const rows = page.split('\n').filter((line) => line.startsWith('| `'))

describe('docs/cli.md', () => {
  test.each(commandSpecs.map(({ name, positionals }) => `oakum ${name} ${positionals}`.trim()))(
    'lists %s',
    (usage) => {
      expect(rows.filter((row) => row.split('`')[1] === usage)).toHaveLength(1)
    },
  )

  test.each(optionSpecs.map((option) => [option.name, option] as const))(
    'lists --%s, with its choices and whether it takes a value',
    (name, { kind, choices = [] }) => {
      const row = rows.filter((line) =>
        new RegExp(
          `^\\| \`--${name}${{ switch: '', choice: String.raw`\[=[a-z]+\]`, value: ' <[a-z]+>', list: ' <[a-z]+>' }[kind]}\``,
        ).test(line),
      )
      expect(row).toHaveLength(1)
      expect(choices.filter((choice) => !row[0]!.includes(`\`${choice}\``))).toEqual([])
    },
  )

  test('lists no unknown option', () => {
    const named = [...page.matchAll(/`--([a-z-]+)/g)].map((match) => match[1])
    expect(named.filter((name) => !optionSpecs.some((option) => option.name === name))).toEqual([])
  })

  test('lists every exit code', () => {
    const listed = [...page.matchAll(/^\| (\d+) +\|/gm)].map((match) => Number(match[1]))
    expect(listed).toEqual(Object.values(exitCodes))
  })

  test('has only valid command lines as examples', () => {
    const block = /## Examples\n\n```sh\n([^`]+)```/.exec(page)?.[1] ?? ''
    const lines = [...block.matchAll(/(?:^|\| |<\()oakum ([^|#)\n]+)/gm)].map((match) =>
      match[1]!.trim(),
    )
    expect(lines.length).toBeGreaterThan(5)
    for (const line of lines) {
      const words = [...line.matchAll(/"([^"]*)"|\S+/g)].map((match) => match[1] ?? match[0])
      expect(parseCommandLine(words)).toHaveProperty('kind', 'run')
    }
  })
})

test('docs/library.md shows the example that runs', () => {
  const example = readFileSync(join(root, 'examples/scan.mjs'), 'utf8')
  expect(readFileSync(join(root, 'docs/library.md'), 'utf8')).toContain(
    `\`\`\`js\n${example}\`\`\``,
  )
})
