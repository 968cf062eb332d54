/** Collects the AWS regions and partitions named near a credential, for verification. */
import type { Finding, SourceBlob, UnnamedFinding } from '../../model/model.ts'

/** Bytes read on each side of a credential: settings name the region within some lines. */
const CONTEXT_BYTES = 2048
const MAX_REGIONS = 32

/** `us-gov-west-1`, `cn-north-1`, `eusc-de-east-1`, `eu-west-1` */
const regionName = new RegExp(
  [
    String.raw`(?<![\w-])(?:us-gov|eusc-[a-z]{2}|us|eu|ap|sa|ca|me|af|il|mx|cn)-(?:north`,
    String.raw`|south|east|west|central|northeast|northwest|southeast|southwest)-\d(?!\d)`,
  ].join(''),
  'g',
)

/**
 * Names that occur in only one partition: `arn:aws-us-gov:`, `.amazonaws.com.cn`, `.amazonaws.eu`,
 * `console.amazonaws-us-gov.com`.
 */
const partitionHint = /arn:(aws(?:-us-gov|-cn|-eusc)?):|amazonaws(\.com\.cn|\.eu|-us-gov\.com)/g

const partitionBySuffix: Readonly<Record<string, string>> = {
  '.com.cn': 'aws-cn',
  '.eu': 'aws-eusc',
  '-us-gov.com': 'aws-us-gov',
}

/**
 * Adds to the finding of an AWS credential the regions and partitions named around it, as a key is
 * valid in one partition only. Of a blob that is scanned in windows only the last window is
 * available.
 */
export function addRegions(
  finding: UnnamedFinding,
  { start, bytes }: Pick<SourceBlob, 'start' | 'bytes'>,
): UnnamedFinding {
  if (finding.rule.provider !== 'aws') return finding
  const regions = new Set<string>()
  for (const { span } of finding.places.slice(0, finding.parts.length)) {
    if (span.start < start || span.end > start + bytes.length) continue
    const [from, to] = [
      Math.max(0, span.start - start - CONTEXT_BYTES),
      Math.min(bytes.length, span.end - start + CONTEXT_BYTES),
    ]
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
    for (const [name] of text.matchAll(regionName)) regions.add(name)
    for (const [, name, suffix] of text.matchAll(partitionHint)) {
      const partition = name ?? partitionBySuffix[suffix ?? '']
      if (partition !== undefined) regions.add(partition)
    }
  }
  return regions.size === 0
    ? finding
    : { ...finding, regions: [...regions].sort().slice(0, MAX_REGIONS) }
}

/** Merges the regions of two findings. */
export function mergeRegions(a: Finding, b: Finding): Pick<Finding, 'regions'> {
  const all = [...new Set([...(a.regions ?? []), ...(b.regions ?? [])])]
  return all.length === 0 ? {} : { regions: all.sort().slice(0, MAX_REGIONS) }
}
