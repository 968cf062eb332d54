/**
 * The parts of AWS that know nothing of each other's keys: hosts and regions as botocore's
 * partitions.json has them.
 */

export interface Partition {
  readonly name: 'aws' | 'aws-us-gov' | 'aws-cn' | 'aws-eusc'
  /** Where its STS and IAM are asked, and what requests to them are signed for. */
  readonly region: string
  readonly dnsSuffix: string
  readonly iamHost: string
  readonly regions: RegExp
}

/**
 * In the order in which keys are met, most first. What is cut off from the internet (aws-iso and
 * its kin) cannot be asked.
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

/** `sts.us-east-1.amazonaws.com` */
export function stsHost({ region, dnsSuffix }: Partition): string {
  return `sts.${region}.${dnsSuffix}`
}

/** `cloudtrail.eu-west-1.amazonaws.com` */
export function cloudTrailHost({ dnsSuffix }: Partition, region: string): string {
  return `cloudtrail.${region}.${dnsSuffix}`
}

/**
 * The partition of a region (`us-gov-west-1`) or of its own name (`aws-us-gov`), or undefined for
 * neither.
 */
export function partitionOf(hint: string): Partition | undefined {
  return PARTITIONS.find(({ name, regions }) => name === hint || regions.test(hint))
}

/**
 * All of them, those first that something near the credential names; `aws` comes last among those.
 */
export function partitionsByHints(hints: readonly string[]): readonly Partition[] {
  const named = new Set(hints.flatMap((hint) => partitionOf(hint) ?? []))
  // Names of its regions stand in every other SDK example; whoever names another partition means
  // it.
  return PARTITIONS.toSorted((a, b) => rank(a) - rank(b))

  function rank(partition: Partition): number {
    if (!named.has(partition)) return 2 + PARTITIONS.indexOf(partition)
    return partition.name === 'aws' ? 1 : 0
  }
}
