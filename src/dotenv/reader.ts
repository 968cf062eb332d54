import type { Severity } from '../rule.ts'
import { envFamilyOf, type EnvFamily, isTemplateName } from './family.ts'
import { type EnvEntry, parseEnv } from './parse.ts'
import { readGitConfig, readIni, readNpmrc } from './readers/ini.ts'
import { readDockerConfig, readJson } from './readers/json.ts'
import { readGitCredentials, readNetrc, readPassword, readPgpass, readRailsKey } from './readers/lines.ts'
import { readPhp } from './readers/php.ts'

/** How a file is read of which its name says what it holds. */
export interface FileReader {
  /** `env-file`, or one of the other files that programs keep passwords and tokens in. */
  readonly kind: 'env-file' | 'credentials-file'
  readonly family: EnvFamily
  readonly read: (text: string) => readonly EnvEntry[]
  /** Nothing in it is less severe: there is no other use for such a file. */
  readonly atLeast?: Severity
}

type Row = readonly [name: RegExp, read: FileReader['read'], atLeast?: Severity]

/** Names in lower case. Where a name says too little (`config.json`), its reader goes by the content. */
const names: readonly Row[] = [
  [/^\.?npmrc$|^\.yarnrc$/, readNpmrc, 'high'],
  [/^\.yarnrc\.ya?ml$/, parseEnv, 'high'],
  [/^[._]netrc$|^\.netrc\.[\w-]{1,40}$/, readNetrc, 'high'],
  [/^\.git-credentials$|^credentials$/, readGitCredentials, 'high'],
  [/^\.pypirc$/, readIni, 'high'],
  [/^\.?my\.cnf$/, readIni, 'high'],
  [/^config\.json$|^\.dockercfg$|^\.dockerconfigjson$/, readDockerConfig, 'high'],
  [/^\.pgpass$|^pgpass\.conf$/, readPgpass, 'high'],
  [/^wp-config(?:[-.][\w-]{1,40})?\.php(?:\.[\w-]{1,20}|~)?$/, readPhp, 'high'],
  [/^appsettings(?:\.[\w-]{1,60}){0,2}\.json$|^local\.settings\.json$|^secrets\.json$/, readJson],
  [/^(?:master|production|staging|development|test)\.key$/, readRailsKey, 'high'],
  [/^\.?(?:ansible[-_.])?vault[-_.]?pass(?:word)?(?:\.txt)?$/, readPassword, 'high'],
]

/** Git's own configuration, which no tree holds: `.git/config`, and that of its work trees and submodules. */
const gitConfig = /(?:^|\/)(?:[^/]*\.git|modules\/.{1,400})\/(?:worktrees\/[^/]{1,200}\/|modules\/.{1,400}\/)?config(?:\.worktree)?$/

/**
 * Bytes of which the name of an env file, and of the other files that are found in repositories, has one, so that trees can be searched for
 * them; NUL ends a name. Each costs 0.2 to 0.6 s a GB of trees, least if it is short and begins with a rare letter, so there are few:
 * `.my.cnf`, `.dockercfg`, `.yarnrc.yml`, `secrets.json` and a bare `credentials` are known where paths are listed, and not by a tree.
 */
export const nameMarks: readonly string[] = ['env', 'ENV', 'Env', 'rc\0', 'gpass', 'key\0', 'g.json', 'gs.', 'p-con', '-cred', 'vault']

/** The reader for a file by its path, of which mostly the last component matters; nothing for files that are like any other. */
export function readerOf(path: string): FileReader | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const family = envFamilyOf(name)
  if (family !== undefined) return { kind: 'env-file', family, read: parseEnv }
  const lower = name.toLowerCase()
  const [, read, atLeast] = names.find(([form]) => form.test(lower)) ?? []
  if (read !== undefined) return { kind: 'credentials-file', family: isTemplateName(lower) ? 'template' : 'env', read, ...(atLeast !== undefined && { atLeast }) }
  return lower.startsWith('config') && gitConfig.test(path) ? { kind: 'credentials-file', family: 'env', read: readGitConfig } : undefined
}

/** For an env file that goes by any name, as a compose file may say. */
export const envReader: FileReader = { kind: 'env-file', family: 'env', read: parseEnv }
