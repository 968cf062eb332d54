import type { Severity } from '../../model/rule.ts'
import { envFamilyOf, type EnvFamily, isTemplateName } from './family.ts'

/** How a file is written of which its name says what it holds. */
export type FileForm =
  | 'env'
  | 'npmrc'
  | 'netrc'
  | 'git-credentials'
  | 'ini'
  | 'docker'
  | 'pgpass'
  | 'php'
  | 'json'
  | 'rails-key'
  | 'password'
  | 'git-config'

/** What a name says of a file. */
export interface KnownFile {
  /** `env-file`, or one of the other files that programs keep passwords and tokens in. */
  readonly kind: 'env-file' | 'credentials-file'
  readonly family: EnvFamily
  readonly form: FileForm
  /** Nothing in it is less severe: there is no other use for such a file. */
  readonly atLeast?: Severity
}

type Row = readonly [name: RegExp, form: FileForm, atLeast?: Severity]

/**
 * Names in lower case. Where a name says too little (`config.json`), its reader goes by the
 * content.
 */
const names: readonly Row[] = [
  [/^\.?npmrc$|^\.yarnrc$/, 'npmrc', 'high'],
  [/^\.yarnrc\.ya?ml$/, 'env', 'high'],
  [/^[._]netrc$|^\.netrc\.[\w-]{1,40}$/, 'netrc', 'high'],
  [/^\.git-credentials$|^credentials$/, 'git-credentials', 'high'],
  [/^\.pypirc$/, 'ini', 'high'],
  [/^\.?my\.cnf$/, 'ini', 'high'],
  [/^config\.json$|^\.dockercfg$|^\.dockerconfigjson$/, 'docker', 'high'],
  [/^\.pgpass$|^pgpass\.conf$/, 'pgpass', 'high'],
  [/^wp-config(?:[-.][\w-]{1,40})?\.php(?:\.[\w-]{1,20}|~)?$/, 'php', 'high'],
  [/^appsettings(?:\.[\w-]{1,60}){0,2}\.json$|^local\.settings\.json$|^secrets\.json$/, 'json'],
  [/^(?:master|production|staging|development|test)\.key$/, 'rails-key', 'high'],
  [/^\.?(?:ansible[-_.])?vault[-_.]?pass(?:word)?(?:\.txt)?$/, 'password', 'high'],
]

/** Each of these names has one of these in it, and most others have none. */
const likely = /rc$|netrc|cred|cnf|config|docker|pgpass|settings|secrets\.|\.key$|vault|\.ya?ml$/

/**
 * Git's own configuration, which no tree holds: `.git/config`, and that of its work trees and
 * submodules.
 */
const gitConfig =
  /(?:^|\/)(?:[^/]*\.git|modules\/.{1,400})\/(?:worktrees\/[^/]{1,200}\/|modules\/.{1,400}\/)?config(?:\.worktree)?$/

/**
 * Bytes of which the name of an env file, and of the other files that are found in repositories,
 * has one, so that trees can be searched for them; NUL ends a name. Each costs 0.2 to 0.6 s a GB of
 * trees, least if it is short and begins with a rare letter, so there are few:
 * `.my.cnf`, `.dockercfg`, `.yarnrc.yml`, `secrets.json` and a bare `credentials` are known where
 * paths are listed, and not by a tree.
 */
export const nameMarks: readonly string[] = [
  'env',
  'ENV',
  'Env',
  'rc\0',
  'gpass',
  'key\0',
  'g.json',
  'gs.',
  'p-con',
  '-cred',
  'vault',
]

/**
 * What a file is by its path, of which mostly the last component matters; nothing for files that
 * are like any other.
 */
export function knownFile(path: string): KnownFile | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const family = envFamilyOf(name)
  if (family !== undefined) return { kind: 'env-file', family, form: 'env' }
  const lower = name.toLowerCase()
  if (!likely.test(lower)) return undefined
  const [, form, atLeast] = names.find(([pattern]) => pattern.test(lower)) ?? []
  if (form !== undefined)
    return {
      kind: 'credentials-file',
      family: isTemplateName(lower) ? 'template' : 'env',
      form,
      ...(atLeast !== undefined && { atLeast }),
    }
  return lower.startsWith('config') && gitConfig.test(path)
    ? { kind: 'credentials-file', family: 'env', form: 'git-config' }
    : undefined
}
