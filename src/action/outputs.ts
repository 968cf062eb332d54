/**
 * Writes the outputs and log of a step in the runner's formats. Nothing is written to `GITHUB_ENV`
 * or `GITHUB_PATH`, because those change what later steps run.
 */
import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { ScanError } from '../model/errors.ts'

/** Appends outputs to the file of `GITHUB_OUTPUT`. */
export function writeOutputs(
  file: string | undefined,
  outputs: Readonly<Record<string, string>>,
): void {
  if (!file) return
  appendFileSync(
    file,
    Object.entries(outputs)
      .map(([name, value]) => outputText(name, value, `oakum_${randomUUID()}`))
      .join(''),
  )
}

/**
 * An output in the runner's multi-line form: `name<<delimiter`, the value, and the delimiter. Throws
 * a ScanError if the value contains the delimiter, since it could then forge other outputs.
 */
export function outputText(name: string, value: string, delimiter: string): string {
  if (value.includes(delimiter))
    throw new ScanError(`the output ${name} contains its own delimiter`)
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`
}

/** Wraps text so that the runner executes no workflow command in it. */
export function stopCommands(text: string): string {
  const token = randomUUID()
  return `::stop-commands::${token}\n${text.endsWith('\n') ? text : `${text}\n`}::${token}::\n`
}

/** The workflow command that logs an error, escaped as `@actions/core` does it. */
export function errorCommand(message: string): string {
  const data = message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  return `::error title=Oakum::${data}\n`
}
