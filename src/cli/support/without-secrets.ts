/** Removes secrets from texts that may quote the command line or git's output. */

/**
 * Returns `text` without the secrets that the rules find in it. The text is scanned twice, the
 * second time with NUL in place of each `/`, so that a secret is also found as part of a path.
 */
export async function withoutSecrets(text: string): Promise<string> {
  const { scan } = await import('../../scan/scan.ts')
  const { scrubber } = await import('../../model/scrubber.ts')
  const { findings } = await scan({
    name: 'stdin',
    stream: streamOf(`${text}\0${text.replaceAll('/', '\0')}`),
  })
  return scrubber(findings)(text)
}

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
