import { type FileForm, type KnownFile, knownFile } from './file-names.ts'
import { type EnvEntry, parseEnv } from './parse.ts'
import { readGitConfig, readIni, readNpmrc } from './readers/ini.ts'
import { readDockerConfig, readJson } from './readers/json.ts'
import {
  readGitCredentials,
  readNetrc,
  readPassword,
  readPgpass,
  readRailsKey,
} from './readers/lines.ts'
import { readPhp } from './readers/php.ts'

/** How a file is read of which its name says what it holds. */
export interface FileReader extends Omit<KnownFile, 'form'> {
  readonly read: (text: string) => readonly EnvEntry[]
}

const readers: Readonly<Record<FileForm, FileReader['read']>> = {
  env: parseEnv,
  npmrc: readNpmrc,
  netrc: readNetrc,
  'git-credentials': readGitCredentials,
  ini: readIni,
  docker: readDockerConfig,
  pgpass: readPgpass,
  php: readPhp,
  json: readJson,
  'rails-key': readRailsKey,
  password: readPassword,
  'git-config': readGitConfig,
}

/** The reader for a file by its path; nothing for files that are like any other. */
export function readerOf(path: string): FileReader | undefined {
  const known = knownFile(path)
  if (known === undefined) return undefined
  const { form, ...what } = known
  return { ...what, read: readers[form] }
}

/** For an env file that goes by any name, as a compose file may say. */
export const envReader: FileReader = { kind: 'env-file', family: 'env', read: parseEnv }
