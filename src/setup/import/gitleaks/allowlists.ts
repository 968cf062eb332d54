import {
  translatePathPattern,
  type AllowPattern,
  translateValuePattern,
  translateWords,
} from '../allow.ts'
import { tryImport } from '../attempt.ts'
import type { ImportContext } from '../context.ts'
import { globsOf } from '../globs.ts'
import type { ImportLogEntry, AllowPathEntry, AllowValueEntry, Outcome } from '../model.ts'
import { Untranslatable } from '../regexp/untranslatable.ts'
import type { Allowlist } from './config.ts'

interface Allowances {
  readonly paths: readonly AllowPathEntry[]
  readonly values: readonly AllowValueEntry[]
  readonly log: readonly ImportLogEntry[]
}

/**
 * An allowlist and the file it stands in; `rules` are ids here, undefined when it holds for all.
 */
export interface ScopedAllowlist {
  readonly list: Allowlist
  readonly file: string
  readonly rules: readonly string[] | undefined
  /** Has any rule been imported, so that the tool's name selects some? */
  readonly provider: string | undefined
}

/** What one allowlist allows, entry by entry; never more than before. */
export function importAllowlist(
  scoped: ScopedAllowlist,
  { isSlow }: Pick<ImportContext, 'isSlow'>,
): Allowances {
  return new AllowlistImport(scoped, isSlow).run()
}

class AllowlistImport {
  readonly #scoped: ScopedAllowlist
  readonly #isSlow: ImportContext['isSlow']
  readonly #paths: AllowPathEntry[] = []
  readonly #values: AllowValueEntry[] = []
  readonly #account: ImportLogEntry[] = []

  constructor(scoped: ScopedAllowlist, isSlow: ImportContext['isSlow']) {
    this.#scoped = scoped
    this.#isSlow = isSlow
  }

  run(): Allowances {
    const { list } = this.#scoped
    const kinds = [list.commits, list.paths, list.regexes, list.stopwords].filter(
      (tests) => tests.length > 0,
    ).length
    if (kinds === 0) this.#say(list.entry, 'left-out', ['it is empty'])
    else if (list.all && kinds > 1) this.#together()
    else this.#apart()
    return { paths: this.#paths, values: this.#values, log: this.#account }
  }

  /**
   * One test is enough, so each is an allowance of its own. Commits are told by whoever can read
   * them.
   */
  #apart(): void {
    const { list, rules } = this.#scoped
    list.paths.forEach((text, index) =>
      this.#try(`${list.entry}, path ${index + 1}`, () => {
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
      this.#try(`${list.entry}, regex ${index + 1}`, () => this.#value(text)),
    )
    if (list.stopwords.length > 0)
      this.#try(`${list.entry}, ${list.stopwords.length} stopwords`, () =>
        this.#words(list.stopwords),
      )
  }

  /** All tests have to hold: a value, and where it stands. */
  #together(): void {
    const { list } = this.#scoped
    this.#try(list.entry, () => {
      if (list.commits.length > 0)
        throw new Untranslatable(
          'it asks for a commit and for something else, which no allowance can',
        )
      if (list.regexes.length > 0 && list.stopwords.length > 0)
        throw new Untranslatable('it asks for a regex and for a stopword, which no allowance can')
      const paths = list.paths.flatMap((text) => globsOf(text))
      const found =
        list.stopwords.length > 0
          ? [this.#words(list.stopwords, paths)]
          : list.regexes.map((text) => this.#value(text, paths))
      return [found.some(([narrower]) => narrower), found.flatMap(([, notes]) => notes)]
    })
  }

  #value(
    text: string,
    paths?: readonly string[],
  ): readonly [narrower: boolean, notes: readonly string[]] {
    const { list } = this.#scoped
    const allowed = translateValuePattern(
      { text, dialect: 'go', searchedIn: list.target === 'secret' ? 'value' : 'around' },
      this.#isSlow,
    )
    const scope = this.#scope(allowed)
    this.#values.push({
      pattern: allowed.pattern,
      ...scope.rules,
      ...(paths === undefined ? {} : { paths }),
      reason: reasonOf(list),
    })
    const around = list.target === 'secret' ? [] : ['it is searched for in the value alone']
    return [allowed.narrower || scope.narrower, [...around, ...scope.notes]]
  }

  #words(
    words: readonly string[],
    paths?: readonly string[],
  ): readonly [narrower: boolean, notes: readonly string[]] {
    const scope = this.#scope({ isSpecific: words.every((word) => word.length >= 8) })
    for (const word of translateWords(words))
      this.#values.push({
        ...word,
        ...scope.rules,
        ...(paths === undefined ? {} : { paths }),
        reason: reasonOf(this.#scoped.list),
      })
    return [scope.narrower, scope.notes]
  }

  /**
   * What is short and held for gitleaks' rules holds for those only: Oakum's own would lose what
   * gitleaks never found.
   */
  #scope({ isSpecific: telling }: Pick<AllowPattern, 'telling'>): {
    readonly rules: { readonly rules?: readonly string[] }
    readonly narrower: boolean
    readonly notes: readonly string[]
  } {
    const { rules, provider } = this.#scoped
    if (rules !== undefined) return { rules: { rules }, narrower: false, notes: [] }
    if (telling) return { rules: {}, narrower: false, notes: [] }
    if (provider === undefined)
      throw new Untranslatable('it is so short that it would hide secrets of Oakum’s own rules')
    return {
      rules: { rules: [provider] },
      narrower: true,
      notes: ['it is short, so it holds only for the rules that were imported'],
    }
  }

  #try(entry: string, make: () => readonly [narrower: boolean, notes: readonly string[]]): void {
    this.#account.push(tryImport({ file: this.#scoped.file, entry }, make))
  }

  #say(entry: string, outcome: Outcome, notes: readonly string[]): void {
    this.#account.push({ file: this.#scoped.file, entry, outcome, notes })
  }
}

/** One line for oakum.yaml. */
export function reasonOf({ description }: Pick<Allowlist, 'description'>): string {
  const said = description
    .replaceAll(/[\x00-\x1f\x7f]+/g, ' ')
    .trim()
    .slice(0, 200)
  return said === '' ? 'Allowed in gitleaks.' : `Allowed in gitleaks: ${said}`
}
