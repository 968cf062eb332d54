/** Recognizes env files and their templates by name. */
import { wordSet } from '../../model/word-set.ts'

/** `env`: a file with values in use. `template`: a file that shows which values to fill in. */
export type EnvFamily = 'env' | 'template'

const templateWords = wordSet(`
  example examples sample samples template templates tmpl tpl dist default defaults schema skel
  skeleton stub
`)

/**
 * Words that may follow `env.` or `prod.env.`. Any word may follow `.env.`, but `foo.env.js` and
 * `env.d.ts` are programs.
 */
const modeWords = wordSet(`
  local dev develop development prod production live staging stage stg test testing tests qa uat
  preview ci docker compose bak backup old orig save swp tmp txt copy enc encrypted vault keys
  private secret secrets
`)

/**
 * Programs, pages and styles match after an environment. `.json`, `.yaml` and `.sh` are not in the
 * list: such files hold values.
 */
const sourceFile =
  /\.(?:[cm]?[jt]sx?|py|rb|go|php|java|kt|rs|cs|swift|dart|vue|svelte|md|mdx|rst|html?|css|map|snap|lock)$/

/**
 * Returns the family of a file by the last component of its path, in any case: `.env.local`,
 * `prod.env`, `.envrc`, `.env.example`.
 */
export function envFamilyOf(name: string): EnvFamily | undefined {
  const lower = name.toLowerCase()
  if (sourceFile.test(lower)) return undefined
  const dotEnv = /^\.(?:env|envrc|flaskenv)(?:[-._~ ](?<rest>.*))?$/s.exec(lower)
  if (dotEnv !== null) return familyOf(wordsOf(dotEnv.groups?.['rest'] ?? ''))
  const match = /^(?:(?<before>.{0,250})\.)?env(?:[-._~](?<after>.*))?$/s.exec(lower)
  if (match === null) return undefined
  const before = wordsOf(match.groups?.['before'] ?? '')
  const after = wordsOf(match.groups?.['after'] ?? '')
  const isBare = match.groups?.['before'] === undefined
  if (
    (isBare && after.length === 0) ||
    after.some((word) => !templateWords.has(word) && !modeWords.has(word))
  )
    return undefined
  return familyOf([...before, ...after])
}

/**
 * Returns `template` for a name with a template's word, except for `.env.example.local`, which was
 * copied from a template and filled in.
 */
function familyOf(words: readonly string[]): EnvFamily {
  return words.at(-1) !== 'local' && words.some((word) => templateWords.has(word))
    ? 'template'
    : 'env'
}

/**
 * True for the name of a file that is to be copied and filled in: `wp-config-sample.php`,
 * `appsettings.Example.json`.
 */
export function isTemplateName(name: string): boolean {
  return wordsOf(name.toLowerCase()).some((word) => templateWords.has(word) && word !== 'default')
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[-._~ ]+/).filter((word) => word !== '')
}
