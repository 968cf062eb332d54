/**
 * Settings of AWS SDK clients. Every setting is explicit, so that the SDK reads none from the
 * environment, from files or from instance metadata.
 */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Secret } from '../model/secret.ts'
import { readVersion } from '../model/version.ts'

/** Access key that signs requests. */
export interface SigningKeys {
  readonly id: string
  readonly secret: Secret
  readonly token?: Secret
}

export interface ServiceHost {
  readonly host: string
  readonly region: string
}

export interface ConnectionOptions {
  /** Loopback address called in place of every host, for emulators and tests. */
  readonly endpoint?: string
  /** Time limit of one call, in milliseconds. */
  readonly timeoutMs: number
}

/**
 * Connection settings shared by all clients. Each call opens a new TCP connection, so that no call
 * reads what an earlier one left unread.
 */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #user: [string, string] = ['oakum', readVersion()]
  // An explicit agent ignores proxy variables, and NODE_TLS_REJECT_UNAUTHORIZED cannot switch off
  // its certificate checks.
  readonly #https = new HttpsAgent({ keepAlive: false, rejectUnauthorized: true })
  readonly #http = new HttpAgent({ keepAlive: false })

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  /** Returns the settings of an SDK client. */
  clientSettings({ host, region }: ServiceHost, { id, secret, token }: SigningKeys) {
    const { endpoint, timeoutMs } = this.#options
    return {
      region,
      endpoint: endpoint ?? `https://${host}`,
      ignoreConfiguredEndpointUrls: true,
      credentials: {
        accessKeyId: id,
        secretAccessKey: secret.reveal(),
        ...(token && { sessionToken: token.reveal() }),
      },
      authSchemePreference: ['sigv4'],
      sigv4aSigningRegionSet: [region],
      useDualstackEndpoint: false,
      useFipsEndpoint: false,
      defaultsMode,
      retryMode: 'standard',
      // `KeyVerifier` repeats throttled calls itself.
      maxAttempts: 1,
      userAgentAppId: 'oakum',
      customUserAgent: [this.#user],
      logger: silentLogger,
      requestHandler: {
        httpsAgent: this.#https,
        httpAgent: this.#http,
        connectionTimeout: timeoutMs,
        requestTimeout: timeoutMs,
        throwOnRequestTimeout: true,
      },
    }
  }

  /** Returns call options that abort a call with the signal, or after twice the time limit. */
  deadline(signal: AbortSignal): { readonly abortSignal: AbortSignal } {
    return {
      abortSignal: AbortSignal.any([signal, AbortSignal.timeout(this.#options.timeoutMs * 2)]),
    }
  }

  close(): void {
    this.#https.destroy()
    this.#http.destroy()
  }
}

const defaultsMode = 'standard' as const

function ignoreLog(): void {}

/** Logger of the SDK that drops everything: log lines may hold signed requests. */
const silentLogger = {
  trace: ignoreLog,
  debug: ignoreLog,
  info: ignoreLog,
  warn: ignoreLog,
  error: ignoreLog,
}

const NODE_WARNING_VARIABLE = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'

/**
 * Makes an SDK client without its warning. The first client prints on standard error which Node
 * version later releases of the SDK need, unless an environment variable is set.
 */
export function withoutNodeWarning<Client>(make: () => Client): Client {
  const oldValue = process.env[NODE_WARNING_VARIABLE]
  process.env[NODE_WARNING_VARIABLE] = 'true'
  try {
    return make()
  } finally {
    if (oldValue === undefined) delete process.env[NODE_WARNING_VARIABLE]
    else process.env[NODE_WARNING_VARIABLE] = oldValue
  }
}
