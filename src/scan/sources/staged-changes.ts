import { fileTypeOf } from '../env-files/file-names.ts'
import { type RawChange, parseRawDiff, RawDiffParser } from '../../git/commands/diff-raw.ts'
import type { Origin } from '../../model/model.ts'
import { ChangeList, collectChanges } from './changes.ts'

/** Asks git how the index differs from a commit or tree. */
export function diffIndex(base: string): readonly string[] {
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

/** What git answers, as it comes: the blobs and names of the index that are new. */
export function stagedChanges(answer: AsyncIterable<Buffer>): ReturnType<typeof collectChanges> {
  return collectChanges(parseRawDiff(answer), originOf)
}

/** The same of a whole answer. */
export function stagedIn(answer: Buffer): ChangeList {
  const list = new ChangeList(originOf)
  for (const change of new RawDiffParser().take(answer)) list.add(change)
  return list
}

function originOf(change: RawChange): Origin {
  const file = fileTypeOf(change.path.text)
  const known: Pick<Origin, 'state'> =
    file === undefined ? {} : { state: file.family === 'template' ? 'template' : 'staged' }
  return {
    kind: 'index',
    path: change.path,
    object: change.id,
    replaces: change.oldIds,
    ...known,
  }
}
