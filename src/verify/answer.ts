/**
 * Answers of AWS to a signed call, without any part of the request: error messages of AWS quote
 * the signed request, session token included, so they must never be shown or stored.
 */
import type { Identity } from '../model/verification.ts'

export type AwsAnswer =
  | { readonly kind: 'identity'; readonly identity: Identity }
  /** AWS refused the call and named an error code in the body. */
  | {
      readonly kind: 'refused'
      readonly code: string
      /** True when AWS refused because the clock of this machine differs from its own. */
      readonly isClockError: boolean
      readonly arn?: string
    }
  /** AWS did not answer: nothing did, or a proxy or a sign-in portal did. */
  | { readonly kind: 'no-answer'; readonly reason: string; readonly isUnreachable: boolean }

/** Names of errors that the SDK or Node throws; any other name is an error code of AWS. */
const CLIENT_ERRORS = new Set([
  'Error',
  'Unknown',
  'UnknownError',
  'TypeError',
  'SyntaxError',
  'TimeoutError',
  'AbortError',
])

/**
 * Converts an error thrown by the SDK to an answer. The value of the HTTP status is ignored, since
 * proxies answer with any status.
 */
export function answerOfError(error: unknown): AwsAnswer {
  const { name, code, message, status } = errorParts(error)
  if (
    code === undefined &&
    status !== undefined &&
    /^[A-Za-z][A-Za-z.]{2,63}$/.test(name) &&
    !CLIENT_ERRORS.has(name)
  ) {
    const arn = /\barn:aws[a-z-]{0,12}:[a-z]{2,8}::\d{12}:[\w+=,.@/:-]{1,600}/.exec(message)?.[0]
    return {
      kind: 'refused',
      code: name,
      isClockError:
        name === 'RequestExpired' || /Signature (?:expired|not yet current)/.test(message),
      ...(arn !== undefined && { arn }),
    }
  }
  if (status !== undefined)
    return {
      kind: 'no-answer',
      reason: `the answer is not from AWS (HTTP ${status}): a proxy or a sign-in portal`,
      isUnreachable: false,
    }
  return {
    kind: 'no-answer',
    reason:
      networkReasons[code ?? ''] ??
      tlsReason(code) ??
      (name === 'AbortError' || name === 'TimeoutError'
        ? 'no answer in time'
        : `no answer (${keepWordCharacters(code ?? name)})`),
    isUnreachable: true,
  }
}

/** Checks a response of GetCallerIdentity: a malformed one did not come from AWS. */
export function answerOfIdentity(response: {
  readonly Account?: string | undefined
  readonly Arn?: string | undefined
  readonly UserId?: string | undefined
}): AwsAnswer {
  const { Account: account = '', Arn: arn = '', UserId: userId = '' } = response
  const isIdentity =
    /^\d{12}$/.test(account) &&
    /^arn:aws[a-z-]{0,12}:[a-z]{2,8}::\d{12}:\S{1,1024}$/.test(arn) &&
    /^\S{1,256}$/.test(userId)
  if (!isIdentity)
    return {
      kind: 'no-answer',
      reason: 'the answer is not from AWS: it names no account',
      isUnreachable: false,
    }
  return { kind: 'identity', identity: { account, arn, userId, kind: identityKindOf(arn) } }
}

/**
 * Classifies an ARN: `arn:aws:iam::111122223333:root`, `…:iam::…:user/path/name`,
 * `…:sts::…:assumed-role/role/session`, `…:sts::…:federated-user/name`
 */
function identityKindOf(arn: string): Identity['kind'] {
  const [, kind = ''] = /^arn:aws[a-z-]{0,12}:(?:iam|sts)::\d{12}:([a-z-]+)/.exec(arn) ?? []
  return identityKinds[kind] ?? 'other'
}

const identityKinds: Readonly<Record<string, Identity['kind']>> = {
  root: 'root',
  user: 'user',
  'assumed-role': 'role',
  'federated-user': 'federated',
}

const networkReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  ETIMEDOUT: 'no answer in time',
  ENOTFOUND: 'the host name was not found: is there a network?',
  EAI_AGAIN: 'the host name was not found: is there a network?',
  ENETUNREACH: 'the host cannot be reached: is there a network?',
  EHOSTUNREACH: 'the host cannot be reached: is there a network?',
}

function tlsReason(code: string | undefined): string | undefined {
  return code !== undefined && /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(code)
    ? `its certificate is not trusted (${keepWordCharacters(code)})`
    : undefined
}

function keepWordCharacters(text: string): string {
  return text.replaceAll(/[^\w-]/g, '').slice(0, 40)
}

interface ErrorParts {
  readonly name: string
  /** Error code of the operating system or of TLS, never of AWS. */
  readonly code: string | undefined
  readonly message: string
  readonly status: number | undefined
}

function errorParts(error: unknown): ErrorParts {
  if (!(error instanceof Error))
    return { name: typeof error, code: undefined, message: '', status: undefined }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined
  const status =
    typeof metadata === 'object' &&
    metadata !== null &&
    'httpStatusCode' in metadata &&
    typeof metadata.httpStatusCode === 'number'
      ? metadata.httpStatusCode
      : undefined
  return { name: error.name, code, message: error.message, status }
}
