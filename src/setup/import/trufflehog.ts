/** Imports custom detectors and excluded paths of trufflehog. */
import { ConfigError } from '../../model/errors.ts'
import { parseYaml } from '../../rules/yaml/yaml.ts'
import { translatePathPattern, translateValuePattern, translateWords } from './allow.ts'
import type { ImportContext, ToolFile } from './context.ts'
import { type ImportResult, skipped, tryImport } from './import-log.ts'
import {
  type AllowPathEntry,
  type AllowValueEntry,
  emptyImport,
  type Imported,
  type ImportedRule,
  type ImportLogEntry,
  mergeImports,
} from './model.ts'
import { Table } from './table.ts'
import { translateToolRule } from './tool-rule.ts'

/**
 * Imports YAML files of custom detectors. Any other file is a list of excluded paths, one expression
 * per line.
 */
export function importTrufflehog(files: readonly ToolFile[], context: ImportContext): Imported {
  return mergeImports(
    files.map((file) =>
      /\.ya?ml$/i.test(file.name)
        ? importDetectors(file, context)
        : importExcludedPaths(file, context),
    ),
  )
}

function importDetectors({ file, text }: ToolFile, context: ImportContext): Imported {
  const parsed = parseYaml(text)
  if ('flaws' in parsed) {
    const [{ line, column, flaw } = { line: 1, column: 1, flaw: 'is not YAML' }] = parsed.flaws
    throw new ConfigError(`${file}:${line}:${column}: it ${flaw}`)
  }
  const table = new Table(parsed.value, { file, fieldPath: '' })
  const detectors = table.tables('detectors').map((detector, index) => {
    const entry = `detector ${detector.text('name') || index + 1}`
    return importDetector(detector, { file, entry }, context)
  })
  const log = table.unread.map((name) =>
    skipped({ file, entry: name }, 'it configures how trufflehog runs, not what it finds'),
  )
  return mergeImports([...detectors, { ...emptyImport, log }])
}

/** The file of a detector and its name in the log. */
interface DetectorLocation {
  readonly file: string
  readonly entry: string
}

/** Imports a detector: its expressions as rules, and its exclusions as allowed values. */
function importDetector(
  detector: Table,
  location: DetectorLocation,
  context: ImportContext,
): Imported {
  const imported = importRegexes(detector, location, context)
  const ruleIds = imported.rules.map(({ id }) => id)
  const exclusions = importExclusions(detector, ruleIds, { location, context })
  return mergeImports([
    imported,
    exclusions,
    { ...emptyImport, log: skippedFields(detector, location) },
  ])
}

/**
 * Imports each expression of a detector as a rule of its own. trufflehog reports a detector only
 * when all its expressions match.
 */
function importRegexes(
  detector: Table,
  location: DetectorLocation,
  context: ImportContext,
): Imported {
  const { file, entry } = location
  const detectorName = detector.text('name') || 'detector'
  const [regexes] = detector.tables('regex')
  const names = regexes?.names ?? []
  const keywords = detector.texts('keywords').map((keyword) => keyword.toLowerCase())
  const [entropy, description] = [detector.number('entropy'), detector.text('description')]
  const isOnly = names.length === 1
  const rules: ImportedRule[] = []
  const importRegex = (name: string): ImportResult => {
    const ruleName = isOnly ? detectorName : `${detectorName}-${name}`
    const { rule, findsLess, notes } = translateToolRule(
      {
        id: ruleName,
        description: description || `${ruleName} of trufflehog`,
        regex: regexes?.text(name) ?? '',
        dialect: 'go',
        secretGroup: 0,
        entropy,
        keywords,
      },
      context.isSlow,
    )
    const id = context.ids.add(ruleName)
    rules.push({ ...rule, id })
    const idNotes = id === ruleName ? [] : [`its id is ${id} here`]
    const aloneNotes = isOnly ? [] : ['it is found alone; trufflehog needs all of the detector']
    return [findsLess, [...idNotes, ...notes, ...aloneNotes]]
  }
  const log =
    names.length === 0
      ? [skipped(location, 'it has no regex')]
      : names.map((name) =>
          tryImport({ file, entry: isOnly ? entry : `${entry}, regex ${name}` }, () =>
            importRegex(name),
          ),
        )
  return { ...emptyImport, rules, log }
}

/** Returns log entries for the fields of a detector that cannot be imported. */
function skippedFields(
  detector: Table,
  { file, entry }: DetectorLocation,
): readonly ImportLogEntry[] {
  return [
    ...detector
      .tables('verify')
      .map(() =>
        skipped(
          { file, entry: `${entry}, verify` },
          'Oakum sends secrets to AWS only, and only on request',
        ),
      ),
    ...detector.unread.map((field) =>
      skipped({ file, entry: `${entry}, ${field}` }, 'Oakum’s rules have no equivalent'),
    ),
  ]
}

/** Imports the words and expressions with which a detector discards matches. */
function importExclusions(
  detector: Table,
  rules: readonly string[],
  {
    location: { file, entry },
    context,
  }: { readonly location: DetectorLocation; readonly context: ImportContext },
): Imported {
  const words = detector.texts('exclude_words')
  const lists = [
    { field: 'exclude_regexes_capture', searchedIn: 'value', notes: [] },
    {
      field: 'exclude_regexes_match',
      searchedIn: 'around',
      notes: ['it now matches the value only'],
    },
  ] as const
  const expressions = lists.map((list) => ({ ...list, texts: detector.texts(list.field) }))
  if (rules.length === 0) return emptyImport
  const values: AllowValueEntry[] = []
  const log: ImportLogEntry[] = []
  const reason = 'Excluded in trufflehog.'
  if (words.length > 0)
    log.push(
      tryImport({ file, entry: `${entry}, ${words.length} exclude_words` }, () => {
        values.push(...translateWords(words).map((word) => ({ ...word, rules, reason })))
        return [false, []]
      }),
    )
  for (const { field, searchedIn, notes, texts } of expressions) {
    for (const [index, text] of texts.entries())
      log.push(
        tryImport({ file, entry: `${entry}, ${field} ${index + 1}` }, () => {
          const { pattern, narrower } = translateValuePattern(
            { text, dialect: 'go', searchedIn },
            context.isSlow,
          )
          values.push({ pattern, rules, reason })
          return [narrower, notes]
        }),
      )
  }
  return { ...emptyImport, values, log }
}

/** Imports a list of expressions that are searched for in paths; `#` begins a comment. */
function importExcludedPaths({ file, text }: ToolFile, context: ImportContext): Imported {
  const paths: AllowPathEntry[] = []
  const log = text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '' || line.trim().startsWith('#')) return []
    return [
      tryImport({ file, line: index + 1, entry: 'path' }, () => {
        const { pattern, narrower } = translatePathPattern(line, 'go', context.isSlow)
        paths.push({ pattern, reason: 'Excluded in trufflehog.' })
        return [narrower, []]
      }),
    ]
  })
  return { ...emptyImport, paths, log }
}
