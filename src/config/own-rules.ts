/** Reads the user's own rules from the pattern files that `oakum.yaml` names, and checks them. */
import type { OwnRule } from '../model/policy.ts'
import { decodeRuleFiles, type PatternFileProblem, type RuleFile } from '../rules/decode.ts'
import type { RuleDefinition } from '../model/rule-definition.ts'
import { isMapping } from '../rules/fields.ts'
import { type TextPosition, parseYaml, type Yaml } from '../rules/yaml/yaml.ts'
import { MAX_FILE_BYTES, type PolicyFiles } from './files.ts'
import { type FileProblem, MAX_PROBLEMS, problemText } from './problem.ts'
import { findSlowPatterns, type PatternSource } from './slow-patterns.ts'

/** A pattern file with valid YAML. */
interface ParsedFile extends RuleFile {
  readonly yaml: Yaml
}

export type OwnRulesResult =
  | { readonly rules: readonly OwnRule[] }
  | { readonly problems: readonly FileProblem[] }

/** Each rule costs time on every byte that is scanned. */
const MAX_RULES = 2000
export const MAX_PATTERN_LENGTH = 10_000

/**
 * Reads the rules of the pattern files `names`, or all their problems. `builtinIds` are the ids of
 * the rules that come with Oakum, which own rules cannot use.
 */
export async function readOwnRules(
  files: PolicyFiles,
  names: readonly string[],
  builtinIds: ReadonlySet<string>,
): Promise<OwnRulesResult> {
  const { parsed, problems } = await parsePatternFiles(files, names)
  const decoded = decodeRuleFiles(parsed, { own: true })
  if ('problems' in decoded)
    return {
      problems: [
        ...problems,
        ...decoded.problems.slice(0, MAX_PROBLEMS).map((problem) => toFileProblem(problem, parsed)),
      ],
    }
  const { definitions } = decoded
  if (definitions.length > MAX_RULES)
    problems.push({
      file: files.displayName(names[0] ?? ''),
      text: `more than ${MAX_RULES} rules in all files`,
    })
  for (const problem of await findRuleProblems(definitions, builtinIds))
    problems.push(toFileProblem({ ...problem, file: fileOf(problem.rule, parsed) }, parsed))
  if (problems.length > 0) return { problems }
  return {
    rules: definitions.map((definition) => ({ definition, place: placeOf(definition, parsed) })),
  }
}

async function parsePatternFiles(
  files: PolicyFiles,
  names: readonly string[],
): Promise<{ readonly parsed: readonly ParsedFile[]; readonly problems: FileProblem[] }> {
  const problems: FileProblem[] = []
  const parsed: ParsedFile[] = []
  for (const name of new Set(names)) {
    const file = files.displayName(name)
    const text = await files.read(name, MAX_FILE_BYTES.patterns)
    const yaml = text === undefined ? undefined : parseYaml(text)
    if (yaml === undefined) problems.push({ file, text: 'pattern file does not exist' })
    else if ('flaws' in yaml)
      problems.push(
        ...yaml.flaws.map(({ line, column, flaw }) => ({ file, line, column, text: flaw })),
      )
    else parsed.push({ file, content: yaml.value, yaml })
  }
  return { parsed, problems }
}

type RuleProblem = Required<Omit<PatternFileProblem, 'file'>>

/**
 * Finds problems of valid definitions: an id that a built-in rule has, and a pattern that is too
 * long or could take exponential time.
 */
async function findRuleProblems(
  definitions: readonly RuleDefinition[],
  builtinIds: ReadonlySet<string>,
): Promise<readonly RuleProblem[]> {
  const collisions = definitions
    .filter(({ id }) => builtinIds.has(id))
    .map(({ id }) => ({
      rule: id,
      field: 'id',
      expected: 'another id: a built-in rule has this one',
    }))
  const patterns = definitions.flatMap(({ id, parts }) =>
    parts.map(({ pattern }, index): readonly [string, PatternSource] => [
      `${id} ${index}`,
      pattern,
    ]),
  )
  const tooLong = patterns.filter(([, { text }]) => text.length > MAX_PATTERN_LENGTH)
  const slow = tooLong.length > 0 ? [] : await findSlowPatterns(new Map(patterns))
  const patternProblems = [
    ...tooLong.map(([field]) => ({
      field,
      flaw: `a pattern of at most ${MAX_PATTERN_LENGTH} characters`,
    })),
    ...slow,
  ]
  return [
    ...collisions,
    ...patternProblems.map(({ field, flaw }) => ({
      rule: field.split(' ')[0] ?? '',
      field: 'pattern',
      expected: flaw,
    })),
  ]
}

function fileOf(id: string, files: readonly ParsedFile[]): string {
  return files.find((file) => ruleIndex(file, id) >= 0)?.file ?? ''
}

/** Adds the line and column of the field to a problem. */
function toFileProblem(problem: PatternFileProblem, files: readonly ParsedFile[]): FileProblem {
  const { file, rule, field, expected } = problem
  const text = problemText(
    [rule, field].filter((part) => part !== undefined && part !== '').join(': '),
    expected,
  )
  const parsed = files.find((candidate) => candidate.file === file)
  return parsed === undefined ? { file, text } : { file, ...positionOf(parsed, rule, field), text }
}

function positionOf(file: ParsedFile, rule: string | undefined, field: string): TextPosition {
  if (rule === undefined) return file.yaml.positionOf(field)
  const index = ruleIndex(file, rule)
  return file.yaml.positionOf(index < 0 ? rule : `rules[${index}].${field}`)
}

function placeOf({ id }: RuleDefinition, files: readonly ParsedFile[]): string {
  const file = files.find((candidate) => ruleIndex(candidate, id) >= 0)
  return file === undefined ? id : `${file.file}:${positionOf(file, id, 'id').line}`
}

/**
 * Returns the index of the rule with the id in its file, or -1. When an id is used twice, the last
 * rule is the one to correct.
 */
function ruleIndex({ content }: RuleFile, id: string): number {
  const rules: unknown = isMapping(content) ? content['rules'] : undefined
  return Array.isArray(rules)
    ? rules.findLastIndex((rule: unknown) => isMapping(rule) && rule['id'] === id)
    : -1
}
