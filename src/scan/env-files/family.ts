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
 * Files of variables under other names, as paths: of wrangler, act, nektos, direnv, Streamlit, mise,
 * Terraform and shells, and everything below `.envs/` and `.env/`.
 */
const otherNames = new RegExp(
  [
    String.raw`(?:^|/)(?:\.dev\.vars(?:\.[\w.-]{1,60})?|\.(?:act\.)?secrets|env\.(?:list|sh)`,
    String.raw`|\.?mise(?:\.[\w-]{1,40})?\.toml|[\w.-]{0,100}\.(?:auto\.)?tfvars`,
    String.raw`|\.streamlit/secrets\.toml|\.envs/[^/]{1,100}(?:/[^/]{1,100}){0,4}|\.env/[^/]{1,100}`,
    String.raw`|\.(?:bash|zsh|ksh|csh|tcsh)rc|\.(?:bash_|z)?profile|\.bash_login|\.zshenv|\.zlogin)$`,
  ].join(''),
)

/**
 * Returns the family of a file by its path, mostly by its last component, in any case:
 * `.env.local`, `prod.env`, `.envrc`, `.env.example`.
 */
export function envFamilyOf(path: string): EnvFamily | undefined {
  const lower = path.toLowerCase()
  return familyOfName(lower.slice(lower.lastIndexOf('/') + 1)) ?? familyOfOther(lower)
}

function familyOfOther(path: string): EnvFamily | undefined {
  if (sourceFile.test(path) || !otherNames.test(path)) return undefined
  return familyOf(wordsOf(path.slice(path.lastIndexOf('/') + 1)))
}

function familyOfName(lower: string): EnvFamily | undefined {
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
