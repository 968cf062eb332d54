/**
 * Partitions of AWS, which do not know each other's keys. Hosts and regions are those of botocore's
 * partitions.json.
 */

export interface Partition {
  readonly name: 'aws' | 'aws-us-gov' | 'aws-cn' | 'aws-eusc'
  /** Region of the STS host, for which requests to STS and IAM are signed. */
  readonly region: string
  readonly dnsSuffix: string
  readonly iamHost: string
  /** Matches the names of all its regions. */
  readonly regions: RegExp
}

/**
 * Partitions reachable from the internet, those with most leaked keys first. Isolated partitions
 * (aws-iso and the like) are absent.
 */
export const PARTITIONS: readonly [Partition, ...Partition[]] = [
  {
    name: 'aws',
    region: 'us-east-1',
    dnsSuffix: 'amazonaws.com',
    iamHost: 'iam.amazonaws.com',
    regions: /^(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]{2,12}-\d{1,2}$/,
  },
  {
    name: 'aws-us-gov',
    region: 'us-gov-west-1',
    dnsSuffix: 'amazonaws.com',
    iamHost: 'iam.us-gov.amazonaws.com',
    regions: /^us-gov-[a-z]{2,12}-\d{1,2}$/,
  },
  {
    name: 'aws-cn',
    region: 'cn-north-1',
    dnsSuffix: 'amazonaws.com.cn',
    iamHost: 'iam.cn-north-1.amazonaws.com.cn',
    regions: /^cn-[a-z]{2,12}-\d{1,2}$/,
  },
  {
    name: 'aws-eusc',
    region: 'eusc-de-east-1',
    dnsSuffix: 'amazonaws.eu',
    iamHost: 'iam.eusc-de-east-1.amazonaws.eu',
    regions: /^eusc-[a-z]{2}-[a-z]{2,12}-\d{1,2}$/,
  },
]

/** Returns the STS host, such as `sts.us-east-1.amazonaws.com`. */
export function stsHost({ region, dnsSuffix }: Partition): string {
  return `sts.${region}.${dnsSuffix}`
}

/** Returns the CloudTrail host, such as `cloudtrail.eu-west-1.amazonaws.com`. */
export function cloudTrailHost({ dnsSuffix }: Partition, region: string): string {
  return `cloudtrail.${region}.${dnsSuffix}`
}

/** Returns the partition with this region (`us-gov-west-1`) or this name (`aws-us-gov`). */
export function partitionOf(hint: string): Partition | undefined {
  return PARTITIONS.find(({ name, regions }) => name === hint || regions.test(hint))
}

/**
 * Returns all partitions, those first that a hint names. `aws` comes last among the named ones: its
 * regions stand in many SDK examples, so a hint for another partition weighs more.
 */
export function partitionsByHints(hints: readonly string[]): readonly Partition[] {
  const hinted = new Set(hints.flatMap((hint) => partitionOf(hint) ?? []))

  return PARTITIONS.toSorted((a, b) => rank(a) - rank(b))

  function rank(partition: Partition): number {
    if (!hinted.has(partition)) return 2 + PARTITIONS.indexOf(partition)
    return partition.name === 'aws' ? 1 : 0
  }
}
