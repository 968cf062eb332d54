import type { OwnRule } from '../model/policy.ts'
import { decodeRuleFiles, type Problem, type RuleFile } from '../rules/decode.ts'
import type { RuleDefinition } from '../model/rule-definition.ts'
import { isMapping } from '../rules/fields.ts'
import { type Mark, parseYaml, type Yaml } from '../rules/yaml/yaml.ts'
import { type PolicyFiles, MAX_FILE_BYTES } from './files.ts'
import { problemText, type FileProblem, MAX_PROBLEMS } from './problem.ts'
import { type PatternSource, findSlowPatterns } from './slow-patterns.ts'

interface ParsedFile extends RuleFile {
  readonly yaml: Yaml
}

export type OwnRulesResult =
  | { readonly rules: readonly OwnRule[] }
  | { readonly problems: readonly FileProblem[] }

/** Rules of one's own are few. Each costs time on every byte. */
const maxRules = 2000
const maxPatternLength = 10_000

/**
 * The rules of pattern files, ready to be trusted with a scan; or all that is wrong with them.
 * `taken` are the ids of the rules that ship.
 */
export async function readOwnRules(
  files: PolicyFiles,
  names: readonly string[],
  taken: ReadonlySet<string>,
): Promise<OwnRulesResult> {
  const problems: FileProblem[] = []
  const parsed: ParsedFile[] = []
  for (const name of new Set(names)) {
    const file = files.displayName(name)
    const text = await files.read(name, MAX_FILE_BYTES.patterns)
    const yaml = text === undefined ? undefined : parseYaml(text)
    if (yaml === undefined) problems.push({ file, text: 'a pattern file that is not there' })
    else if ('flaws' in yaml)
      problems.push(
        ...yaml.flaws.map(({ line, column, flaw }) => ({ file, line, column, text: flaw })),
      )
    else parsed.push({ file, content: yaml.value, yaml })
  }
  const decoded = decodeRuleFiles(parsed, { own: true })
  if ('problems' in decoded)
    return {
      problems: [
        ...problems,
        ...decoded.problems.slice(0, MAX_PROBLEMS).map((problem) => located(problem, parsed)),
      ],
    }
  const flaws = await flawsOf(decoded.definitions, taken)
  if (decoded.definitions.length > maxRules)
    problems.push({
      file: files.displayName(names[0] ?? ''),
      text: `more than ${maxRules} rules in all files`,
    })
  const all = [
    ...problems,
    ...flaws.map((flaw) => located({ ...flaw, file: fileOf(flaw.rule, parsed) }, parsed)),
  ]
  if (all.length > 0) return { problems: all }
  return {
    rules: decoded.definitions.map((definition) => ({
      definition,
      place: placeOf(definition, parsed),
    })),
  }
}

type Flaw = Required<Omit<Problem, 'file'>>

/**
 * What the form of a rule does not tell: an id that a shipped rule has, a pattern that is too long
 * or can be made to take for ever.
 */
async function flawsOf(
  definitions: readonly RuleDefinition[],
  taken: ReadonlySet<string>,
): Promise<readonly Flaw[]> {
  const collisions = definitions
    .filter(({ id }) => taken.has(id))
    .map(({ id }) => ({
      rule: id,
      field: 'id',
      expected: "another id: a rule of Oakum's own has this one",
    }))
  const patterns = definitions.flatMap(({ id, parts }) =>
    parts.map(({ pattern }, index): readonly [string, PatternSource] => [
      `${id} ${index}`,
      pattern,
    ]),
  )
  const long = patterns.filter(([, { text }]) => text.length > maxPatternLength)
  const slow = long.length > 0 ? [] : await findSlowPatterns(new Map(patterns))
  const flaws = [
    ...long.map(([field]) => ({
      field,
      flaw: `a pattern of at most ${maxPatternLength} characters`,
    })),
    ...slow,
  ]
  return [
    ...collisions,
    ...flaws.map(({ field, flaw }) => ({
      rule: field.split(' ')[0] ?? '',
      field: 'pattern',
      expected: flaw,
    })),
  ]
}

function fileOf(id: string, files: readonly ParsedFile[]): string {
  return files.find((file) => indexOf(file, id) >= 0)?.file ?? ''
}

/** A problem with the line and column of its field. */
function located(problem: Problem, files: readonly ParsedFile[]): FileProblem {
  const { file, rule, field, expected } = problem
  const text = problemText(
    [rule, field].filter((part) => part !== undefined && part !== '').join(': '),
    expected,
  )
  const parsed = files.find((one) => one.file === file)
  return parsed === undefined ? { file, text } : { file, ...markOf(parsed, rule, field), text }
}

function markOf(file: ParsedFile, rule: string | undefined, field: string): Mark {
  if (rule === undefined) return file.yaml.markOf(field)
  const index = indexOf(file, rule)
  return file.yaml.markOf(index < 0 ? rule : `rules[${index}].${field}`)
}

function placeOf({ id }: RuleDefinition, files: readonly ParsedFile[]): string {
  const file = files.find((one) => indexOf(one, id) >= 0)
  return file === undefined ? id : `${file.file}:${markOf(file, id, 'id').line}`
}

/**
 * Which of the file's rules has the id; the last one, since a second is what is wrong with an id
 * that is used twice.
 */
function indexOf({ content }: RuleFile, id: string): number {
  const rules: unknown = isMapping(content) ? content['rules'] : undefined
  return Array.isArray(rules)
    ? rules.findLastIndex((rule: unknown) => isMapping(rule) && rule['id'] === id)
    : -1
}
