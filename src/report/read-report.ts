/** A report that Oakum wrote, as far as it says where a finding is: JSON, or a finding a line. */

/** Where a part of a finding stood. */
interface ReportedOrigin {
  readonly path?: { readonly text: string; readonly bytes?: Uint8Array }
  /** Name of the object, where it was in one. */
  readonly object?: string
}

/** What is needed to find it again. */
export interface ReportedFinding {
  readonly fingerprint: string
  /** Its parts as they are shown: `id AKIA…7Q2X`. */
  readonly parts: readonly string[]
  readonly origins: readonly ReportedOrigin[]
}

type Fields = Readonly<Record<string, unknown>>

/** The findings of a report; undefined for what is none. */
export function readReport(text: string): readonly ReportedFinding[] | undefined {
  const whole = parsed(text)
  const findings =
    whole === undefined || 'fingerprint' in whole || ('receipt' in whole && !('findings' in whole))
      ? lines(text)
      : whole['findings']
  if (!Array.isArray(findings)) return undefined
  const read = findings.map(findingOf)
  const known = read.flatMap((finding) => finding ?? [])
  return known.length === read.length ? known : undefined
}

/** The last line has the receipt. */
function lines(text: string): readonly unknown[] | undefined {
  const values = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parsed)
  return values.length > 0 && values.every((value) => value !== undefined)
    ? values.filter((value) => !('receipt' in value))
    : undefined
}

function findingOf(value: unknown): ReportedFinding | undefined {
  if (!isMapping(value)) return undefined
  const { fingerprint, parts, origins } = value
  if (
    typeof fingerprint !== 'string' ||
    !/^oak1-[0-9a-f]{32}$/.test(fingerprint) ||
    !Array.isArray(parts) ||
    !Array.isArray(origins)
  )
    return undefined
  return {
    fingerprint,
    parts: parts.map((part: unknown) =>
      isMapping(part) ? `${String(part['role'])} ${String(part['redacted'])}` : '',
    ),
    origins: origins.flatMap((origin: unknown) => (isMapping(origin) ? [originOf(origin)] : [])),
  }
}

function originOf({ path, pathBytes, blob }: Fields): ReportedOrigin {
  const bytes = typeof pathBytes === 'string' ? Buffer.from(pathBytes, 'base64') : undefined
  return {
    ...(typeof path === 'string' && { path: { text: path, ...(bytes && { bytes }) } }),
    ...(typeof blob === 'string' &&
      /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(blob) && { object: blob }),
  }
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isMapping(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isMapping(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
