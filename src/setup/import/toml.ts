import { ConfigError } from '../../model/errors.ts'

/** Reads TOML. Throws a ConfigError that names the line and quotes nothing of the file. */
export async function parseToml(text: string, file: string): Promise<unknown> {
  const { parse, TomlError } = await import('smol-toml')
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [reason = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n')
    throw new ConfigError(`${file}: line ${error.line}, column ${error.column}: no TOML: ${reason}`)
  }
}
