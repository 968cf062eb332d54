/** Runs the import of one tool's files: reads them, translates them, and removes secrets. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { openRepository } from '../../git/commands/repository.ts'
import { UsageError } from '../../model/errors.ts'
import { builtinRules } from '../../rules/load.ts'
import { type ImportContext, readToolFile, type ToolFile } from './context.ts'
import { detectSecretsFiles, importDetectSecrets } from './detect-secrets.ts'
import { gitSecretsFiles, importGitSecrets } from './git-secrets.ts'
import { gitleaksFiles, importGitleaks } from './gitleaks/import.ts'
import type { Imported, Tool } from './model.ts'
import { RuleIds } from './rule-id.ts'
import { importSecretlint, secretlintFiles } from './secretlint.ts'
import { loadSlowCheck } from './slow.ts'
import { importTrufflehog } from './trufflehog.ts'
import { withoutSecretValues } from './without-secrets.ts'

interface Importer {
  /** Files of the current folder that are imported when the user names none. */
  readonly defaultFiles: readonly string[]
  readonly run: (files: readonly ToolFile[], context: ImportContext) => Imported | Promise<Imported>
}

const importers: Readonly<Record<Tool, Importer>> = {
  gitleaks: { defaultFiles: gitleaksFiles, run: importGitleaks },
  'detect-secrets': { defaultFiles: detectSecretsFiles, run: importDetectSecrets },
  trufflehog: { defaultFiles: [], run: importTrufflehog },
  'git-secrets': { defaultFiles: gitSecretsFiles, run: importGitSecrets },
  secretlint: { defaultFiles: secretlintFiles, run: importSecretlint },
}

export interface ImportRequest {
  readonly tool: Tool
  /** Paths relative to `cwd`; an empty list selects the tool's default files. */
  readonly files: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Imports files of another tool. Throws a UsageError or ConfigError with a message of one line. */
export async function importFiles({ tool, files, cwd, env }: ImportRequest): Promise<Imported> {
  const importer = importers[tool]
  const paths =
    files.length > 0
      ? files
      : importer.defaultFiles.filter((name) => existsSync(resolve(cwd, name)))
  const repository = await openRepository({ path: cwd, explicit: false, env }).catch(
    () => undefined,
  )
  // git-secrets keeps its patterns in git's configuration, so it needs no file in a repository.
  const needsFile = tool !== 'git-secrets' || repository === undefined
  if (paths.length === 0 && needsFile) throw noFileError(tool)
  const { rules } = builtinRules()
  const taken = new Set(rules.flatMap(({ id, family, provider }) => [id, family, provider]))
  const context: ImportContext = {
    cwd,
    repository,
    ids: new RuleIds(tool, taken),
    builtin: rules,
    isSlow: await loadSlowCheck(),
  }
  const imported = await importer.run(
    paths.map((path) => readToolFile(path, cwd)),
    context,
  )
  return withoutSecretValues(imported, rules)
}

function noFileError(tool: Tool): UsageError {
  const { defaultFiles } = importers[tool]
  if (defaultFiles.length === 0)
    return new UsageError(`import ${tool} needs the names of its files`)
  const names = defaultFiles.join(' and no ')
  return new UsageError(`there is no ${names} here; name the file: oakum import ${tool} FILE`)
}
