/** Reads whole objects, writes blobs, and counts commits and tags, each through one git process. */
import { createHash } from 'node:crypto'
import { ScanError } from '../../model/errors.ts'
import { catFileReader } from '../../git/objects/cat-file-reader.ts'
import { headerFields } from '../../git/objects/commit.ts'
import type { GitObject } from '../../git/objects/objects.ts'
import { type GitContext, startGit } from '../../git/commands/run.ts'

/** Header fields that hold the signature of a commit. */
const COMMIT_SIGNATURES = new Set(['gpgsig', 'gpgsig-sha256'])

/** First line of the signature that `git tag --sign` appends to a message. */
const TAG_SIGNATURE =
  /^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----$/m

interface ObjectWindow {
  readonly start: number
  readonly bytes: Buffer
}

/** Yields the named objects, each whole. Throws a ScanError for one that cannot be read. */
export async function* wholeObjects(
  place: GitContext,
  ids: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<{ readonly id: string; readonly bytes: Buffer }> {
  let windows: ObjectWindow[] = []
  for await (const batch of catFileReader(place, 1).readObjects(ids, signal)) {
    for (const item of batch) {
      if ('outcome' in item)
        throw new ScanError(
          `an object that was scanned cannot be read any more: ${item.object ?? item.detail ?? item.reason}`,
        )
      windows.push({ start: item.start, bytes: Buffer.from(item.bytes) })
      if (!item.last) continue
      yield { id: item.id, bytes: assemble(windows, item.size) }
      windows = []
    }
  }
}

/** Joins the windows of an object, which overlap. */
function assemble(windows: readonly ObjectWindow[], size: number): Buffer {
  const whole = Buffer.alloc(size)
  for (const { start, bytes } of windows) bytes.copy(whole, start)
  return whole
}

/** Returns the SHA-1 id that git gives a blob. */
export function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** Writes blobs to the store. The next blob is created only after git has taken the one before. */
export async function writeBlobs(
  place: GitContext,
  blobs: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const git = startGit({
    ...place,
    signal,
    args: ['-c', 'fastimport.unpackLimit=0', 'fast-import', '--quiet', '--done'],
    input: importStream(blobs),
  })
  for await (const _ of git.stdout) continue
  const failure = await git.failure
  if (failure !== undefined) throw new ScanError(`git fast-import failed: ${failure}`)
}

/** Yields `blob⏎data 12⏎hello world⏎⏎` for each blob. Without the final `done` git stores nothing. */
async function* importStream(
  blobs: AsyncIterable<Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  for await (const bytes of blobs) {
    yield `blob\ndata ${bytes.length}\n`
    yield bytes
    yield '\n'
  }
  yield 'done\n'
}

/** Numbers of commits and annotated tags in a store. */
export interface ObjectCounts {
  readonly commits: number
  readonly merges: number
  readonly signedCommits: number
  readonly tags: number
  readonly signedTags: number
}

/** Counts the commits and annotated tags of a store that has no unreachable objects. */
export async function countObjects(place: GitContext, signal: AbortSignal): Promise<ObjectCounts> {
  const counts = { commits: 0, merges: 0, signedCommits: 0, tags: 0, signedTags: 0 }
  for await (const batch of catFileReader(place, 1).readAll(signal, ['commit', 'tag'])) {
    for (const item of batch) {
      if ('outcome' in item)
        throw new ScanError(
          `an object cannot be read: ${item.object ?? item.detail ?? item.reason}`,
        )
      if (item.start === 0) countObject(item, counts)
    }
  }
  return counts
}

function countObject(
  { kind, bytes }: GitObject,
  counts: { -readonly [name in keyof ObjectCounts]: number },
): void {
  if (kind === 'tag') {
    counts.tags += 1
    if (TAG_SIGNATURE.test(Buffer.from(bytes).toString('latin1'))) counts.signedTags += 1
    return
  }
  const fieldNames = Array.from(headerFields(bytes), ({ name }) => name)
  counts.commits += 1
  if (fieldNames.filter((name) => name === 'parent').length > 1) counts.merges += 1
  if (fieldNames.some((name) => COMMIT_SIGNATURES.has(name))) counts.signedCommits += 1
}
