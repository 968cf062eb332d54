/** IAM client: looks up keys of an account, their users and policies. Makes only reading calls. */
import {
  GetAccessKeyLastUsedCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam'
import type { KeyRecord } from '../model/verification.ts'
import { type Connection, withoutNodeWarning } from './connection.ts'
import type { Owner } from './owner.ts'

interface Policy {
  readonly name: string
  readonly arn?: string
}

/** IAM, called with the owner's keys. Every method rejects with errors of the SDK. */
export class Iam {
  readonly #client: IAMClient
  readonly #deadline: () => { readonly abortSignal: AbortSignal }

  constructor(connection: Connection, { partition, keys }: Owner, signal: AbortSignal) {
    this.#client = withoutNodeWarning(
      () =>
        new IAMClient({
          ...connection.clientSettings({ host: partition.iamHost, region: partition.region }, keys),
          maxAttempts: 4,
        }),
    )
    this.#deadline = () => connection.deadline(signal)
  }

  /** Calls `iam:GetAccessKeyLastUsed`: the user and the last use of a key. */
  async lastUsed(id: string): Promise<Pick<KeyRecord, 'user' | 'lastUsed'>> {
    const { UserName: user, AccessKeyLastUsed: lastUse } = await this.#client.send(
      new GetAccessKeyLastUsedCommand({ AccessKeyId: id }),
      this.#deadline(),
    )
    const date = lastUse?.LastUsedDate?.toISOString()
    return {
      ...(user !== undefined && { user }),
      lastUsed:
        date === undefined
          ? null
          : { date, service: lastUse?.ServiceName ?? 'N/A', region: lastUse?.Region ?? 'N/A' },
    }
  }

  /** Calls `iam:ListAccessKeys`: status and age of one key. A user has at most two keys. */
  async keyStatus(
    user: string,
    id: string,
    now: number,
  ): Promise<Pick<KeyRecord, 'status' | 'created' | 'ageDays' | 'isOld'>> {
    const { AccessKeyMetadata: keys = [] } = await this.#client.send(
      new ListAccessKeysCommand({ UserName: user }),
      this.#deadline(),
    )
    const key = keys.find(({ AccessKeyId }) => AccessKeyId === id)
    if (key === undefined) return { status: 'Missing' }
    const ageDays =
      key.CreateDate === undefined
        ? undefined
        : Math.floor((now - key.CreateDate.getTime()) / DAY_MS)
    return {
      ...(key.Status === 'Active' || key.Status === 'Inactive' ? { status: key.Status } : {}),
      ...(key.CreateDate !== undefined && { created: key.CreateDate.toISOString() }),
      ...(ageDays !== undefined && { ageDays, ...(ageDays > MAX_KEY_AGE_DAYS && { isOld: true }) }),
    }
  }

  /** Calls `iam:ListAttachedUserPolicies`. */
  async attachedPolicies(user: string): Promise<readonly Policy[]> {
    return (
      (
        await this.#client.send(
          new ListAttachedUserPoliciesCommand({ UserName: user }),
          this.#deadline(),
        )
      ).AttachedPolicies?.map(policyOf) ?? []
    )
  }

  /** Calls `iam:ListUserPolicies`: the inline policies of the user. */
  async inlinePolicies(user: string): Promise<readonly Policy[]> {
    return (
      (
        await this.#client.send(new ListUserPoliciesCommand({ UserName: user }), this.#deadline())
      ).PolicyNames?.map((name) => ({ name })) ?? []
    )
  }

  /**
   * Calls `iam:ListGroupsForUser`, and `iam:ListAttachedGroupPolicies` for each group: a user is in
   * at most ten groups.
   */
  async groupPolicies(user: string): Promise<readonly Policy[]> {
    const { Groups: groups = [] } = await this.#client.send(
      new ListGroupsForUserCommand({ UserName: user }),
      this.#deadline(),
    )
    const policies: Policy[] = []
    for (const { GroupName: group } of groups) {
      const { AttachedPolicies: policiesOfGroup = [] } = await this.#client.send(
        new ListAttachedGroupPoliciesCommand({ GroupName: group }),
        this.#deadline(),
      )
      policies.push(
        ...policiesOfGroup.map(policyOf).map(({ name, arn }) => ({
          name: `${group ?? ''}/${name}`,
          ...(arn !== undefined && { arn }),
        })),
      )
    }
    return policies
  }
}

/** Returns the names of policies, and whether one gives all rights or quarantines the user. */
export function summarizePolicies(
  policies: readonly Policy[],
): Pick<KeyRecord, 'policies' | 'isAdministrator' | 'quarantine'> {
  const quarantine = policies.find(({ name }) =>
    /AWSCompromisedKeyQuarantine|AWSExposedCredentialPolicy/.test(name),
  )?.name
  const isAdministrator = policies.some(
    ({ arn }) =>
      arn !== undefined && /^arn:aws[a-z-]*:iam::aws:policy\/AdministratorAccess$/.test(arn),
  )
  return {
    policies: policies.map(({ name }) => name),
    ...(isAdministrator && { isAdministrator }),
    ...(quarantine !== undefined && { quarantine }),
  }
}

const DAY_MS = 24 * 3600 * 1000

/** The CIS AWS Foundations Benchmark asks to rotate keys every 90 days. */
const MAX_KEY_AGE_DAYS = 90

function policyOf({
  PolicyName,
  PolicyArn,
}: {
  readonly PolicyName?: string | undefined
  readonly PolicyArn?: string | undefined
}): Policy {
  return { name: PolicyName ?? '?', ...(PolicyArn !== undefined && { arn: PolicyArn }) }
}
