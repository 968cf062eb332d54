/** The foreign git directories of the folders that `--corpus` names. */
import { join, relative, resolve, sep } from 'node:path'
import { findGitDirectories } from './find.ts'
import { unpack } from './unpack.ts'

/** Archives in the folders are unpacked into `temporary`. Sorted, so that seeds repeat. */
export function foreignDirectories(
  folders: readonly string[],
  temporary: string,
): readonly string[] {
  return folders.flatMap((name, index) => {
    const folder = resolve(name)
    const { gitDirectories, archives } = findGitDirectories(folder)
    const unpacked = join(temporary, String(index))
    const fromArchives = archives.flatMap((archive) => {
      const into = join(unpacked, relative(folder, archive).replaceAll(sep, '~'))
      // What was unpacked of a broken archive is worth a try, too.
      unpack(archive, into)
      return findGitDirectories(into).gitDirectories
    })
    return [...gitDirectories, ...fromArchives]
  })
}
