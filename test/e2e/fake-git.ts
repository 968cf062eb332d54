/** A `git` that goes before the real one on PATH. */
import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isolatedEnv, temporaryFolder } from '../support/repo.ts'

const realGit = spawnSync('sh', ['-c', 'command -v git'], {
  env: isolatedEnv,
  encoding: 'utf8',
}).stdout.trim()

/** Environment in which `git` is this sh script; in it `"$real"` is the real git. */
export function fakeGit(script: string): { readonly PATH: string } {
  const folder = temporaryFolder()
  const path = join(folder, 'git')
  writeFileSync(path, `#!/bin/sh\nreal='${realGit}'\n${script}\n`)
  chmodSync(path, 0o755)
  return { PATH: `${folder}:${isolatedEnv['PATH'] ?? ''}` }
}

/** As the real git, but where contents of objects are streamed `script` runs instead. */
export function fakeObjectStream(script: string): { readonly PATH: string } {
  return fakeGit(`case " $* " in
*' cat-file '*--batch-check*) ;;
*' cat-file '*--batch*) ${script} ;;
esac
exec "$real" "$@"`)
}
