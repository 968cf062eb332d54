/**
 * Recognizes files with settings and credentials by their names: env files, `.npmrc`, `.netrc` and
 * others.
 */
import type { Severity } from '../../model/rule.ts'
import { envFamilyOf, type EnvFamily, isTemplateName } from './family.ts'

/** Formats of files whose name tells their content. */
export type FileFormat =
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

/** The type of a file, known from its path. */
export interface FileType {
  /**
   * `credentials-file`: a file other than an env file in which programs keep passwords and tokens.
   */
  readonly kind: 'env-file' | 'credentials-file'
  readonly family: EnvFamily
  readonly format: FileFormat
  /**
   * Lowest severity of a secret in such a file, for files that have no other purpose than secrets.
   */
  readonly atLeast?: Severity
}

type Row = readonly [name: RegExp, format: FileFormat, atLeast?: Severity]

/**
 * File names, in lower case. Where the name says too little (`config.json`), the reader checks the
 * content.
 */
const fileTypes: readonly Row[] = [
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

/** A part that every name of `fileTypes` has and few other names have: a cheap first test. */
const likelyName =
  /rc$|netrc|cred|cnf|config|docker|pgpass|settings|secrets\.|\.key$|vault|\.ya?ml$/

/**
 * Git's own configuration, which is never part of a tree: `.git/config`, and that of linked work
 * trees and submodules.
 */
const gitConfig = new RegExp(
  [
    String.raw`(?:^|/)(?:[^/]*\.git|modules/.{1,400})/(?:worktrees/[^/]{1,200}/`,
    String.raw`|modules/.{1,400}/)?config(?:\.worktree)?$`,
  ].join(''),
)

/**
 * Byte strings of which each name of an env file, and of most other credentials files, contains
 * one, so that raw trees can be searched for them; NUL ends a name in a tree. Each costs 0.2 to 0.6
 * s per GB of trees, least if it is short and begins with a rare letter, so the list is short:
 * `.my.cnf`, `.dockercfg`, `.yarnrc.yml`, `secrets.json`, `.secrets`, `mise.toml`, profiles of
 * shells, what is known by its folder, and a bare `credentials` are recognized where paths are listed, and not in a raw tree.
 */
export const nameSubstrings: readonly string[] = [
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
  'vars',
]

/**
 * Returns the type of a file by its path, mostly by its last component, or undefined for all other
 * files.
 */
export function fileTypeOf(path: string): FileType | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const family = envFamilyOf(path)
  if (family !== undefined) return { kind: 'env-file', family, format: 'env' }
  const lower = name.toLowerCase()
  if (!likelyName.test(lower)) return undefined
  const [, format, atLeast] = fileTypes.find(([pattern]) => pattern.test(lower)) ?? []
  if (format !== undefined)
    return {
      kind: 'credentials-file',
      family: isTemplateName(lower) ? 'template' : 'env',
      format,
      ...(atLeast !== undefined && { atLeast }),
    }
  return lower.startsWith('config') && gitConfig.test(path)
    ? { kind: 'credentials-file', family: 'env', format: 'git-config' }
    : undefined
}
