/**
 * What came back of a call, without anything of the call in it: messages of AWS quote what was
 * signed, token included.
 */
import type { Identity } from '../model/verification.ts'

export type AwsAnswer =
  | { readonly kind: 'identity'; readonly identity: Identity }
  /** AWS refused, with a code in the body. */
  | {
      readonly kind: 'refused'
      readonly code: string
      readonly aboutTime: boolean
      readonly arn?: string
    }
  /** Nothing that is AWS's answered. */
  | { readonly kind: 'silent'; readonly why: string; readonly unreachable: boolean }

/**
 * What was thrown, as an answer. The HTTP status decides nothing: proxies have their own ideas of
 * it.
 */
export function answerOfError(error: unknown): AwsAnswer {
  const { name, code, message, status } = errorParts(error)
  if (
    code === undefined &&
    status !== undefined &&
    /^[A-Za-z][A-Za-z.]{2,63}$/.test(name) &&
    ![
      'Error',
      'Unknown',
      'UnknownError',
      'TypeError',
      'SyntaxError',
      'TimeoutError',
      'AbortError',
    ].includes(name)
  ) {
    const arn = /\barn:aws[a-z-]{0,12}:[a-z]{2,8}::\d{12}:[\w+=,.@/:-]{1,600}/.exec(message)?.[0]
    return {
      kind: 'refused',
      code: name,
      aboutTime: name === 'RequestExpired' || /Signature (?:expired|not yet current)/.test(message),
      ...(arn !== undefined && { arn }),
    }
  }
  if (status !== undefined)
    return {
      kind: 'silent',
      why: `what answered is not AWS (HTTP ${status}): a proxy, or a portal to sign in to`,
      unreachable: false,
    }
  return {
    kind: 'silent',
    why:
      networkReasons[code ?? ''] ??
      tlsReason(code) ??
      (name === 'AbortError' || name === 'TimeoutError'
        ? 'no answer in time'
        : `no answer (${keepWordCharacters(code ?? name)})`),
    unreachable: true,
  }
}

/** The identity of an answer that has one; what has not is no answer of AWS. */
export function answerOfIdentity(said: {
  readonly Account?: string | undefined
  readonly Arn?: string | undefined
  readonly UserId?: string | undefined
}): AwsAnswer {
  const { Account: account = '', Arn: arn = '', UserId: userId = '' } = said
  const isIdentity =
    /^\d{12}$/.test(account) &&
    /^arn:aws[a-z-]{0,12}:[a-z]{2,8}::\d{12}:\S{1,1024}$/.test(arn) &&
    /^\S{1,256}$/.test(userId)
  if (!isIdentity)
    return {
      kind: 'silent',
      why: 'what answered is not AWS: it names no account',
      unreachable: false,
    }
  return { kind: 'identity', identity: { account, arn, userId, kind: identityKindOf(arn) } }
}

/**
 * `arn:aws:iam::111122223333:root`, `…:iam::…:user/path/name`,
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
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ETIMEDOUT: 'no answer in time',
  ENOTFOUND: 'its name was not found: is there a network?',
  EAI_AGAIN: 'its name was not found: is there a network?',
  ENETUNREACH: 'there is no way to it: is there a network?',
  EHOSTUNREACH: 'there is no way to it: is there a network?',
}

function tlsReason(code: string | undefined): string | undefined {
  return code !== undefined && /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(code)
    ? `its certificate is not to be trusted (${keepWordCharacters(code)})`
    : undefined
}

function keepWordCharacters(text: string): string {
  return text.replaceAll(/[^\w-]/g, '').slice(0, 40)
}

interface ErrorParts {
  readonly name: string
  /** Of the system or TLS, not of AWS. */
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
