import { gitOutput } from '../../git/commands/repository.ts'
import { allowedPath, allowedValue } from './allow.ts'
import { attempt } from './attempt.ts'
import type { ForeignFile, ImportContext } from './context.ts'
import type { ImportLogEntry, AllowedPath, AllowedValue, Imported, ImportedRule } from './model.ts'
import { Untranslatable } from './regexp/untranslatable.ts'
import { nothing, together } from './result.ts'
import { ruleOf } from './rule-of.ts'

export const gitSecretsFiles = ['.gitallowed']

/** What `git secrets --register-aws` writes; Oakum's own rules for AWS find more, and pairs. */
const registered = /^\(A3T\[A-Z0-9\]\||AWS\|aws\|Aws/

/**
 * Imports `.gitallowed` files and, from git's configuration, patterns and what is allowed.
 * Providers are commands, and are never run.
 */
export async function importGitSecrets(
  files: readonly ForeignFile[],
  context: ImportContext,
): Promise<Imported> {
  const [patterns, allowed, providers] = await Promise.all(
    ['patterns', 'allowed', 'providers'].map((name) => configured(`secrets.${name}`, context)),
  )
  const account = (providers ?? []).map(
    (_, index): ImportLogEntry => ({
      file: 'git config',
      entry: `secrets.providers ${index + 1}`,
      outcome: 'left-out',
      notes: ['it is a command, which Oakum does not run'],
    }),
  )
  return together([
    importPatterns(patterns ?? [], context),
    importAllowed(
      (allowed ?? []).map((text, index) => ({
        text,
        shown: { file: 'git config', entry: `secrets.allowed ${index + 1}` },
      })),
      context,
    ),
    ...files.map((file) => importAllowed(linesOf(file), context)),
    { ...nothing, account },
  ])
}

/** All values of a setting: of the repository, the user and the system. */
async function configured(name: string, { repository }: ImportContext): Promise<readonly string[]> {
  if (repository === undefined) return []
  // git ends with 1 where there is none.
  const said = await gitOutput({ cwd: repository.cwd, env: repository.ownEnv }, [
    'config',
    '-z',
    '--get-all',
    name,
  ]).catch(() => '')
  return said.split('\0').filter((value) => value.trim() !== '')
}

function importPatterns(patterns: readonly string[], context: ImportContext): Imported {
  const rules: ImportedRule[] = []
  const account = patterns.map((regex, index) =>
    attempt({ file: 'git config', entry: `secrets.patterns ${index + 1}` }, () => {
      if (registered.test(regex))
        throw new Untranslatable('Oakum’s own rules find what --register-aws asks for')
      const name = `git-secrets-pattern-${index + 1}`
      const made = ruleOf(
        {
          id: name,
          description: `Pattern ${index + 1} of git-secrets`,
          regex,
          dialect: 'posix',
          secretGroup: 'whole',
          words: true,
          entropy: 0,
          keywords: [],
        },
        context.isSlow,
      )
      const id = context.ids.add(name)
      rules.push({ ...made.rule, id })
      return [made.weaker, [`its id is ${id}`, ...made.notes]]
    }),
  )
  return { ...nothing, rules, account }
}

interface Allowed {
  readonly text: string
  readonly shown: Pick<ImportLogEntry, 'file' | 'line' | 'entry'>
}

function linesOf({ file, text }: ForeignFile): readonly Allowed[] {
  return text
    .split(/\r?\n/)
    .flatMap((line, index) =>
      line.trim() === '' || line.startsWith('#')
        ? []
        : [{ text: line, shown: { file, line: index + 1, entry: 'allowed' } }],
    )
}

/**
 * git-secrets searches for an allowed expression in `path:line:text`. What is found in the path
 * alone, or in the value alone, is found there too, so either is no more than before.
 *
 *     test/fixtures/.*          a path
 *     ^docs/keys.md:.*          a path, to its end
 *     not-a-real-password       a value
 */
function importAllowed(lines: readonly Allowed[], { isSlow }: ImportContext): Imported {
  const paths: AllowedPath[] = []
  const values: AllowedValue[] = []
  const reason = 'Allowed in git-secrets.'
  const account = lines.map(({ text, shown }) =>
    attempt(shown, () => {
      const isKey = /^[A-Za-z0-9+/=]{30,}$/.test(text)
      const toEnd = /^(.*[^\\]):(?:\[0-9\][+*]|\.[*+]|\\?d\+)?(?::?(?:\.\*)?\$?)$/.exec(text)?.[1]
      if (toEnd !== undefined || (text.includes('/') && !isKey)) {
        if (toEnd === undefined && text.includes(':'))
          throw new Untranslatable(
            'it asks for a path and for what stands in it, which no allowance can',
          )
        if (toEnd === undefined && /(?:^|[^\\])\$/.test(text))
          throw new Untranslatable('it asks how a line ends, which allowances do not see')
        const { pattern } = allowedPath(toEnd === undefined ? text : `(${toEnd})$`, 'posix', isSlow)
        paths.push({ pattern, reason })
        return [true, ['it is searched for in the path alone']]
      }
      const { pattern, telling } = allowedValue(
        { text, dialect: 'posix', searched: 'around' },
        isSlow,
      )
      if (!telling)
        throw new Untranslatable('it is so short that it would hide secrets of Oakum’s own rules')
      values.push({ pattern, reason })
      return [true, ['it is searched for in the value alone']]
    }),
  )
  return { ...nothing, paths, values, account }
}
