/** Reads the user's own credentials from `~/.aws`, by the name of a profile. */
import { fromIni } from '@aws-sdk/credential-provider-ini'
import { Secret } from '../model/secret.ts'
import type { Connection, SigningKeys } from './connection.ts'
import { partitionsByHints, type Partition, partitionOf } from './partitions.ts'
import { Sts } from './sts.ts'

/** Signed-in owner of a profile: its keys, account and partition. */
export interface Owner {
  readonly keys: SigningKeys
  readonly sts: Sts
  readonly partition: Partition
  readonly account: string
  readonly arn: string
}

export interface OwnerRequest {
  readonly connection: Connection
  readonly profile: string
  /** Regions named near the found keys. */
  readonly hints: readonly string[]
  readonly signal: AbortSignal
  /** Asks for the code of an MFA device on the terminal; undefined without a terminal. */
  readonly askCode: (device: string) => Promise<string | undefined>
}

/** Signs in with a profile. Returns the owner, or the problem as text. */
export async function openOwner(request: OwnerRequest): Promise<Owner | string> {
  const keys = await profileKeys(request)
  if (typeof keys === 'string') return keys
  const refusals: string[] = []
  for (const partition of partitionsByHints(request.hints)) {
    const sts = new Sts(request.connection, partition, keys)
    const answer = await sts.callerIdentity(request.signal)
    if (answer.kind === 'identity')
      return { keys, sts, partition, account: answer.identity.account, arn: answer.identity.arn }
    refusals.push(`${partition.name}: ${answer.kind === 'refused' ? answer.code : answer.reason}`)
  }
  return `AWS does not accept its credentials (${refusals.join('; ')})`
}

/**
 * Reads the keys of a profile as the AWS CLI does: static keys, roles of other profiles, IAM
 * Identity Center, web identity and credential_process.
 */
async function profileKeys({
  connection,
  profile,
  signal,
  askCode,
}: OwnerRequest): Promise<SigningKeys | string> {
  let needsCode = false
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await fromIni({
      profile,
      clientConfig: { ignoreConfiguredEndpointUrls: true },
      mfaCodeProvider: async (device) => {
        const code = await askCode(device)
        needsCode = code === undefined
        return code ?? ''
      },
      roleAssumer: async (source, role) => {
        const partition = partitionOf(role.RoleArn?.split(':')[1] ?? '') ?? partitionsByHints([])[0]
        if (partition === undefined || needsCode) throw new Error('no role')
        const roleKeys = await new Sts(
          connection,
          partition,
          signingKeys(source.accessKeyId, source.secretAccessKey, source.sessionToken),
        ).assume(role, signal)
        if (roleKeys?.AccessKeyId === undefined || roleKeys.SecretAccessKey === undefined)
          throw new Error('no credentials')
        return {
          accessKeyId: roleKeys.AccessKeyId,
          secretAccessKey: roleKeys.SecretAccessKey,
          ...(roleKeys.SessionToken !== undefined && { sessionToken: roleKeys.SessionToken }),
        }
      },
    })()
    return signingKeys(accessKeyId, secretAccessKey, sessionToken)
  } catch (error) {
    return needsCode
      ? 'it needs the code of an MFA device, and there is no terminal to ask for it'
      : profileProblem(error, profile)
  }
}

function signingKeys(id: string, secret: string, token: string | undefined): SigningKeys {
  return {
    id,
    secret: new Secret(secret),
    ...(token !== undefined && { token: new Secret(token) }),
  }
}

/**
 * Returns the problem of a profile as text. Messages of the SDK are not shown, since those of
 * credential_process hold the output of that process.
 */
function profileProblem(error: unknown, profile: string): string {
  const message = error instanceof Error ? error.message : ''
  if (/SSO|sso/.test(message))
    return `its session is not signed in: aws sso login --profile ${profile}`
  if (/Could not resolve credentials using profile/.test(message))
    return 'there is no such profile in ~/.aws/config and ~/.aws/credentials, or it has no credentials'
  if (error instanceof Error && 'Code' in error)
    return `its role cannot be assumed (${error.name.replaceAll(/\W/g, '')})`
  return `its credentials cannot be loaded: aws sts get-caller-identity --profile ${profile}`
}
