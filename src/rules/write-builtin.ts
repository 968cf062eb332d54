/**
 * Run by `npm run compile`: patterns/*.yaml → src/rules/builtin.ts, so that no scan pays for
 * parsing YAML. Prints every problem of every file and exits 1 when there is one.
 */
import { readdirSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { decodeRuleFiles, describeProblem } from './decode.ts'
import type { Problem, RuleFile } from './decode.ts'
import type { BareDefinition } from '../model/rule-definition.ts'
import { digestOf } from './digest.ts'
import { parseYaml } from './yaml/yaml.ts'

const root = resolve(import.meta.dirname, '../..')
const stderr = 2

const files = readdirSync(join(root, 'patterns'))
  .filter((name) => name.endsWith('.yaml'))
  .toSorted()
const read = files.map((name) => readRuleFile(name))
const decoded = decodeRuleFiles(read.flatMap(({ ruleFile }) => ruleFile ?? []))
const problems = [
  ...read.flatMap((file) => file.problems),
  ...('problems' in decoded ? decoded.problems : []),
]

if (problems.length > 0 || 'problems' in decoded) {
  writeSync(stderr, problems.map((problem) => `${describeProblem(problem)}\n`).join(''))
  process.exitCode = 1
} else {
  const bare = decoded.definitions.map(
    ({ examples: _examples, counterExamples: _counterExamples, ...definition }): BareDefinition =>
      definition,
  )
  // Text is read faster as JSON than as a program, and a hook waits for it.
  const module = `import type { BareDefinition } from '../model/rule-definition.ts'

/** Made from patterns/*.yaml by \`npm run compile\`: change those. */
export const builtinDefinitions: readonly BareDefinition[] = JSON.parse(${JSON.stringify(JSON.stringify(bare))})

/** What tells them from others. */
export const builtinDigest = '${digestOf(bare)}'
`
  const path = join(root, 'src/rules/builtin.ts')
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, module)
  renameSync(temporary, path)
}

function readRuleFile(name: string): {
  readonly ruleFile?: RuleFile
  readonly problems: readonly Problem[]
} {
  const file = `patterns/${name}`
  const parsed = parseYaml(readFileSync(join(root, file), 'utf8'))
  if ('flaws' in parsed) {
    return {
      problems: parsed.flaws.map(({ line, column, flaw }) => ({
        file: `${file}:${line}:${column}`,
        field: '',
        expected: `other YAML: it ${flaw}`,
      })),
    }
  }
  return { ruleFile: { file, content: parsed.value }, problems: [] }
}
