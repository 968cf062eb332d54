/** Reads `oakum.yaml` and the pattern files it names, and reports all their problems together. */
import { UsageError } from '../model/errors.ts'
import type { OwnRule } from '../model/policy.ts'
import { suggestion } from '../model/suggestion.ts'
import { builtinDefinitions } from '../rules/builtin.ts'
import { type Configuration, noConfiguration } from './configuration.ts'
import { MAX_FILE_BYTES, type PolicyFiles } from './files.ts'
import { configError, type FileProblem, MAX_PROBLEMS, problemText } from './problem.ts'
import type { PatternSource } from './slow-patterns.ts'

interface ConfigurationAndRules {
  readonly configuration: Configuration
  readonly rules: readonly OwnRule[]
}

/**
 * Reads the configuration file `name` and its pattern files. Without the file the default
 * configuration applies, unless the file is `required`, since `--config` named it: then a UsageError
 * is thrown.
 */
export async function readConfiguration(
  files: PolicyFiles,
  name: string,
  required: boolean,
): Promise<ConfigurationAndRules> {
  const file = files.displayName(name)
  const text = await files.read(name, MAX_FILE_BYTES.config)
  if (text === undefined) {
    if (required) throw new UsageError(`--config: ${file} does not exist`)
    return { configuration: noConfiguration, rules: [] }
  }
  // Imported here, so that a scan without a configuration file loads neither the YAML parser nor
  // the backtracking analysis.
  const [{ parseYaml }, { decodeConfiguration }, { readOwnRules }, { findSlowPatterns }] =
    await Promise.all([
      import('../rules/yaml/yaml.ts'),
      import('./decode.ts'),
      import('./own-rules.ts'),
      import('./slow-patterns.ts'),
    ])
  const yaml = parseYaml(text)
  if ('flaws' in yaml)
    throw toConfigError(
      yaml.flaws.map(({ line, column, flaw }) => ({ file, line, column, text: flaw })),
    )

  const problems: FileProblem[] = []
  const isFull = (): boolean => problems.length >= MAX_PROBLEMS
  const report = (field: string, expected: string): void =>
    void problems.push({
      file,
      ...(isFull() ? {} : yaml.positionOf(field)),
      text: problemText(field, expected),
    })
  const toAnalyse = new Map<string, PatternSource>()
  const configuration = decodeConfiguration(yaml.value, {
    report,
    analysePattern: (field, pattern) => toAnalyse.set(field, pattern),
  })
  for (const { field, flaw } of await findSlowPatterns(toAnalyse)) report(field, flaw)
  const patterns = configuration.patterns.filter((pattern) => pattern !== '')
  const ownRules =
    patterns.length === 0
      ? { rules: [] }
      : await readOwnRules(files, patterns, new Set(builtinDefinitions.map(({ id }) => id)))
  if ('rules' in ownRules) reportUnknownRules(configuration, ownRules.rules, { report, isFull })
  const allProblems = [...problems, ...('problems' in ownRules ? ownRules.problems : [])]
  if (allProblems.length > 0 || 'problems' in ownRules) throw toConfigError(allProblems)
  return { configuration, rules: ownRules.rules }
}

interface ProblemReporter {
  readonly report: (field: string, expected: string) => void
  /** True when enough problems were reported to stop looking for more. */
  readonly isFull: () => boolean
}

/** Reports names of rules that do not exist: a misspelt name would silently have no effect. */
function reportUnknownRules(
  configuration: Configuration,
  ownRules: readonly OwnRule[],
  { report, isFull }: ProblemReporter,
): void {
  const definitions = [...builtinDefinitions, ...ownRules.map(({ definition }) => definition)]
  const knownNames = new Set(
    definitions.flatMap(({ id, family, provider }) => [id, family, provider]),
  )
  const check = (name: string, field: string): void => {
    if (name === '' || knownNames.has(name) || isFull()) return
    const hint = suggestion(name, [...knownNames]) || '; see oakum rules list'
    report(field, `no such rule, family or provider${hint}`)
  }
  for (const name of configuration.levels.keys()) check(name, `rules.${name}`)
  const lists = { paths: configuration.allowedPaths, values: configuration.allowedValues }
  for (const [kind, items] of Object.entries(lists)) {
    for (const [index, { rules = [] }] of items.entries())
      rules.forEach((name, at) => check(name, `allow.${kind}[${index}].rules[${at}]`))
  }
}

function toConfigError(problems: readonly FileProblem[]): Error {
  const [first, ...others] = problems
  return first === undefined
    ? new Error('configError needs at least one problem')
    : configError([first, ...others])
}
