/** `oakum import`: another scanner's files → Oakum's, with an account of each entry. */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { diskFiles } from '../../config/disk.ts'
import { configName } from '../../config/files.ts'
import { UsageError } from '../../model/errors.ts'
import type { OutputFile } from '../../setup/import/output.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import { suggestion } from '../../model/suggestion.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { tools } from '../arguments/options.ts'
import { checkOutputFile, writeOutputFile } from '../support/output-file.ts'
import { lastOf } from '../arguments/settings.ts'

/** Imports, tells, and writes unless `--dry-run`. */
export async function runImport(invocation: Invocation, io: Io): Promise<number> {
  const [name = '', ...files] = invocation.words
  const tool = tools.find((known) => known === name)
  if (tool === undefined)
    throw new UsageError(
      `import does not know ${name}${suggestion(name, tools) || `; it takes ${tools.join(', ')}`}`,
    )
  const { importLogLines, importLogSummary } = await import('../../setup/import/import-log.ts')
  const { importFiles } = await import('../../setup/import/run.ts')
  const { outputFiles } = await import('../../setup/import/output.ts')

  const folder = resolve(io.cwd, lastOf(invocation, 'output') ?? '.')
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${folder} is no folder to write to`)
  const imported = await importFiles({ tool, files, cwd: io.cwd, env: io.env })
  const signature = {
    author: await authorOf(invocation, io, imported.secrets.length > 0),
    date: new Date().toISOString().slice(0, 10),
  }
  const made = outputFiles(imported, {
    tool,
    signature,
    existing: (file) => textOf(join(folder, file)),
  })
  await checkTogether(made, folder)

  for (const line of importLogLines(imported.log)) io.stdout.write(`${escapeForTerminal(line)}\n`)
  io.stdout.write(`${importLogSummary(imported.log)}\n`)
  const changed = made.filter((file) => textOf(join(folder, file.name)) !== file.text)
  if (!invocation.switches.has('dry-run')) writeAll(changed, folder)
  const verb = invocation.switches.has('dry-run') ? 'would write' : 'wrote'
  io.stdout.write(
    changed.length === 0
      ? 'nothing to write\n'
      : `${verb} ${changed.map((file) => `${file.name}${file.adds ? ' (added to)' : ''}`).join(', ')}\n`,
  )
  return exitCodes.clean
}

/** All are looked at before the first is written. */
function writeAll(files: readonly OutputFile[], folder: string): void {
  for (const { name, adds } of files) {
    const path = join(folder, name)
    if (!adds && existsSync(path))
      throw new UsageError(
        `${path} is there already, and different; remove it first, or name another folder with --output`,
      )
    mkdirSync(dirname(path), { recursive: true })
    checkOutputFile(path)
  }
  for (const { name, text } of files) writeOutputFile(join(folder, name), text, false)
}

function textOf(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? readFileSync(path, 'utf8')
    : undefined
}

/** Nothing is written that a scan would refuse: it is read once, as a scan would read it. */
async function checkTogether(made: readonly OutputFile[], folder: string): Promise<void> {
  const { readConfiguration } = await import('../../config/read-configuration.ts')
  const disk = diskFiles(folder, '')
  await readConfiguration(
    {
      displayName: disk.displayName,
      read: async (name, limit) =>
        made.find((file) => file.name === name)?.text ?? (await disk.read(name, limit)),
    },
    configName,
    false,
  )
}

/** Who allows what is imported: needed only where secrets are. */
async function authorOf(invocation: Invocation, io: Io, isNeeded: boolean): Promise<string> {
  const { readIdentity } = await import('../../git/commands/repository.ts')
  const author = lastOf(invocation, 'author') ?? (await readIdentity(io.cwd, io.env))
  if (author === undefined && isNeeded)
    throw new UsageError('who allows what is imported? Git knows no user.name here: give --author')
  return author ?? ''
}
