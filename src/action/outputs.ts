/**
 * Files by which a step talks to the runner. Never `GITHUB_ENV` or `GITHUB_PATH`: those change what
 * later steps run.
 */
import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { ScanError } from '../model/errors.ts'

/** Appends outputs of the step. A value that could be taken for something else is refused. */
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
 * `name<<delimiter`, the value and the delimiter: whatever is in the value, it ends where it
 * should.
 */
export function outputText(name: string, value: string, delimiter: string): string {
  if (value.includes(delimiter)) throw new ScanError(`the output ${name} holds its own delimiter`)
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`
}

/** Text between which the runner takes no line for a command. */
export function withoutCommands(text: string): string {
  const token = randomUUID()
  return `::stop-commands::${token}\n${text.endsWith('\n') ? text : `${text}\n`}::${token}::\n`
}

/** One command of the runner, escaped as `@actions/core` does. */
export function errorCommand(message: string): string {
  return `::error title=Oakum::${message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}\n`
}
