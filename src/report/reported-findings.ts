/**
 * Reads the findings of a `json` or `jsonl` report, as far as `oakum verify` needs them. Unknown
 * fields are ignored, so reports of other versions can be read.
 */
import { isJsonObject, type JsonObject, parseJsonObject, reportedPath } from '../model/json.ts'
import type { RepoPath } from '../model/model.ts'

/** An origin of a finding in a report. */
interface ReportedOrigin {
  readonly path?: RepoPath
  /** The id of the git object, if the secret was found in one. */
  readonly object?: string
}

/** A finding of a report, with what is needed to find it again. */
export interface ReportedFinding {
  readonly fingerprint: string
  /** The redacted parts: `id AKIA…7Q2X`. */
  readonly parts: readonly string[]
  readonly origins: readonly ReportedOrigin[]
}

/** Reads the findings of a report. Undefined if the text is not a report of Oakum. */
export function readReportedFindings(text: string): readonly ReportedFinding[] | undefined {
  const report = parseJsonObject(text)
  const isJsonLines =
    report === undefined ||
    'fingerprint' in report ||
    ('receipt' in report && !('findings' in report))
  const findings = isJsonLines ? findingLines(text) : report['findings']
  if (!Array.isArray(findings)) return undefined
  const read = findings.map(readFinding)
  const valid = read.flatMap((finding) => finding ?? [])
  return valid.length === read.length ? valid : undefined
}

/** The findings of a `jsonl` report, which are all lines but the last one with the receipt. */
function findingLines(text: string): readonly JsonObject[] | undefined {
  const values = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseJsonObject)
  const objects = values.filter((value) => value !== undefined)
  return values.length > 0 && objects.length === values.length
    ? objects.filter((object) => !('receipt' in object))
    : undefined
}

function readFinding(value: unknown): ReportedFinding | undefined {
  if (!isJsonObject(value)) return undefined
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
      isJsonObject(part) ? `${String(part['role'])} ${String(part['redacted'])}` : '',
    ),
    origins: origins.flatMap((origin: unknown) =>
      isJsonObject(origin) ? [readOrigin(origin)] : [],
    ),
  }
}

function readOrigin({ path, pathBytes, blob }: JsonObject): ReportedOrigin {
  const bytes = typeof pathBytes === 'string' ? pathBytes : undefined
  const isObjectId = typeof blob === 'string' && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(blob)
  return {
    ...(typeof path === 'string' && { path: reportedPath(path, bytes) }),
    ...(isObjectId && { object: blob }),
  }
}
