import { ConfigError } from '../../model/errors.ts'
import { parseYaml } from '../../rules/yaml/yaml.ts'
import { translatePathPattern, translateValuePattern, translateWords } from './allow.ts'
import { tryImport } from './attempt.ts'
import type { ToolFile, ImportContext } from './context.ts'
import type {
  ImportLogEntry,
  AllowPathEntry,
  AllowValueEntry,
  Imported,
  ImportedRule,
} from './model.ts'
import { emptyImport, mergeImports } from './result.ts'
import { translateToolRule } from './tool-rule.ts'
import { Table } from './table.ts'

/**
 * Imports custom detectors (YAML), and files of paths to exclude (anything else: an expression a
 * line).
 */
export function importTrufflehog(files: readonly ToolFile[], context: ImportContext): Imported {
  return mergeImports(
    files.map((file) =>
      /\.ya?ml$/i.test(file.name) ? importDetectors(file, context) : importExcludes(file, context),
    ),
  )
}

function importDetectors({ file, text }: ToolFile, context: ImportContext): Imported {
  const parsed = parseYaml(text)
  if ('flaws' in parsed) {
    const [{ line, column, flaw } = { line: 1, column: 1, flaw: 'is no YAML' }] = parsed.flaws
    throw new ConfigError(`${file}:${line}:${column}: it ${flaw}`)
  }
  const table = new Table(parsed.value, { file, place: '' })
  const detectors = table
    .tables('detectors')
    .map((detector, index) =>
      importDetector(detector, `detector ${detector.text('name') || index + 1}`, { file, context }),
    )
  const account = table.unread.map(
    (name): ImportLogEntry => ({
      file,
      entry: name,
      outcome: 'left-out',
      notes: ['it says how to run trufflehog, not what to find'],
    }),
  )
  return mergeImports([...detectors, { ...emptyImport, log: account }])
}

interface Where {
  readonly file: string
  readonly context: ImportContext
}

/** Each expression becomes a rule; trufflehog asks that all of a detector are found. */
function importDetector(detector: Table, entry: string, { file, context }: Where): Imported {
  const name = detector.text('name') || 'detector'
  const [regex] = detector.tables('regex')
  const names = regex?.names ?? []
  const keywords = detector.texts('keywords').map((keyword) => keyword.toLowerCase())
  const [entropy, description] = [detector.number('entropy'), detector.text('description')]
  const rules: ImportedRule[] = []
  const account = names.map((part) =>
    tryImport({ file, entry: names.length === 1 ? entry : `${entry}, regex ${part}` }, () => {
      const own = names.length === 1 ? name : `${name}-${part}`
      const made = translateToolRule(
        {
          id: own,
          description: description || `${own} of trufflehog`,
          regex: regex?.text(part) ?? '',
          dialect: 'go',
          secretGroup: 0,
          entropy,
          keywords,
        },
        context.isSlow,
      )
      const id = context.ids.add(own)
      rules.push({ ...made.rule, id })
      return [
        made.weaker,
        [
          ...(id === own ? [] : [`its id is ${id} here`]),
          ...made.notes,
          ...(names.length === 1
            ? []
            : ['it is found alone; trufflehog asks for all of the detector']),
        ],
      ]
    }),
  )
  const none: readonly ImportLogEntry[] =
    names.length === 0 ? [{ file, entry, outcome: 'left-out', notes: ['it has no regex'] }] : []
  const excluded = importExclusions(detector, entry, {
    file,
    context,
    rules: rules.map((rule) => rule.id),
  })
  const verify = detector.tables('verify').map(
    (): ImportLogEntry => ({
      file,
      entry: `${entry}, verify`,
      outcome: 'left-out',
      notes: ['Oakum sends what it finds to nobody but AWS, and only when asked'],
    }),
  )
  const rest = detector.unread.map(
    (field): ImportLogEntry => ({
      file,
      entry: `${entry}, ${field}`,
      outcome: 'left-out',
      notes: ['Oakum’s rules have nothing like it'],
    }),
  )
  return mergeImports([
    { ...emptyImport, rules, log: [...account, ...none] },
    excluded,
    { ...emptyImport, log: [...verify, ...rest] },
  ])
}

/** Words and expressions by which a detector drops what it found. */
function importExclusions(
  detector: Table,
  entry: string,
  { file, context, rules }: Where & { readonly rules: readonly string[] },
): Imported {
  const values: AllowValueEntry[] = []
  const account: ImportLogEntry[] = []
  const reason = 'Excluded in trufflehog.'
  const words = detector.texts('exclude_words')
  const captures = detector.texts('exclude_regexes_capture')
  const matches = detector.texts('exclude_regexes_match')
  if (rules.length === 0) return emptyImport
  if (words.length > 0)
    account.push(
      tryImport({ file, entry: `${entry}, ${words.length} exclude_words` }, () => {
        values.push(...translateWords(words).map((word) => ({ ...word, rules, reason })))
        return [false, []]
      }),
    )
  for (const [list, searched] of [
    [captures, 'value'],
    [matches, 'around'],
  ] as const) {
    list.forEach((text, index) =>
      account.push(
        tryImport(
          {
            file,
            entry: `${entry}, exclude_regexes_${searched === 'value' ? 'capture' : 'match'} ${index + 1}`,
          },
          () => {
            const { pattern, narrower } = translateValuePattern(
              { text, dialect: 'go', searchedIn: searched },
              context.isSlow,
            )
            values.push({ pattern, rules, reason })
            return [narrower, searched === 'value' ? [] : ['it is searched for in the value alone']]
          },
        ),
      ),
    )
  }
  return { ...emptyImport, values, log: account }
}

/** An expression a line, searched for in paths; `#` begins a remark. */
function importExcludes({ file, text }: ToolFile, context: ImportContext): Imported {
  const paths: AllowPathEntry[] = []
  const account = text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '' || line.trim().startsWith('#')) return []
    return [
      tryImport({ file, line: index + 1, entry: 'path' }, () => {
        const { pattern, narrower } = translatePathPattern(line, 'go', context.isSlow)
        paths.push({ pattern, reason: 'Excluded in trufflehog.' })
        return [narrower, []]
      }),
    ]
  })
  return { ...emptyImport, paths, log: account }
}
