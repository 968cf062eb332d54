/**
 * Run by `npm run compile`: patterns/*.yaml → src/rules/builtin.ts, so that no scan pays for parsing YAML.
 * Prints every problem of every file and exits 1 when there is one.
 */
import { readdirSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { decodeRuleFiles, describeProblem } from './decode.ts'
import type { Problem, RuleFile } from './decode.ts'

const root = resolve(import.meta.dirname, '../..')
const stderr = 2

const files = readdirSync(join(root, 'patterns')).filter((name) => name.endsWith('.yaml')).toSorted()
const read = files.map((name) => readRuleFile(name))
const decoded = decodeRuleFiles(read.flatMap(({ ruleFile }) => ruleFile ?? []))
const problems = [...read.flatMap((file) => file.problems), ...('problems' in decoded ? decoded.problems : [])]

if (problems.length > 0 || 'problems' in decoded) {
  writeSync(stderr, problems.map((problem) => `${describeProblem(problem)}\n`).join(''))
  process.exitCode = 1
} else {
  const module = `import type { RuleDefinition } from './definition.ts'

/** Made from patterns/*.yaml by \`npm run compile\`: change those. */
export const builtinDefinitions: readonly RuleDefinition[] = ${JSON.stringify(decoded.definitions, null, 2)}
`
  const path = join(root, 'src/rules/builtin.ts')
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, module)
  renameSync(temporary, path)
}

function readRuleFile(name: string): { readonly ruleFile?: RuleFile; readonly problems: readonly Problem[] } {
  const file = `patterns/${name}`
  const document = parseDocument(readFileSync(join(root, file), 'utf8'))
  const flaws = [...document.errors, ...document.warnings]
  if (flaws.length > 0) {
    return { problems: flaws.map(({ message }) => ({ file, field: '', expected: `YAML (${message.split('\n')[0] ?? ''})` })) }
  }
  const content: unknown = document.toJS({ maxAliasCount: 100 })
  return { ruleFile: { file, content }, problems: [] }
}
