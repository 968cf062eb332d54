/** Checks pattern files and turns them into rule definitions. */
import { ConfigError } from '../model/errors.ts'
import { type Severity, severities } from '../model/rule.ts'
import { decodePart, decodeSearch } from './decode-part.ts'
import { fileFields, makers, ruleFields, searchFields } from '../model/rule-definition.ts'
import type { PartDefinition, RuleDefinition } from '../model/rule-definition.ts'
import { Fields, isMapping } from './fields.ts'
import type { ReportProblem } from './fields.ts'
import { expandSample } from './samples/sample.ts'

/** A pattern file that was parsed and not checked yet. */
export interface RuleFile {
  readonly file: string
  readonly content: unknown
}

/** A field of a pattern file that is wrong. */
export interface PatternFileProblem {
  readonly file: string
  /**
   * Id of the rule, or its path when it has none: `rules[3]`. Absent for a problem of the file
   * itself.
   */
  readonly rule?: string
  readonly field: string
  readonly expected: string
}

export type DecodeResult =
  | { readonly definitions: readonly RuleDefinition[] }
  | { readonly problems: readonly PatternFileProblem[] }

const namePattern = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const NAME_EXPECTED = 'lower-case words joined by -'
/** The remedy of users' rules that give none. */
const DEFAULT_REMEDY = 'Revoke it where it was issued, and look at what it was used for.'
const httpsAddress = /^https:\/\/[\x21-\x7e]{3,300}$/

export interface DecodeOptions {
  /** Decodes files of a user, in which remedy, references and samples are optional. */
  readonly own?: boolean
}

/** Decodes pattern files. Returns all rules, or all problems of all files. */
export function decodeRuleFiles(
  files: readonly RuleFile[],
  options: DecodeOptions = {},
): DecodeResult {
  const problems: PatternFileProblem[] = []
  const ids = new Set<string>()
  const definitions = files.flatMap((file) => {
    const rules = decodeFile(file, problems, options)
    for (const { id } of rules) {
      if (ids.has(id) && id !== '')
        problems.push({
          file: file.file,
          rule: id,
          field: 'id',
          expected: 'an id that no other rule has',
        })
      ids.add(id)
    }
    return rules
  })
  return problems.length > 0 ? { problems } : { definitions }
}

/** Returns a problem as one line: where it is, and what was expected. */
export function describeProblem({ file, rule, field, expected }: PatternFileProblem): string {
  const path = [file, rule, field].filter((part) => part !== undefined && part !== '').join(': ')
  return `${path}: expected ${expected}`
}

function decodeFile(
  { file, content }: RuleFile,
  problems: PatternFileProblem[],
  options: DecodeOptions,
): readonly RuleDefinition[] {
  const report: ReportProblem = (field, expected) => problems.push({ file, field, expected })
  if (!isMapping(content)) {
    report('', 'a mapping with provider and rules')
    return []
  }
  const fields = new Fields(content, fileFields, report)
  const provider = fields.text('provider', NAME_EXPECTED, namePattern)
  const rules = fields.list('rules', 1, (value, place) => {
    const id = isMapping(value) && typeof value['id'] === 'string' ? value['id'] : place
    return decodeRule(value, { ...options, provider }, (field, expected) =>
      problems.push({ file, rule: id, field, expected }),
    )
  })
  return rules.filter((rule) => rule !== undefined)
}

interface FileContext extends DecodeOptions {
  readonly provider: string
}

function decodeRule(
  value: unknown,
  { provider, own = false }: FileContext,
  report: ReportProblem,
): RuleDefinition | undefined {
  if (!isMapping(value)) {
    report('', 'a mapping')
    return undefined
  }
  const fields = new Fields(value, ruleFields, report)
  const id = fields.text('id', NAME_EXPECTED, namePattern)
  const severity = fields.choice('severity', severities)
  const parts = decodeParts(fields, { severity, minParts: own ? 1 : 0 }, report)
  return {
    id,
    provider,
    family: fields.has('family') ? fields.text('family', NAME_EXPECTED, namePattern) : id,
    description: fields.text(
      'description',
      'a noun phrase in one line without a full stop',
      /^[\x20-\x7e]{2,99}[^\s.]$/,
    ),
    severity,
    madeBy: fields.choice('madeBy', makers, 'machine'),
    generic: fields.flag('generic'),
    views: fields.flag('views'),
    parts,
    remedy:
      own && !fields.has('remedy')
        ? DEFAULT_REMEDY
        : fields.text(
            'remedy',
            'one sentence in one line, with its full stop',
            /^[\x20-\x7e]{10,300}\.$/,
          ),
    references:
      own && !fields.has('references')
        ? []
        : fields.list('references', 1, (item, field) => decodeAddress(item, field, report)),
    ...decodeSamples(fields, { parts, own }, report),
  }
}

/** Decodes `parts`, or the rule's own keywords and pattern as its only part. */
function decodeParts(
  fields: Fields,
  { severity, minParts }: { readonly severity: Severity; readonly minParts: number },
  report: ReportProblem,
): readonly PartDefinition[] {
  if (!fields.has('parts'))
    return [{ role: 'secret', ...decodeSearch(fields, report), alone: severity }]
  for (const field of searchFields) {
    if (fields.has(field)) report(field, 'to be written in each of the parts')
  }
  const parts = fields.list('parts', minParts, (value, place) =>
    decodePart(value, severity, (field, expected) =>
      report(field === '' ? place : `${place}.${field}`, expected),
    ),
  )
  return parts.filter((part) => part !== undefined)
}

interface SampleContext {
  readonly parts: readonly PartDefinition[]
  readonly own: boolean
}

function decodeSamples(
  fields: Fields,
  { parts, own }: SampleContext,
  report: ReportProblem,
): Pick<RuleDefinition, 'examples' | 'counterExamples'> {
  return {
    examples:
      own && !fields.has('examples')
        ? []
        : fields.list('examples', own ? 1 : 2, (value, field) => {
            const marks = secretsIn(value, field, report)
            if (marks?.length === 0) report(field, 'the secret to be marked: <<…>>')
            const unmatched = marks?.find(
              (mark) => mark.role !== undefined && !parts.some((part) => part.role === mark.role),
            )
            if (unmatched !== undefined)
              report(field, `no mark of role ${unmatched.role}, which the rule has no part for`)
            return typeof value === 'string' ? value : ''
          }),
    counterExamples:
      own && !fields.has('counterExamples')
        ? []
        : fields.list('counterExamples', own ? 1 : 2, (value, field) => {
            const marks = secretsIn(value, field, report)
            if (marks !== undefined && marks.length > 0)
              report(field, 'no mark: nothing is to be found there')
            return typeof value === 'string' ? value : ''
          }),
  }
}

function secretsIn(
  value: unknown,
  field: string,
  report: ReportProblem,
): ReturnType<typeof expandSample>['secrets'] | undefined {
  try {
    if (typeof value === 'string' && value !== '') return expandSample(value, () => 0.5).secrets
    report(field, 'a text')
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    report(field, error.message)
  }
  return undefined
}

function decodeAddress(value: unknown, field: string, report: ReportProblem): string {
  if (typeof value === 'string' && httpsAddress.test(value)) return value
  report(field, 'an https:// address')
  return ''
}
