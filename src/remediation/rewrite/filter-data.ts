/** Edits → what the filter is told, with the new blobs in the store already. */
import type { GitPlace } from '../../git/commands/run.ts'
import type { Edits } from './edits.ts'
import type { FilterData, ReplacementPairs } from './filter-callbacks.ts'
import { blobId, wholeObjects, writeBlobs } from './objects.ts'
import {
  mergeRanges,
  REMOVED_NAME,
  replacementOf,
  type SecretRange,
  replaceRanges,
} from './replacement.ts'

/** Reads each object once, writes the blobs anew, and says what takes whose place. */
export async function prepareFilterData(
  place: GitPlace,
  edits: Edits,
  removePaths: readonly string[],
  signal: AbortSignal,
): Promise<FilterData> {
  const blobs: Record<string, string | null> = Object.fromEntries(
    Array.from(edits.whole, (id) => [id, null]),
  )
  const rewritten = async function* (): AsyncGenerator<Uint8Array> {
    for await (const { id, bytes } of wholeObjects(place, [...edits.blobs.keys()], signal)) {
      const fresh = replaceRanges(bytes, edits.blobs.get(id) ?? [])
      blobs[id] = blobId(fresh)
      yield fresh
    }
  }
  await writeBlobs(place, rewritten(), signal)

  const texts: Record<string, ReplacementPairs> = {}
  for await (const { id, bytes } of wholeObjects(place, [...edits.messages.keys()], signal)) {
    texts[id] = longestFirst(
      pairsIn(bytes, edits.messages.get(id) ?? [], (secret, encoded) =>
        replacementOf(secret, { isBinary: false, encoded }),
      ),
    )
  }
  const names: (readonly [string, string])[] = []
  for await (const { id, bytes } of wholeObjects(place, [...edits.names.keys()], signal)) {
    names.push(...pairsIn(bytes, edits.names.get(id) ?? [], () => Buffer.from(REMOVED_NAME)))
  }
  return {
    blobs,
    texts,
    names: longestFirst(names),
    paths: removePaths.map((path) => Buffer.from(path).toString('hex')),
  }
}

function pairsIn(
  bytes: Buffer,
  stretches: readonly SecretRange[],
  fresh: (secret: Buffer, encoded: boolean) => Buffer,
): ReplacementPairs {
  return mergeRanges(stretches).map(({ start, end, encoded }) => {
    const secret = bytes.subarray(start, end)
    return [secret.toString('hex'), fresh(secret, encoded).toString('hex')]
  })
}

/** A secret may stand within a longer one. */
function longestFirst(pairs: ReplacementPairs): ReplacementPairs {
  return Array.from(new Map(pairs), ([old, fresh]) => [old, fresh] as const).toSorted(
    ([a], [b]) => b.length - a.length,
  )
}
