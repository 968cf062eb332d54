/** `env` holds values that are used, `template` shows what to fill in. */
export type EnvFamily = 'env' | 'template'

const templateWords = new Set(
  'example examples sample samples template templates tmpl tpl dist default defaults schema skel skeleton stub'.split(
    ' ',
  ),
)

/**
 * What may follow `env.` or `prod.env.`; anything may follow `.env.`, but not there: `foo.env.js`
 * and `env.d.ts` are programs.
 */
const modes = new Set(
  (
    'local dev develop development prod production live staging stage stg test testing tests qa uat preview ci docker compose ' +
    'bak backup old orig save swp tmp txt copy enc encrypted vault keys private secret secrets'
  ).split(' '),
)

/**
 * Programs, pages and styles that are about an environment. `.json`, `.yaml` and `.sh` stay in:
 * they hold its values.
 */
const source =
  /\.(?:[cm]?[jt]sx?|py|rb|go|php|java|kt|rs|cs|swift|dart|vue|svelte|md|mdx|rst|html?|css|map|snap|lock)$/

/**
 * The family of a file by the last component of its path, in any case: `.env.local`, `prod.env`,
 * `.envrc`, `.env.example`.
 */
export function envFamilyOf(name: string): EnvFamily | undefined {
  const lower = name.toLowerCase()
  if (source.test(lower)) return undefined
  const rest = /^\.(?:env|envrc|flaskenv)(?:[-._~ ](?<rest>.*))?$/s.exec(lower)
  if (rest !== null) return familyOf(wordsOf(rest.groups?.['rest'] ?? ''))
  const named = /^(?:(?<before>.{0,250})\.)?env(?:[-._~](?<after>.*))?$/s.exec(lower)
  if (named === null) return undefined
  const before = wordsOf(named.groups?.['before'] ?? '')
  const after = wordsOf(named.groups?.['after'] ?? '')
  const isBare = named.groups?.['before'] === undefined
  if (
    (isBare && after.length === 0) ||
    after.some((word) => !templateWords.has(word) && !modes.has(word))
  )
    return undefined
  return familyOf([...before, ...after])
}

/**
 * `.env.example.local` was copied from a template and filled in; every other name with a template's
 * word is one.
 */
function familyOf(words: readonly string[]): EnvFamily {
  return words.at(-1) !== 'local' && words.some((word) => templateWords.has(word))
    ? 'template'
    : 'env'
}

/**
 * Does a name say that a file is to be copied and filled in: `wp-config-sample.php`,
 * `appsettings.Example.json`?
 */
export function isTemplateName(name: string): boolean {
  return wordsOf(name.toLowerCase()).some((word) => templateWords.has(word) && word !== 'default')
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[-._~ ]+/).filter((word) => word !== '')
}
