/** Converts the findings of a history into the edits that remove them, grouped by object. */
import type { Finding } from '../../model/model.ts'
import { mergeRanges, type SecretRange } from './replacement.ts'

/** Edits by object id. */
export interface Edits {
  /** Secrets in blobs. */
  readonly blobs: ReadonlyMap<string, readonly SecretRange[]>
  /** Archives with a secret in a member. Nothing can be replaced inside: the whole blob goes. */
  readonly whole: ReadonlySet<string>
  /** Secrets in commits and tags: in messages, names and addresses. */
  readonly messages: ReadonlyMap<string, readonly SecretRange[]>
  /** Secrets in file names, by tree. */
  readonly names: ReadonlyMap<string, readonly SecretRange[]>
}

/** Collects the places of all findings that are in git objects. */
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
      if (origin.member !== undefined) {
        whole.add(object)
        continue
      }
      const group = origin.inName ? names : origin.kind === 'message' ? messages : blobs
      listAt(group, object).push({
        start: span.start,
        end: span.end,
        encoded: span.end - span.start !== lengths.get(role),
      })
    }
  }
  for (const id of whole) blobs.delete(id)
  return { blobs: merged(blobs), whole, messages: merged(messages), names: merged(names) }
}

/** True when there is nothing to change. */
export function hasNoEdits({ blobs, whole, messages, names }: Edits): boolean {
  return blobs.size + whole.size + messages.size + names.size === 0
}

function listAt(map: Map<string, SecretRange[]>, key: string): SecretRange[] {
  const list = map.get(key) ?? []
  map.set(key, list)
  return list
}

function merged(
  map: ReadonlyMap<string, readonly SecretRange[]>,
): ReadonlyMap<string, readonly SecretRange[]> {
  return new Map(Array.from(map, ([id, ranges]) => [id, mergeRanges(ranges)]))
}
