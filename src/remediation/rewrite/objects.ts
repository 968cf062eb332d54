/** Whole objects in, whole blobs out: what is changed is read and written through one git each. */
import { createHash } from 'node:crypto'
import { ScanError } from '../../model/errors.ts'
import { catFileReader } from '../../git/objects/cat-file-reader.ts'
import type { GitObject } from '../../git/objects/objects.ts'
import type { GitContext } from '../../git/commands/run.ts'
import { startGit } from '../../git/commands/run.ts'

/** A commit names its tree and parents; nothing of interest follows the blank line. */
const signature = /^(?:gpgsig|gpgsig-sha256) /m

/** Text that `git tag --sign` puts at the end of a message. */
const signedTag = /^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----$/m

/** Named objects, each whole. Throws a ScanError for one that cannot be read. */
export async function* wholeObjects(
  place: GitContext,
  ids: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<{ readonly id: string; readonly bytes: Buffer }> {
  let windows: { readonly start: number; readonly bytes: Buffer }[] = []
  for await (const batch of catFileReader(place, 1).readObjects(ids, signal)) {
    for (const item of batch) {
      if ('outcome' in item)
        throw new ScanError(
          `an object that was scanned cannot be read any more: ${item.object ?? item.detail ?? item.reason}`,
        )
      windows.push({ start: item.start, bytes: Buffer.from(item.bytes) })
      if (!item.last) continue
      yield { id: item.id, bytes: assembled(windows, item.size) }
      windows = []
    }
  }
}

/** Windows overlap. */
function assembled(
  windows: readonly { readonly start: number; readonly bytes: Buffer }[],
  size: number,
): Buffer {
  const whole = Buffer.alloc(size)
  for (const { start, bytes } of windows) bytes.copy(whole, start)
  return whole
}

/** The name git gives a blob. */
export function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** Stores blobs as they come; git takes one, then the next is made. */
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

/** `blob⏎data 12⏎hello world⏎⏎`. Without `done` at its end, git takes none of it. */
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

/** What commits and tags a store has. */
export interface ObjectCounts {
  readonly commits: number
  readonly merges: number
  readonly signedCommits: number
  readonly tags: number
  readonly signedTags: number
}

/** Counts the commits and annotated tags of a store in which nothing is unreachable. */
export async function countObjects(place: GitContext, signal: AbortSignal): Promise<ObjectCounts> {
  const counts = { commits: 0, merges: 0, signedCommits: 0, tags: 0, signedTags: 0 }
  for await (const batch of catFileReader(place, 1).readAll(signal, ['commit', 'tag'])) {
    for (const item of batch) {
      if ('outcome' in item)
        throw new ScanError(
          `an object cannot be read: ${item.object ?? item.detail ?? item.reason}`,
        )
      if (item.start === 0) count(item, counts)
    }
  }
  return counts
}

function count(
  { kind, bytes }: GitObject,
  counts: { -readonly [name in keyof ObjectCounts]: number },
): void {
  const text = Buffer.from(bytes).toString('latin1')
  const header = text.slice(0, text.indexOf('\n\n') + 1)
  if (kind === 'tag') {
    counts.tags += 1
    if (signedTag.test(text)) counts.signedTags += 1
    return
  }
  counts.commits += 1
  if ((header.match(/^parent /gm) ?? []).length > 1) counts.merges += 1
  if (signature.test(header)) counts.signedCommits += 1
}
