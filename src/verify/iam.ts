/** The home of the IAM client: what an account says of its users and their keys. Only reads. */
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

/** Asks IAM, signed with the owner's keys. Every method rejects with what the SDK throws. */
export class Iam {
  readonly #client: IAMClient
  readonly #until: () => { readonly abortSignal: AbortSignal }

  constructor(connection: Connection, { partition, keys }: Owner, signal: AbortSignal) {
    this.#client = withoutNodeWarning(
      () =>
        new IAMClient({
          ...connection.clientSettings({ host: partition.iamHost, region: partition.region }, keys),
          maxAttempts: 4,
        }),
    )
    this.#until = () => connection.deadline(signal)
  }

  /** `iam:GetAccessKeyLastUsed` */
  async lastUsed(id: string): Promise<Pick<KeyRecord, 'user' | 'lastUsed'>> {
    const { UserName: user, AccessKeyLastUsed: used } = await this.#client.send(
      new GetAccessKeyLastUsedCommand({ AccessKeyId: id }),
      this.#until(),
    )
    const date = used?.LastUsedDate?.toISOString()
    return {
      ...(user !== undefined && { user }),
      lastUsed:
        date === undefined
          ? null
          : { date, service: used?.ServiceName ?? 'N/A', region: used?.Region ?? 'N/A' },
    }
  }

  /** `iam:ListAccessKeys`: the status and age of one of a user's keys. A user has two at most. */
  async keyStatus(
    user: string,
    id: string,
    now: number,
  ): Promise<Pick<KeyRecord, 'status' | 'created' | 'ageDays' | 'isOld'>> {
    const { AccessKeyMetadata: keys = [] } = await this.#client.send(
      new ListAccessKeysCommand({ UserName: user }),
      this.#until(),
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

  /** `iam:ListAttachedUserPolicies` */
  async attachedPolicies(user: string): Promise<readonly Policy[]> {
    return (
      (
        await this.#client.send(
          new ListAttachedUserPoliciesCommand({ UserName: user }),
          this.#until(),
        )
      ).AttachedPolicies?.map(policyOf) ?? []
    )
  }

  /** `iam:ListUserPolicies`: those that are the user's own. */
  async inlinePolicies(user: string): Promise<readonly Policy[]> {
    return (
      (
        await this.#client.send(new ListUserPoliciesCommand({ UserName: user }), this.#until())
      ).PolicyNames?.map((name) => ({ name })) ?? []
    )
  }

  /**
   * `iam:ListGroupsForUser` and `iam:ListAttachedGroupPolicies`: a user is in ten groups at most.
   */
  async groupPolicies(user: string): Promise<readonly Policy[]> {
    const { Groups: groups = [] } = await this.#client.send(
      new ListGroupsForUserCommand({ UserName: user }),
      this.#until(),
    )
    const policies: Policy[] = []
    for (const { GroupName: group } of groups) {
      const { AttachedPolicies: attached = [] } = await this.#client.send(
        new ListAttachedGroupPoliciesCommand({ GroupName: group }),
        this.#until(),
      )
      policies.push(
        ...attached.map(policyOf).map(({ name, arn }) => ({
          name: `${group ?? ''}/${name}`,
          ...(arn !== undefined && { arn }),
        })),
      )
    }
    return policies
  }
}

/** What policies mean for the damage, by their names. */
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

/** CIS AWS Foundations Benchmark: keys are rotated every ninety days. */
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
