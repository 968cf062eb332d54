/** The home of the STS client. */
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

/** Asks one STS, with one set of keys. */
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

  /** Whose keys are these? */
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

  /** The account of a key id. Rejects with what the SDK throws. */
  async accountOf(id: string, signal: AbortSignal): Promise<string | undefined> {
    return (
      await this.#client.send(
        new GetAccessKeyInfoCommand({ AccessKeyId: id }),
        this.#connection.deadline(signal),
      )
    ).Account
  }

  /** Credentials of a role. Rejects with what the SDK throws. */
  async assume(role: AssumeRoleCommandInput, signal: AbortSignal) {
    return (await this.#client.send(new AssumeRoleCommand(role), this.#connection.deadline(signal)))
      .Credentials
  }
}

/** Asks AWS about found keys, signed with these alone. */
export class StsIssuer implements Issuer {
  readonly #connection: Connection
  /** A retry goes through the same client, which has learned the time by then. */
  readonly #clients = new WeakMap<
    Credential,
    { readonly partition: Partition; readonly sts: Sts }
  >()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  identify(credential: Credential, partition: Partition, signal: AbortSignal): Promise<AwsAnswer> {
    const known = this.#clients.get(credential)
    const sts =
      known?.partition === partition ? known.sts : new Sts(this.#connection, partition, credential)
    this.#clients.set(credential, { partition, sts })
    return sts.callerIdentity(signal)
  }
}
