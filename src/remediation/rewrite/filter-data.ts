/** Prepares the input of the git filter-repo callbacks, and writes the new blobs to the store. */
import type { GitContext } from '../../git/commands/run.ts'
import type { Edits } from './edits.ts'
import type { FilterData, ReplacementPairs } from './filter-callbacks.ts'
import { blobId, wholeObjects, writeBlobs } from './objects.ts'
import {
  mergeRanges,
  REMOVED_NAME,
  replacementOf,
  replaceRanges,
  type SecretRange,
} from './replacement.ts'

/** Reads each edited object once, writes the new blobs and returns what replaces what. */
export async function prepareFilterData(
  place: GitContext,
  edits: Edits,
  removePaths: readonly string[],
  signal: AbortSignal,
): Promise<FilterData> {
  const texts: Record<string, ReplacementPairs> = {}
  const blobs = await writeNewBlobs(place, edits, signal)
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

/** Writes the edited blobs; returns old id → new id, or null for a blob that is removed whole. */
async function writeNewBlobs(
  place: GitContext,
  edits: Edits,
  signal: AbortSignal,
): Promise<FilterData['blobs']> {
  const newIds: Record<string, string | null> = Object.fromEntries(
    Array.from(edits.whole, (id) => [id, null]),
  )
  const newBlobs = async function* (): AsyncGenerator<Uint8Array> {
    for await (const { id, bytes } of wholeObjects(place, [...edits.blobs.keys()], signal)) {
      const newBytes = replaceRanges(bytes, edits.blobs.get(id) ?? [])
      newIds[id] = blobId(newBytes)
      yield newBytes
    }
  }
  await writeBlobs(place, newBlobs(), signal)
  return newIds
}

/** Pairs each secret in `ranges` of an object with its replacement, both in hexadecimal. */
function pairsIn(
  bytes: Buffer,
  ranges: readonly SecretRange[],
  replace: (secret: Buffer, encoded: boolean) => Buffer,
): ReplacementPairs {
  return mergeRanges(ranges).map(({ start, end, encoded }) => {
    const secret = bytes.subarray(start, end)
    return [secret.toString('hex'), replace(secret, encoded).toString('hex')]
  })
}

/** Sorts pairs by length, since a secret may be part of a longer one, and drops duplicates. */
function longestFirst(pairs: ReplacementPairs): ReplacementPairs {
  return Array.from(new Map(pairs), ([oldHex, newHex]) => [oldHex, newHex] as const).toSorted(
    ([a], [b]) => b.length - a.length,
  )
}
