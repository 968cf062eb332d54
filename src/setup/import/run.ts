import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import { openRepository } from '../../git/commands/repository.ts'
import { builtinRules } from '../../rules/load.ts'
import { type ToolFile, type ImportContext, readToolFile } from './context.ts'
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
  /** Files that are taken from the current folder when none is named. */
  readonly files: readonly string[]
  readonly run: (files: readonly ToolFile[], context: ImportContext) => Imported | Promise<Imported>
}

const importers: Readonly<Record<Tool, Importer>> = {
  gitleaks: { files: gitleaksFiles, run: importGitleaks },
  'detect-secrets': { files: detectSecretsFiles, run: importDetectSecrets },
  trufflehog: { files: [], run: importTrufflehog },
  'git-secrets': { files: gitSecretsFiles, run: importGitSecrets },
  secretlint: { files: secretlintFiles, run: importSecretlint },
}

export interface ImportRequest {
  readonly tool: Tool
  /** As given, relative to `cwd`; none: those the tool itself would take. */
  readonly files: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Reads another tool's files and says what they are for Oakum. Throws a UsageError or ConfigError
 * of one line.
 */
export async function importFiles({ tool, files, cwd, env }: ImportRequest): Promise<Imported> {
  const importer = importers[tool]
  const named =
    files.length > 0 ? files : importer.files.filter((name) => existsSync(resolve(cwd, name)))
  const repository = await openRepository({ path: cwd, explicit: false, env }).catch(
    () => undefined,
  )
  if (named.length === 0 && (tool !== 'git-secrets' || repository === undefined)) {
    throw new UsageError(
      importer.files.length === 0
        ? `import ${tool} needs the names of its files`
        : `there is no ${importer.files.join(' and no ')} here; name the file: oakum import ${tool} FILE`,
    )
  }
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
    named.map((name) => readToolFile(name, cwd)),
    context,
  )
  return withoutSecretValues(imported, rules)
}
