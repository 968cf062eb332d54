import { UsageError } from '../model/errors.ts'
import type { OwnRule } from '../model/policy.ts'
import { builtinDefinitions } from '../rules/builtin.ts'
import { suggestion } from '../model/suggestion.ts'
import { type Configuration, noConfiguration } from './configuration.ts'
import { type PolicyFiles, MAX_FILE_BYTES } from './files.ts'
import { problemText, configError, type FileProblem, MAX_PROBLEMS } from './problem.ts'
import type { PatternSource } from './slow-patterns.ts'

interface ConfigurationAndRules {
  readonly configuration: Configuration
  readonly rules: readonly OwnRule[]
}

/**
 * `oakum.yaml` and the pattern files it names. `needed`: it was asked for by name, so it has to be
 * there.
 */
export async function readConfiguration(
  files: PolicyFiles,
  name: string,
  needed: boolean,
): Promise<ConfigurationAndRules> {
  const file = files.displayName(name)
  const text = await files.read(name, MAX_FILE_BYTES.config)
  if (text === undefined) {
    if (needed) throw new UsageError(`--config: ${file} does not exist`)
    return { configuration: noConfiguration, rules: [] }
  }
  // A scan without a file to parse loads neither parser nor analysis.
  const [
    { parseYaml },
    { decodeConfiguration },
    { readOwnRules },
    { findSlowPatterns: slowPatterns },
  ] = await Promise.all([
    import('../rules/yaml/yaml.ts'),
    import('./decode.ts'),
    import('./own-rules.ts'),
    import('./slow-patterns.ts'),
  ])
  const yaml = parseYaml(text)
  if ('flaws' in yaml)
    throw raised(yaml.flaws.map(({ line, column, flaw }) => ({ file, line, column, text: flaw })))

  const problems: FileProblem[] = []
  const isEnough = (): boolean => problems.length >= MAX_PROBLEMS
  const report = (field: string, expected: string): void =>
    void problems.push({
      file,
      ...(isEnough() ? {} : yaml.markOf(field)),
      text: problemText(field, expected),
    })
  const toAnalyse = new Map<string, PatternSource>()
  const configuration = decodeConfiguration(yaml.value, {
    report,
    analysePattern: (field, pattern) => toAnalyse.set(field, pattern),
  })
  for (const { field, flaw } of await slowPatterns(toAnalyse)) report(field, flaw)
  const patterns = configuration.patterns.filter((pattern) => pattern !== '')
  const own =
    patterns.length === 0
      ? { rules: [] }
      : await readOwnRules(files, patterns, new Set(builtinDefinitions.map(({ id }) => id)))
  if ('rules' in own) reportUnknownRules(configuration, own.rules, { report, isEnough })
  const all = [...problems, ...('problems' in own ? own.problems : [])]
  if (all.length > 0 || 'problems' in own) throw raised(all)
  return { configuration, rules: own.rules }
}

interface Reporting {
  readonly report: (field: string, expected: string) => void
  readonly isEnough: () => boolean
}

/** A rule that was misspelt would be neither off nor on: it would be an opinion nobody hears. */
function reportUnknownRules(
  configuration: Configuration,
  own: readonly OwnRule[],
  { report, isEnough }: Reporting,
): void {
  const definitions = [...builtinDefinitions, ...own.map(({ definition }) => definition)]
  const known = new Set(definitions.flatMap(({ id, family, provider }) => [id, family, provider]))
  const check = (name: string, field: string): void => {
    if (name !== '' && !known.has(name) && !isEnough())
      report(
        field,
        `no such rule, family or provider${suggestion(name, [...known]) || '; see oakum rules list'}`,
      )
  }
  for (const name of configuration.levels.keys()) check(name, `rules.${name}`)
  const lists = { paths: configuration.allowedPaths, values: configuration.allowedValues }
  for (const [kind, allowed] of Object.entries(lists)) {
    for (const [index, { rules = [] }] of allowed.entries())
      rules.forEach((name, at) => check(name, `allow.${kind}[${index}].rules[${at}]`))
  }
}

function raised(problems: readonly FileProblem[]): Error {
  const [first, ...others] = problems
  return first === undefined ? new Error('no problem to tell') : configError([first, ...others])
}
