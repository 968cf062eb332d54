/** Findings of a history → what is to be changed in which object. */
import type { Finding } from '../../model/model.ts'
import { mergeRanges, type SecretRange } from './replacement.ts'

/** What has to change, by the names of objects. */
export interface Edits {
  /** Where secrets stand in blobs. */
  readonly blobs: ReadonlyMap<string, readonly SecretRange[]>
  /** Blobs that are archives with a secret in a member: nothing less than the whole file can go. */
  readonly whole: ReadonlySet<string>
  /** Where they stand in commits and tags: messages, names, addresses. */
  readonly messages: ReadonlyMap<string, readonly SecretRange[]>
  /** Where they stand in names of files: trees. */
  readonly names: ReadonlyMap<string, readonly SecretRange[]>
}

/** The places of all findings, by object. */
export function editsOf(findings: readonly Finding[]): Edits {
  const blobs = new Map<string, SecretRange[]>()
  const messages = new Map<string, SecretRange[]>()
  const names = new Map<string, SecretRange[]>()
  const whole = new Set<string>()
  for (const { places, parts } of findings) {
    const lengths = new Map(parts.map(({ role, secret }) => [role, secret.reveal().length]))
    for (const { origin, span, role } of places) {
      const { object } = origin
      if (object === undefined) continue
      const stretch = {
        start: span.start,
        end: span.end,
        encoded: span.end - span.start !== lengths.get(role),
      }
      if (origin.member !== undefined) whole.add(object)
      else
        listIn(origin.inName ? names : origin.kind === 'message' ? messages : blobs, object).push(
          stretch,
        )
    }
  }
  for (const id of whole) blobs.delete(id)
  return { blobs: tidied(blobs), whole, messages: tidied(messages), names: tidied(names) }
}

/** Is there nothing to change? */
export function hasNoEdits({ blobs, whole, messages, names }: Edits): boolean {
  return blobs.size + whole.size + messages.size + names.size === 0
}

function listIn(map: Map<string, SecretRange[]>, key: string): SecretRange[] {
  const known = map.get(key) ?? []
  map.set(key, known)
  return known
}

function tidied(
  map: ReadonlyMap<string, readonly SecretRange[]>,
): ReadonlyMap<string, readonly SecretRange[]> {
  return new Map(Array.from(map, ([id, stretches]) => [id, mergeRanges(stretches)]))
}
