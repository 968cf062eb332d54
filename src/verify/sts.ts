/** STS client: the caller of a key, the account of a key id, and roles of a profile. */
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { type AwsAnswer, answerOfError, answerOfIdentity } from './answer.ts'
import type { Issuer } from './key-verifier.ts'
import { type Connection, type SigningKeys, withoutNodeWarning } from './connection.ts'
import type { Credential } from './credential.ts'
import { type Partition, stsHost } from './partitions.ts'

/** STS of one partition, called with one set of keys. */
export class Sts {
  readonly #client: STSClient
  readonly #connection: Connection

  constructor(connection: Connection, partition: Partition, keys: SigningKeys) {
    this.#connection = connection
    this.#client = withoutNodeWarning(
      () =>
        new STSClient(
          connection.clientSettings({ host: stsHost(partition), region: partition.region }, keys),
        ),
    )
  }

  /** Calls GetCallerIdentity. Errors are returned as answers. */
  async callerIdentity(signal: AbortSignal): Promise<AwsAnswer> {
    try {
      return answerOfIdentity(
        await this.#client.send(
          new GetCallerIdentityCommand({}),
          this.#connection.deadline(signal),
        ),
      )
    } catch (error) {
      return answerOfError(error)
    }
  }

  /** Calls GetAccessKeyInfo: the account of a key id. Rejects with errors of the SDK. */
  async accountOf(id: string, signal: AbortSignal): Promise<string | undefined> {
    return (
      await this.#client.send(
        new GetAccessKeyInfoCommand({ AccessKeyId: id }),
        this.#connection.deadline(signal),
      )
    ).Account
  }

  /** Calls AssumeRole: the credentials of a role. Rejects with errors of the SDK. */
  async assume(role: AssumeRoleCommandInput, signal: AbortSignal) {
    return (await this.#client.send(new AssumeRoleCommand(role), this.#connection.deadline(signal)))
      .Credentials
  }
}

/** Verifies found keys with GetCallerIdentity, signed with the found key itself. */
export class StsIssuer implements Issuer {
  readonly #connection: Connection
  /** Client of each credential: a retry needs the same one, which has corrected its clock. */
  readonly #clients = new WeakMap<
    Credential,
    { readonly partition: Partition; readonly sts: Sts }
  >()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  identify(credential: Credential, partition: Partition, signal: AbortSignal): Promise<AwsAnswer> {
    const cached = this.#clients.get(credential)
    const sts =
      cached?.partition === partition
        ? cached.sts
        : new Sts(this.#connection, partition, credential)
    this.#clients.set(credential, { partition, sts })
    return sts.callerIdentity(signal)
  }
}
