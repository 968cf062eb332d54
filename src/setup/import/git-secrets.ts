/** Imports patterns and allowed expressions of git-secrets. */
import { gitOutput } from '../../git/commands/repository.ts'
import { translatePathPattern, translateValuePattern } from './allow.ts'
import type { ImportContext, ToolFile } from './context.ts'
import { type EntryLocation, type ImportResult, skipped, tryImport } from './import-log.ts'
import {
  type AllowPathEntry,
  type AllowValueEntry,
  emptyImport,
  type Imported,
  type ImportedRule,
  mergeImports,
} from './model.ts'
import { Untranslatable } from './regexp/syntax.ts'
import { translateToolRule } from './tool-rule.ts'

export const gitSecretsFiles = ['.gitallowed']

/** Matches the patterns of `git secrets --register-aws`. Oakum's own AWS rules find more. */
const registeredAwsPattern = /^\(A3T\[A-Z0-9\]\||AWS\|aws\|Aws/

/**
 * Imports `.gitallowed` files, and the patterns and allowed expressions in git's configuration.
 * Providers are commands, and are never run.
 */
export async function importGitSecrets(
  files: readonly ToolFile[],
  context: ImportContext,
): Promise<Imported> {
  const [patterns, allowed, providers] = await Promise.all(
    ['patterns', 'allowed', 'providers'].map((name) => readValues(`secrets.${name}`, context)),
  )
  const log = (providers ?? []).map((_, index) =>
    skipped(
      { file: 'git config', entry: `secrets.providers ${index + 1}` },
      'it is a command, which Oakum does not run',
    ),
  )
  return mergeImports([
    importPatterns(patterns ?? [], context),
    importAllowed(
      (allowed ?? []).map((text, index) => ({
        text,
        location: { file: 'git config', entry: `secrets.allowed ${index + 1}` },
      })),
      context,
    ),
    ...files.map((file) => importAllowed(allowedLines(file), context)),
    { ...emptyImport, log },
  ])
}

/** Reads all values of a git setting: of the repository, the user and the system. */
async function readValues(name: string, { repository }: ImportContext): Promise<readonly string[]> {
  if (repository === undefined) return []
  // git exits with 1 when the setting is absent.
  const output = await gitOutput({ cwd: repository.cwd, env: repository.ownEnv }, [
    'config',
    '-z',
    '--get-all',
    name,
  ]).catch(() => '')
  return output.split('\0').filter((value) => value.trim() !== '')
}

function importPatterns(patterns: readonly string[], context: ImportContext): Imported {
  const rules: ImportedRule[] = []
  const log = patterns.map((regex, index) =>
    tryImport({ file: 'git config', entry: `secrets.patterns ${index + 1}` }, () => {
      if (registeredAwsPattern.test(regex))
        throw new Untranslatable('Oakum’s own rules cover the patterns of --register-aws')
      const name = `git-secrets-pattern-${index + 1}`
      const { rule, findsLess, notes } = translateToolRule(
        {
          id: name,
          description: `Pattern ${index + 1} of git-secrets`,
          regex,
          dialect: 'posix',
          secretGroup: 'whole',
          wholeWords: true,
          entropy: 0,
          keywords: [],
        },
        context.isSlow,
      )
      const id = context.ids.add(name)
      rules.push({ ...rule, id })
      return [findsLess, [`its id is ${id}`, ...notes]]
    }),
  )
  return { ...emptyImport, rules, log }
}

interface AllowedExpression {
  readonly text: string
  readonly location: EntryLocation
}

function allowedLines({ file, text }: ToolFile): readonly AllowedExpression[] {
  return text
    .split(/\r?\n/)
    .flatMap((line, index) =>
      line.trim() === '' || line.startsWith('#')
        ? []
        : [{ text: line, location: { file, line: index + 1, entry: 'allowed' } }],
    )
}

/**
 * Imports allowed expressions. git-secrets searches for them in `path:line:text`; an entry for the
 * path alone or for the value alone therefore never allows more.
 *
 *     test/fixtures/.*          a path
 *     ^docs/keys.md:.*          a path, to its end
 *     not-a-real-password       a value
 */
function importAllowed(
  expressions: readonly AllowedExpression[],
  { isSlow }: ImportContext,
): Imported {
  const paths: AllowPathEntry[] = []
  const values: AllowValueEntry[] = []
  const reason = 'Allowed in git-secrets.'
  const addPath = (pattern: string): ImportResult => {
    paths.push({ pattern, reason })
    return [true, ['it now matches the path only']]
  }
  const addValue = (pattern: string): ImportResult => {
    values.push({ pattern, reason })
    return [true, ['it now matches the value only']]
  }
  const log = expressions.map(({ text, location }) =>
    tryImport(location, () => {
      const source = pathSourceOf(text)
      if (source !== undefined)
        return addPath(translatePathPattern(source, 'posix', isSlow).pattern)
      const { pattern, isSpecific } = translateValuePattern(
        { text, dialect: 'posix', searchedIn: 'around' },
        isSlow,
      )
      if (!isSpecific)
        throw new Untranslatable('it is so short that it would hide secrets of Oakum’s own rules')
      return addValue(pattern)
    }),
  )
  return { ...emptyImport, paths, values, log }
}

/**
 * Returns the expression for the path when the allowed expression is about a path; undefined when it
 * is about a value.
 */
function pathSourceOf(text: string): string | undefined {
  const wholePath = /^(.*[^\\]):(?:\[0-9\][+*]|\.[*+]|\\?d\+)?(?::?(?:\.\*)?\$?)$/.exec(text)?.[1]
  if (wholePath !== undefined) return `(${wholePath})$`
  const isKey = /^[A-Za-z0-9+/=]{30,}$/.test(text)
  if (!text.includes('/') || isKey) return undefined
  if (text.includes(':'))
    throw new Untranslatable('it matches a path and text in it, which no allow entry can')
  if (/(?:^|[^\\])\$/.test(text))
    throw new Untranslatable('it matches the end of a line, which allow entries do not see')
  return text
}
