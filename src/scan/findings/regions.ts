import type { Finding, SourceBlob } from '../../model/model.ts'

/** Bytes on each side of a credential: settings name its region within some lines. */
const reach = 2048
const most = 32

/** `us-gov-west-1`, `cn-north-1`, `eusc-de-east-1`, `eu-west-1` */
const region =
  /(?<![\w-])(?:us-gov|eusc-[a-z]{2}|us|eu|ap|sa|ca|me|af|il|mx|cn)-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d(?!\d)/g

/**
 * What only one partition has: `arn:aws-us-gov:`, `.amazonaws.com.cn`, `.amazonaws.eu`,
 * `console.amazonaws-us-gov.com`.
 */
const partition = /arn:(aws(?:-us-gov|-cn|-eusc)?):|amazonaws(\.com\.cn|\.eu|-us-gov\.com)/g

const bySuffix: Readonly<Record<string, string>> = {
  '.com.cn': 'aws-cn',
  '.eu': 'aws-eusc',
  '-us-gov.com': 'aws-us-gov',
}

/**
 * The finding of an AWS credential with the regions and partitions that are named around it: a key
 * is known in its own partition only. Of a blob that comes in windows only the last one is at hand.
 */
export function withRegions(
  finding: Finding,
  { start, bytes }: Pick<SourceBlob, 'start' | 'bytes'>,
): Finding {
  if (finding.rule.provider !== 'aws') return finding
  const regions = new Set<string>()
  for (const { span } of finding.places.slice(0, finding.parts.length)) {
    if (span.start < start || span.end > start + bytes.length) continue
    const [from, to] = [
      Math.max(0, span.start - start - reach),
      Math.min(bytes.length, span.end - start + reach),
    ]
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
    for (const [name] of text.matchAll(region)) regions.add(name)
    for (const [, name, suffix] of text.matchAll(partition)) {
      const known = name ?? bySuffix[suffix ?? '']
      if (known !== undefined) regions.add(known)
    }
  }
  return regions.size === 0 ? finding : { ...finding, regions: [...regions].sort().slice(0, most) }
}

/** What is named near the one or near the other. */
export function regionsOf(one: Finding, other: Finding): Pick<Finding, 'regions'> {
  const all = [...new Set([...(one.regions ?? []), ...(other.regions ?? [])])]
  return all.length === 0 ? {} : { regions: all.sort().slice(0, most) }
}
