/** Removes secrets from texts that may quote the command line, configuration or git's output. */
import { type ScrubbedSecrets, scrubber } from '../../model/scrubber.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import type { Engine } from '../../scan/engine.ts'
import type { Output } from '../process/io.ts'

/** Returns `text` without the secrets that the rules find in it, and without what looks random. */
export async function withoutSecrets(text: string): Promise<string> {
  return scrubber(await secretsIn(text))(text)
}

/** True when a rule finds a secret in `text`. */
export async function containsSecret(text: string): Promise<boolean> {
  return (await secretsIn(text)).length > 0
}

/** The engine of the built-in rules: to compile them takes longer than to search a text. */
let engine: Engine | undefined

async function secretsIn(text: string): Promise<ScrubbedSecrets> {
  const { createEngine } = await import('../../scan/engine.ts')
  const { secretsInTexts } = await import('../../scan/text-secrets.ts')
  const { builtinRules } = await import('../../rules/load.ts')
  engine ??= createEngine(builtinRules().rules)
  return secretsInTexts([text], engine)
}

/** Writes lines that may quote a repository or the command line: escaped, and without secrets. */
export async function writeLines(output: Output, lines: readonly string[]): Promise<void> {
  const text = lines.map((line) => `${escapeForTerminal(line)}\n`).join('')
  output.write(await withoutSecrets(text))
}
