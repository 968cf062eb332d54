import { isIPv4 } from 'node:net'
import { UsageError } from '../model/errors.ts'

/**
 * An endpoint instead of AWS's own, for emulators and tests. Only this machine may be named: a
 * found credential is sent to nobody but its issuer. As an address, not as `localhost`: a name can
 * lead anywhere.
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
      '--sts-endpoint takes loopback addresses only (127.0.0.1 or [::1]): credentials are sent to nobody but AWS',
    )
  return url.href.replace(/\/$/, '')
}

function isLoopback(host: string): boolean {
  return host === '[::1]' || (isIPv4(host) && host.startsWith('127.'))
}
