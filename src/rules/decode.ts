import { ConfigError } from '../model/errors.ts'
import { type Severity, severities } from '../model/rule.ts'
import { decodePart, decodeSearch } from './decode-part.ts'
import { fileFields, makers, ruleFields } from '../model/rule-definition.ts'
import type { PartDefinition, RuleDefinition } from '../model/rule-definition.ts'
import { Fields, isMapping } from './fields.ts'
import type { Report } from './fields.ts'
import { expandSample } from './samples/sample.ts'

/** A parsed pattern file that nobody has checked. */
export interface RuleFile {
  readonly file: string
  readonly content: unknown
}

/** What is wrong with one field of a pattern file. */
export interface Problem {
  readonly file: string
  /**
   * Id of the rule, or its place when it has none: `rules[3]`. Absent for what belongs to the file.
   */
  readonly rule?: string
  readonly field: string
  readonly expected: string
}

export type Decoded =
  | { readonly definitions: readonly RuleDefinition[] }
  | { readonly problems: readonly Problem[] }

const name = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const nameExpected = 'lower-case words joined by -'
/** What holds for any credential. */
const ownRemedy = 'Revoke it where it was issued, and look at what it was used for.'
const address = /^https:\/\/[\x21-\x7e]{3,300}$/

export interface DecodeOptions {
  /** Files of a user: remedy, references and samples may be left out. */
  readonly own?: boolean
}

/** Checks pattern files: the rules of all of them, or all that is wrong with any of them. */
export function decodeRuleFiles(files: readonly RuleFile[], options: DecodeOptions = {}): Decoded {
  const problems: Problem[] = []
  const ids = new Set<string>()
  const definitions = files.flatMap((file) => {
    const found = decodeFile(file, problems, options)
    for (const { id } of found) {
      if (ids.has(id) && id !== '')
        problems.push({
          file: file.file,
          rule: id,
          field: 'id',
          expected: 'an id that no other rule has',
        })
      ids.add(id)
    }
    return found
  })
  return problems.length > 0 ? { problems } : { definitions }
}

/** A problem in one line: where, and what was expected. */
export function describeProblem({ file, rule, field, expected }: Problem): string {
  return `${[file, rule, field].filter((place) => place !== undefined && place !== '').join(': ')}: expected ${expected}`
}

function decodeFile(
  { file, content }: RuleFile,
  problems: Problem[],
  options: DecodeOptions,
): readonly RuleDefinition[] {
  const report: Report = (field, expected) => problems.push({ file, field, expected })
  if (!isMapping(content)) {
    report('', 'a mapping with provider and rules')
    return []
  }
  const fields = new Fields(content, fileFields, report)
  const provider = fields.text('provider', nameExpected, name)
  const rules = fields.list('rules', 1, (value, place) => {
    const id = isMapping(value) && typeof value['id'] === 'string' ? value['id'] : place
    return decodeRule(value, { ...options, provider }, (field, expected) =>
      problems.push({ file, rule: id, field, expected }),
    )
  })
  return rules.filter((rule) => rule !== undefined)
}

interface FileFacts extends DecodeOptions {
  readonly provider: string
}

function decodeRule(
  value: unknown,
  { provider, own = false }: FileFacts,
  report: Report,
): RuleDefinition | undefined {
  if (!isMapping(value)) {
    report('', 'a mapping')
    return undefined
  }
  const fields = new Fields(value, ruleFields, report)
  const id = fields.text('id', nameExpected, name)
  const severity = fields.choice('severity', severities)
  const parts = decodeParts(fields, { severity, least: own ? 1 : 0 }, report)
  return {
    id,
    provider,
    family: fields.has('family') ? fields.text('family', nameExpected, name) : id,
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
        ? ownRemedy
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

/** Either `parts`, or the rule's own keywords and pattern, which are then its only part. */
function decodeParts(
  fields: Fields,
  { severity, least }: { readonly severity: Severity; readonly least: number },
  report: Report,
): readonly PartDefinition[] {
  if (!fields.has('parts'))
    return [{ role: 'secret', ...decodeSearch(fields, report), alone: severity }]
  for (const field of ['keywords', 'pattern', 'window', 'entropy', 'validator']) {
    if (fields.has(field)) report(field, 'to be written in each of the parts')
  }
  const parts = fields.list('parts', least, (value, place) =>
    decodePart(value, severity, (field, expected) =>
      report(field === '' ? place : `${place}.${field}`, expected),
    ),
  )
  return parts.filter((part) => part !== undefined)
}

interface RuleFacts {
  readonly parts: readonly PartDefinition[]
  readonly own: boolean
}

function decodeSamples(
  fields: Fields,
  { parts, own }: RuleFacts,
  report: Report,
): Pick<RuleDefinition, 'examples' | 'counterExamples'> {
  return {
    examples:
      own && !fields.has('examples')
        ? []
        : fields.list('examples', own ? 1 : 2, (value, field) => {
            const marks = marksOf(value, field, report)
            if (marks?.length === 0) report(field, 'the secret to be marked: <<…>>')
            const stray = marks?.find(
              (mark) => mark.role !== undefined && !parts.some((part) => part.role === mark.role),
            )
            if (stray !== undefined)
              report(field, `no mark of role ${stray.role}, which the rule has no part for`)
            return typeof value === 'string' ? value : ''
          }),
    counterExamples:
      own && !fields.has('counterExamples')
        ? []
        : fields.list('counterExamples', own ? 1 : 2, (value, field) => {
            const marks = marksOf(value, field, report)
            if (marks !== undefined && marks.length > 0)
              report(field, 'no mark: nothing is to be found there')
            return typeof value === 'string' ? value : ''
          }),
  }
}

function marksOf(
  value: unknown,
  field: string,
  report: Report,
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

function decodeAddress(value: unknown, field: string, report: Report): string {
  if (typeof value === 'string' && address.test(value)) return value
  report(field, 'an https:// address')
  return ''
}
