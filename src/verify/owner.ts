/** The home of what reads `~/.aws`: a user's own credentials, by the name of a profile. */
import { fromIni } from '@aws-sdk/credential-provider-ini'
import { Secret } from '../model/secret.ts'
import type { Connection, SigningKeys } from './connection.ts'
import { partitionsByHints, type Partition, partitionOf } from './partitions.ts'
import { Sts } from './sts.ts'

/** Somebody who may ask about key ids, and where. */
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
  /** Regions near the keys in question. */
  readonly hints: readonly string[]
  readonly signal: AbortSignal
  /** The code of an MFA device, from the terminal. */
  readonly askCode: (device: string) => Promise<string | undefined>
}

/** The owner of a profile, or in words why there is none. */
export async function openOwner(request: OwnerRequest): Promise<Owner | string> {
  const keys = await profileKeys(request)
  if (typeof keys === 'string') return keys
  const unclear: string[] = []
  for (const partition of partitionsByHints(request.hints)) {
    const sts = new Sts(request.connection, partition, keys)
    const answer = await sts.callerIdentity(request.signal)
    if (answer.kind === 'identity')
      return { keys, sts, partition, account: answer.identity.account, arn: answer.identity.arn }
    unclear.push(`${partition.name}: ${answer.kind === 'refused' ? answer.code : answer.why}`)
  }
  return `AWS does not take its credentials (${unclear.join('; ')})`
}

/**
 * Static keys, roles of other profiles, IAM Identity Center, web identity and credential_process,
 * as the AWS CLI has them.
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
        const made = await new Sts(
          connection,
          partition,
          signingKeys(source.accessKeyId, source.secretAccessKey, source.sessionToken),
        ).assume(role, signal)
        if (made?.AccessKeyId === undefined || made.SecretAccessKey === undefined)
          throw new Error('no credentials')
        return {
          accessKeyId: made.AccessKeyId,
          secretAccessKey: made.SecretAccessKey,
          ...(made.SessionToken !== undefined && { sessionToken: made.SessionToken }),
        }
      },
    })()
    return signingKeys(accessKeyId, secretAccessKey, sessionToken)
  } catch (error) {
    return needsCode
      ? 'it wants the code of an MFA device, and there is no terminal to ask on'
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

/** Messages of the SDK are not shown: those of credential_process hold what the process said. */
function profileProblem(error: unknown, profile: string): string {
  const message = error instanceof Error ? error.message : ''
  if (/SSO|sso/.test(message))
    return `its session has ended, or never began: aws sso login --profile ${profile}`
  if (/Could not resolve credentials using profile/.test(message))
    return 'there is no such profile in ~/.aws/config and ~/.aws/credentials, or it has no credentials'
  if (error instanceof Error && 'Code' in error)
    return `its role cannot be assumed (${error.name.replaceAll(/\W/g, '')})`
  return 'its credentials cannot be had; aws sts get-caller-identity --profile says more'
}
