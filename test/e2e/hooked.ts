/** Repositories whose hooks run the built program. */
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, runOf } from '../support/oakum.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'

/** What git and a hook came to. `said` is what the hook wrote, undefined where it did not run. */
export interface HookedRun {
  readonly code: number | null
  readonly said: string | undefined
  readonly git: string
}

/** A repository with hooks, each as git would find it after an installation by hand. */
export class Hooked {
  readonly repo: Repo
  readonly #out = join(temporaryFolder(), 'said')

  constructor(repo: Repo, ...names: readonly string[]) {
    this.repo = repo
    for (const name of names) {
      const path = repo.git('rev-parse', '--git-path', `hooks/${name}`)
      const place = path.startsWith('/') ? path : join(repo.path, path)
      new Repo('/').write(
        place.slice(1),
        `#!/bin/sh\n'${process.execPath}' '${bin}' hook ${name} "$@" 2> '${this.#out}'\ncode=$?\ncat '${this.#out}' >&2\nexit $code\n`,
      )
      chmodSync(place, 0o755)
    }
  }

  /**
   * Runs git in this repository, or in another that pushes to it; every byte that is said is
   * searched for planted secrets.
   */
  run(args: readonly string[], by: Repo = this.repo): HookedRun {
    if (existsSync(this.#out)) new Repo('/').remove(this.#out.slice(1))
    const { code, stderr } = by.tryGit(args)
    const said = existsSync(this.#out) ? readFileSync(this.#out, 'utf8') : undefined
    runOf(code, said ?? '', stderr)
    return { code, said, git: stderr }
  }
}
