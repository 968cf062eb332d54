/** Checks `--sts-endpoint`, the address of an emulator called in place of AWS. */
import { isIPv4 } from 'node:net'
import { UsageError } from '../model/errors.ts'

/**
 * Checks the address of an emulator and returns it without a slash at the end. Only loopback
 * addresses are allowed, since found credentials go to nobody but AWS; `localhost` is refused,
 * since a name can resolve to any address. Throws UsageError.
 */
export function checkEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain =
    url !== undefined &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  if (!isPlain)
    throw new UsageError('--sts-endpoint takes an address such as http://127.0.0.1:4566')
  if (!isLoopback(url.hostname))
    throw new UsageError(
      '--sts-endpoint takes loopback addresses only (127.0.0.1 or [::1]): ' +
        'credentials are sent to nobody but AWS',
    )
  return url.href.replace(/\/$/, '')
}

function isLoopback(host: string): boolean {
  return host === '[::1]' || (isIPv4(host) && host.startsWith('127.'))
}
