/** Findings of a history → what is to be changed in which object. */
import type { Finding } from '../../model/model.ts'
import { joined, type Stretch } from './replacement.ts'

/** What has to change, by the names of objects. */
export interface Edits {
  /** Where secrets stand in blobs. */
  readonly blobs: ReadonlyMap<string, readonly Stretch[]>
  /** Blobs that are archives with a secret in a member: nothing less than the whole file can go. */
  readonly whole: ReadonlySet<string>
  /** Where they stand in commits and tags: messages, names, addresses. */
  readonly messages: ReadonlyMap<string, readonly Stretch[]>
  /** Where they stand in names of files: trees. */
  readonly names: ReadonlyMap<string, readonly Stretch[]>
}

/** The places of all findings, by object. */
export function editsOf(findings: readonly Finding[]): Edits {
  const blobs = new Map<string, Stretch[]>()
  const messages = new Map<string, Stretch[]>()
  const names = new Map<string, Stretch[]>()
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
export function isEmpty({ blobs, whole, messages, names }: Edits): boolean {
  return blobs.size + whole.size + messages.size + names.size === 0
}

function listIn(map: Map<string, Stretch[]>, key: string): Stretch[] {
  const known = map.get(key) ?? []
  map.set(key, known)
  return known
}

function tidied(
  map: ReadonlyMap<string, readonly Stretch[]>,
): ReadonlyMap<string, readonly Stretch[]> {
  return new Map(Array.from(map, ([id, stretches]) => [id, joined(stretches)]))
}
