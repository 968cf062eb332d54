/** Imports allowlists of gitleaks as allowed paths and values. */
import {
  type AllowPattern,
  translatePathPattern,
  translateValuePattern,
  translateWords,
} from '../allow.ts'
import type { ImportContext } from '../context.ts'
import { globsOf } from '../globs.ts'
import { type ImportResult, skipped, tryImport } from '../import-log.ts'
import type { AllowPathEntry, AllowValueEntry, Imported, ImportLogEntry } from '../model.ts'
import { Untranslatable } from '../regexp/syntax.ts'
import type { Allowlist } from './config.ts'

/** Stopwords of this length describe a value closely enough for every rule. */
const MIN_SPECIFIC_WORD_LENGTH = 8

/** An allowlist with its file and the rules for which it holds. */
export interface ScopedAllowlist {
  readonly list: Allowlist
  readonly file: string
  /** Ids of the imported rules for which it holds; undefined when it holds for all rules. */
  readonly rules: readonly string[] | undefined
  /** The provider of all imported rules; undefined when no rule has been imported. */
  readonly provider: string | undefined
}

/** Imports one allowlist; the entries never allow more than the list. */
export function importAllowlist(
  scopedList: ScopedAllowlist,
  { isSlow }: Pick<ImportContext, 'isSlow'>,
): Pick<Imported, 'paths' | 'values' | 'log'> {
  return new AllowlistImport(scopedList, isSlow).run()
}

class AllowlistImport {
  readonly #scopedList: ScopedAllowlist
  readonly #isSlow: ImportContext['isSlow']
  readonly #paths: AllowPathEntry[] = []
  readonly #values: AllowValueEntry[] = []
  readonly #log: ImportLogEntry[] = []

  constructor(scopedList: ScopedAllowlist, isSlow: ImportContext['isSlow']) {
    this.#scopedList = scopedList
    this.#isSlow = isSlow
  }

  run(): Pick<Imported, 'paths' | 'values' | 'log'> {
    const { list, file } = this.#scopedList
    const kinds = [list.commits, list.paths, list.regexes, list.stopwords].filter(
      (conditions) => conditions.length > 0,
    ).length
    if (kinds === 0) this.#log.push(skipped({ file, entry: list.entry }, 'it is empty'))
    else if (list.all && kinds > 1) this.#importCombined()
    else this.#importSeparately()
    return { paths: this.#paths, values: this.#values, log: this.#log }
  }

  /**
   * Imports a list of which one matching condition is enough: each condition becomes an entry of its
   * own. Commits are imported elsewhere, since they need the repository.
   */
  #importSeparately(): void {
    const { list, rules } = this.#scopedList
    list.paths.forEach((text, index) =>
      this.#tryImport(`${list.entry}, path ${index + 1}`, () => {
        const { pattern, narrower } = translatePathPattern(text, 'go', this.#isSlow)
        this.#paths.push({
          pattern,
          ...(rules === undefined ? {} : { rules }),
          reason: reasonOf(list),
        })
        return [narrower, []]
      }),
    )
    list.regexes.forEach((text, index) =>
      this.#tryImport(`${list.entry}, regex ${index + 1}`, () => this.#addValue(text)),
    )
    if (list.stopwords.length > 0)
      this.#tryImport(`${list.entry}, ${list.stopwords.length} stopwords`, () =>
        this.#addWords(list.stopwords),
      )
  }

  /** Imports a list whose conditions must all match: values with the paths where they are allowed. */
  #importCombined(): void {
    const { list } = this.#scopedList
    this.#tryImport(list.entry, () => {
      if (list.commits.length > 0)
        throw new Untranslatable('it matches a commit and something else, which no entry can')
      if (list.regexes.length > 0 && list.stopwords.length > 0)
        throw new Untranslatable('it matches a regex and a stopword, which no entry can')
      const paths = list.paths.flatMap((text) => globsOf(text))
      const results =
        list.stopwords.length > 0
          ? [this.#addWords(list.stopwords, paths)]
          : list.regexes.map((text) => this.#addValue(text, paths))
      return [results.some(([isNarrower]) => isNarrower), results.flatMap(([, notes]) => notes)]
    })
  }

  #addValue(text: string, paths?: readonly string[]): ImportResult {
    const { list } = this.#scopedList
    const isForSecret = list.target === 'secret'
    const translated = translateValuePattern(
      { text, dialect: 'go', searchedIn: isForSecret ? 'value' : 'around' },
      this.#isSlow,
    )
    const scope = this.#scopeOf(translated)
    this.#values.push({
      pattern: translated.pattern,
      ...scope.rules,
      ...(paths === undefined ? {} : { paths }),
      reason: reasonOf(list),
    })
    const targetNotes = isForSecret ? [] : ['it now matches the value only']
    return [translated.narrower || scope.isNarrower, [...targetNotes, ...scope.notes]]
  }

  #addWords(words: readonly string[], paths?: readonly string[]): ImportResult {
    const isSpecific = words.every((word) => word.length >= MIN_SPECIFIC_WORD_LENGTH)
    const scope = this.#scopeOf({ isSpecific })
    for (const word of translateWords(words))
      this.#values.push({
        ...word,
        ...scope.rules,
        ...(paths === undefined ? {} : { paths }),
        reason: reasonOf(this.#scopedList.list),
      })
    return [scope.isNarrower, scope.notes]
  }

  /**
   * Returns the rules for which a value is allowed. A short value of a list for all rules holds only
   * for imported rules: with Oakum's own rules it would hide findings that gitleaks never had.
   */
  #scopeOf({ isSpecific }: Pick<AllowPattern, 'isSpecific'>): {
    readonly rules: { readonly rules?: readonly string[] }
    readonly isNarrower: boolean
    readonly notes: readonly string[]
  } {
    const { rules, provider } = this.#scopedList
    if (rules !== undefined) return { rules: { rules }, isNarrower: false, notes: [] }
    if (isSpecific) return { rules: {}, isNarrower: false, notes: [] }
    if (provider === undefined)
      throw new Untranslatable('it is so short that it would hide secrets of Oakum’s own rules')
    return {
      rules: { rules: [provider] },
      isNarrower: true,
      notes: ['it is short, so it holds only for the imported rules'],
    }
  }

  #tryImport(entry: string, importEntry: () => ImportResult): void {
    this.#log.push(tryImport({ file: this.#scopedList.file, entry }, importEntry))
  }
}

/** Returns the reason of an allow entry, in one line, from the description of its allowlist. */
export function reasonOf({ description }: Pick<Allowlist, 'description'>): string {
  const line = description
    .replaceAll(/[\x00-\x1f\x7f]+/g, ' ')
    .trim()
    .slice(0, 200)
  return line === '' ? 'Allowed in gitleaks.' : `Allowed in gitleaks: ${line}`
}
