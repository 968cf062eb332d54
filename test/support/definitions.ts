/** The rules that ship, with the samples that prove them: these stay with the sources. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeRuleFiles } from '../../src/rules/decode.ts'
import type { RuleDefinition } from '../../src/model/rule-definition.ts'
import { parseYaml } from '../../src/rules/yaml/yaml.ts'
import { projectRoot } from './oakum.ts'

export const shippedDefinitions: readonly RuleDefinition[] = definitions()

function definitions(): readonly RuleDefinition[] {
  const folder = join(projectRoot, 'patterns')
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
  const read = files.map((name) => {
    const parsed = parseYaml(readFileSync(join(folder, name), 'utf8'))
    if ('flaws' in parsed) throw new Error(`${name} is no YAML that is read here`)
    return { file: `patterns/${name}`, content: parsed.value }
  })
  const decoded = decodeRuleFiles(read)
  if ('problems' in decoded) throw new Error(JSON.stringify(decoded.problems[0]))
  return decoded.definitions
}
