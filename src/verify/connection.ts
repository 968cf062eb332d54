/**
 * How clients of the SDK are set up: everything is said, so that nothing is looked for in
 * environment, files or the network around.
 */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Secret } from '../model/secret.ts'
import { readVersion } from '../model/version.ts'

/** What a request is signed with. */
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
  /** A loopback address that stands for every host. */
  readonly endpoint?: string
  /** Of one call, in milliseconds. */
  readonly timeoutMs: number
}

/**
 * The settings that all clients share. Each call has a connection of its own, so that none meets
 * what an earlier one left behind.
 */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #user: [string, string] = ['oakum', readVersion()]
  // An agent of our own takes no proxy from the environment, and nobody can switch its checks off
  // there.
  readonly #https = new HttpsAgent({ keepAlive: false, rejectUnauthorized: true })
  readonly #http = new HttpAgent({ keepAlive: false })

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  /** For a client of the SDK. */
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

  /** Ends a call that takes too long, or that nobody waits for any more. */
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

/** The SDK logs nowhere: what it would log may hold what it signed. */
const silentLogger = {
  trace: ignoreLog,
  debug: ignoreLog,
  info: ignoreLog,
  warn: ignoreLog,
  error: ignoreLog,
}

const NODE_WARNING_VARIABLE = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'

/**
 * Makes a client. The SDK's first one says on standard error which Node its later versions will
 * need, unless a variable says not to.
 */
export function withoutNodeWarning<Client>(make: () => Client): Client {
  const before = process.env[NODE_WARNING_VARIABLE]
  process.env[NODE_WARNING_VARIABLE] = 'true'
  try {
    return make()
  } finally {
    if (before === undefined) delete process.env[NODE_WARNING_VARIABLE]
    else process.env[NODE_WARNING_VARIABLE] = before
  }
}
