/** Chooses the reader for a file whose name tells its format. */
import { type FileFormat, type FileType, fileTypeOf } from './file-names.ts'
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

/** A file's type with the function that reads its entries. */
export interface FileReader extends Omit<FileType, 'format'> {
  readonly read: (text: string) => readonly EnvEntry[]
}

const readers: Readonly<Record<FileFormat, FileReader['read']>> = {
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

/** Returns the reader for a file by its path, or undefined for all other files. */
export function readerForPath(path: string): FileReader | undefined {
  const type = fileTypeOf(path)
  if (type === undefined) return undefined
  const { format, ...rest } = type
  return { ...rest, read: readers[format] }
}

/**
 * The reader for a file that another file declares as an env file, as Compose's `env_file` does.
 */
export const envReader: FileReader = { kind: 'env-file', family: 'env', read: parseEnv }
