/** `oakum import`: converts another scanner's files to Oakum's, and logs each entry. */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import { diskFiles } from '../../config/disk.ts'
import { configName } from '../../config/files.ts'
import { UsageError } from '../../model/errors.ts'
import type { OutputFile } from '../../setup/import/output.ts'
import { writeLines } from '../support/without-secrets.ts'
import { suggestion } from '../../model/suggestion.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { importTools } from '../arguments/choices.ts'
import { checkOutputFile, writeOutputFile } from '../support/output-file.ts'
import { lastValueOf } from '../arguments/settings.ts'

/** Imports the files, prints the log, and writes the result unless `--dry-run` is given. */
export async function runImport(invocation: Invocation, io: Io): Promise<number> {
  const [name = '', ...files] = invocation.positionals
  const tool = importTools.find((choice) => choice === name)
  if (tool === undefined) {
    const hint = suggestion(name, importTools) || `; it takes ${importTools.join(', ')}`
    throw new UsageError(`import does not know ${name}${hint}`)
  }
  const { importLogLines, importLogSummary } = await import('../../setup/import/import-log.ts')
  const { importFiles } = await import('../../setup/import/run.ts')
  const { outputFiles } = await import('../../setup/import/output.ts')

  const folder = resolve(io.cwd, lastValueOf(invocation, 'output') ?? '.')
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`cannot write to ${folder}: it is not a folder`)
  const imported = await importFiles({ tool, files, cwd: io.cwd, env: io.env })
  const signature = {
    author: await authorOf(invocation, io, imported.secrets.length > 0),
    date: new Date().toISOString().slice(0, 10),
  }
  const outputs = outputFiles(imported, {
    tool,
    signature,
    existing: (file) => readIfFile(join(folder, file)),
  })
  await checkConfiguration(outputs, folder)

  await writeLines(io.stdout, [...importLogLines(imported.log), importLogSummary(imported.log)])
  const changed = outputs.filter((file) => readIfFile(join(folder, file.name)) !== file.text)
  const isDryRun = invocation.switches.has('dry-run')
  if (!isDryRun) writeAll(changed, folder)
  const names = changed.map((file) => `${file.name}${file.adds ? ' (added to)' : ''}`)
  await writeLines(io.stdout, [
    names.length === 0
      ? 'nothing to write'
      : `${isDryRun ? 'would write' : 'wrote'} ${names.join(', ')}`,
  ])
  return exitCodes.clean
}

/** Writes all files, after checking that each of them can be written. */
function writeAll(files: readonly OutputFile[], folder: string): void {
  for (const { name, adds } of files) {
    const path = join(folder, name)
    if (!adds && existsSync(path))
      throw new UsageError(
        `${path} exists and is different; remove it first, or name another folder with --output`,
      )
    mkdirSync(dirname(path), { recursive: true })
    checkOutputFile(path)
  }
  for (const { name, text } of files) writeOutputFile(join(folder, name), text, false)
}

function readIfFile(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? readRegularFile(path).toString('utf8')
    : undefined
}

/** Throws where a scan would refuse the new configuration: it is parsed once before writing. */
async function checkConfiguration(outputs: readonly OutputFile[], folder: string): Promise<void> {
  const { readConfiguration } = await import('../../config/read-configuration.ts')
  const disk = diskFiles(folder, '')
  await readConfiguration(
    {
      displayName: disk.displayName,
      read: async (name, limit) =>
        outputs.find((file) => file.name === name)?.text ?? (await disk.read(name, limit)),
    },
    configName,
    false,
  )
}

/** Returns the author of imported allow entries; required only where there are such entries. */
async function authorOf(invocation: Invocation, io: Io, isRequired: boolean): Promise<string> {
  const { readIdentity } = await import('../../git/commands/repository.ts')
  const author = lastValueOf(invocation, 'author') ?? (await readIdentity(io.cwd, io.env))
  if (author === undefined && isRequired)
    throw new UsageError('git has no user.name here: name who allows the imports with --author')
  return author ?? ''
}
