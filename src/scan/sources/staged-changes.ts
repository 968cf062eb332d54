/** Differences between the index and HEAD; shared with the fast path of the commit hook. */
import { type RawChange, parseRawDiff, RawDiffParser } from '../../git/commands/diff-raw.ts'
import type { Origin } from '../../model/model.ts'
import { fileTypeOf } from '../env-files/file-names.ts'
import { ChangeList, collectChanges } from './changes.ts'

/** Returns the arguments with which git compares the index with a commit or tree. */
export function diffIndexArgs(base: string): readonly string[] {
  return [
    'diff-index',
    '--cached',
    '--ita-invisible-in-index',
    '--raw',
    '-z',
    '-M',
    '--no-abbrev',
    '--no-ext-diff',
    '--no-textconv',
    base,
  ]
}

/** Reads the output of `git diff-index` as it arrives. */
export function readStagedChanges(
  output: AsyncIterable<Buffer>,
): ReturnType<typeof collectChanges> {
  return collectChanges(parseRawDiff(output), originOf)
}

/** Parses the whole output of `git diff-index`. */
export function parseStagedChanges(output: Buffer): ChangeList {
  const list = new ChangeList(originOf)
  for (const change of new RawDiffParser().take(output)) list.add(change)
  return list
}

function originOf({ path, id, oldIds: replaces }: RawChange): Origin {
  const file = fileTypeOf(path.text)
  const state = file?.family === 'template' ? 'template' : 'staged'
  return { kind: 'index', path, object: id, replaces, ...(file !== undefined && { state }) }
}
