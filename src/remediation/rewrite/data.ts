/** Edits → what the filter is told, with the new blobs in the store already. */
import type { GitContext } from '../../git/commands/run.ts'
import type { Edits } from './edits.ts'
import type { FilterData, Pairs } from './filter-callbacks.ts'
import { blobId, wholeObjects, writeBlobs } from './objects.ts'
import {
  joined,
  removedName,
  replacementOf,
  type Stretch,
  withoutStretches,
} from './replacement.ts'

/** Reads each object once, writes the blobs anew, and says what takes whose place. */
export async function prepare(
  place: GitContext,
  edits: Edits,
  removePaths: readonly string[],
  signal: AbortSignal,
): Promise<FilterData> {
  const blobs: Record<string, string | null> = Object.fromEntries(
    Array.from(edits.whole, (id) => [id, null]),
  )
  const rewritten = async function* (): AsyncGenerator<Uint8Array> {
    for await (const { id, bytes } of wholeObjects(place, [...edits.blobs.keys()], signal)) {
      const fresh = withoutStretches(bytes, edits.blobs.get(id) ?? [])
      blobs[id] = blobId(fresh)
      yield fresh
    }
  }
  await writeBlobs(place, rewritten(), signal)

  const texts: Record<string, Pairs> = {}
  for await (const { id, bytes } of wholeObjects(place, [...edits.messages.keys()], signal)) {
    texts[id] = longestFirst(
      pairsIn(bytes, edits.messages.get(id) ?? [], (secret, encoded) =>
        replacementOf(secret, { isBinary: false, encoded }),
      ),
    )
  }
  const names: (readonly [string, string])[] = []
  for await (const { id, bytes } of wholeObjects(place, [...edits.names.keys()], signal)) {
    names.push(...pairsIn(bytes, edits.names.get(id) ?? [], () => Buffer.from(removedName)))
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
  stretches: readonly Stretch[],
  fresh: (secret: Buffer, encoded: boolean) => Buffer,
): Pairs {
  return joined(stretches).map(({ start, end, encoded }) => {
    const secret = bytes.subarray(start, end)
    return [secret.toString('hex'), fresh(secret, encoded).toString('hex')]
  })
}

/** A secret may stand within a longer one. */
function longestFirst(pairs: Pairs): Pairs {
  return Array.from(new Map(pairs), ([old, fresh]) => [old, fresh] as const).toSorted(
    ([a], [b]) => b.length - a.length,
  )
}
