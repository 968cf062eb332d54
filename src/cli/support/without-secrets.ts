/**
 * The text of an error without the secrets that the rules find in it: errors quote the command
 * line, and git. It is searched as it is and as a path, whose slashes are no part of names.
 */
export async function withoutSecrets(text: string): Promise<string> {
  const { scan } = await import('../../scan/scan.ts')
  const { scrubber } = await import('../../model/scrubber.ts')
  const { findings } = await scan({
    name: 'stdin',
    stream: once(`${text}\0${text.replaceAll('/', '\0')}`),
  })
  return scrubber(findings)(text)
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
