/**
 * Writes `src/rules/builtin.ts` from `patterns/*.yaml`, as a step of `npm run compile`, so that no
 * scan parses YAML. Prints every problem of every file and exits 1 when there is one.
 */
import { readdirSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { decodeRuleFiles, describeProblem } from './decode.ts'
import type { PatternFileProblem, RuleFile } from './decode.ts'
import type { BareDefinition } from '../model/rule-definition.ts'
import { digestOf } from './compile.ts'
import { parseYaml } from './yaml/yaml.ts'

const root = resolve(import.meta.dirname, '../..')
const STDERR = 2

const files = readdirSync(join(root, 'patterns'))
  .filter((name) => name.endsWith('.yaml'))
  .toSorted()
const parsedFiles = files.map((name) => readRuleFile(name))
const result = decodeRuleFiles(parsedFiles.flatMap(({ ruleFile }) => ruleFile ?? []))
const problems = [
  ...parsedFiles.flatMap((file) => file.problems),
  ...('problems' in result ? result.problems : []),
]

if (problems.length > 0 || 'problems' in result) {
  writeSync(STDERR, problems.map((problem) => `${describeProblem(problem)}\n`).join(''))
  process.exitCode = 1
} else {
  const bare = result.definitions.map(
    ({ examples: _examples, counterExamples: _counterExamples, ...definition }): BareDefinition =>
      definition,
  )
  // V8 reads JSON faster than a program's literals, and hooks wait for it.
  const json = JSON.stringify(JSON.stringify(bare))
  const module = `import type { BareDefinition } from '../model/rule-definition.ts'

/** Generated from patterns/*.yaml by \`npm run compile\`: edit those files. */
export const builtinDefinitions: readonly BareDefinition[] = JSON.parse(${json})

/** Digest that identifies this set of rules. */
export const builtinDigest = '${digestOf(bare)}'
`
  const path = join(root, 'src/rules/builtin.ts')
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, module)
  renameSync(temporary, path)
}

function readRuleFile(name: string): {
  readonly ruleFile?: RuleFile
  readonly problems: readonly PatternFileProblem[]
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
