import { join } from 'node:path'
import type { LooseFile } from './loose-object.ts'
import { namesIn } from './store.ts'

/** The loose objects of folders, each as often as it is there. */
export function listLoose(folders: readonly string[], idBytes: number): readonly LooseFile[] {
  const rest = new RegExp(`^[0-9a-f]{${2 * idBytes - 2}}$`)
  const loose: LooseFile[] = []
  for (const folder of folders) {
    for (const start of namesIn(folder)) {
      if (!/^[0-9a-f]{2}$/.test(start)) continue
      for (const name of namesIn(join(folder, start))) if (rest.test(name)) loose.push({ id: start + name, folder })
    }
  }
  return loose
}
