/** Builds the campaign's own repositories with git. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { authorEnvironment } from '../run/environment.ts'
import { pairOf, pairText } from '../run/secrets.ts'
import type { Planted } from '../trial.ts'

export class Builder {
  readonly path: string
  readonly planted: Planted[]
  readonly #seeds: { next: number }

  /** `seed` starts the secrets of this repository. */
  constructor(path: string, seed: number, planted: Planted[] = []) {
    this.path = path
    this.#seeds = { next: seed }
    this.planted = planted
    mkdirSync(path, { recursive: true })
  }

  /** Runs git in the repository; throws when git fails. */
  git(args: readonly string[], input: Buffer | string = ''): string {
    const { status, stdout, stderr } = spawnSync('git', args, {
      cwd: this.path,
      env: authorEnvironment(this.path),
      input,
      timeout: 120_000,
      maxBuffer: 2 ** 30,
    })
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.toString()}`)
    return stdout.toString().trim()
  }

  init(...options: readonly string[]): this {
    this.git(['init', '-q', '-b', 'main', ...options])
    for (const [key, value] of [
      ['gc.auto', '0'],
      ['maintenance.auto', 'false'],
      ['uploadpack.allowFilter', 'true'],
    ])
      this.git(['config', key ?? '', value ?? ''])
    return this
  }

  write(path: string, content: string | Buffer): this {
    mkdirSync(dirname(join(this.path, path)), { recursive: true })
    writeFileSync(join(this.path, path), content)
    return this
  }

  commit(message: string, files: Readonly<Record<string, string | Buffer>> = {}): this {
    for (const [path, content] of Object.entries(files)) this.write(path, content)
    this.git(['add', '-A'])
    this.git(['commit', '-q', '--allow-empty', '-m', message])
    return this
  }

  /** Commits a file with a new pair, or writes an object that no ref reaches. */
  plant(path: string | undefined): this {
    const pair = pairOf(this.#seeds.next++)
    const text = pairText(pair)
    const blob = this.git(['hash-object', '-w', '--stdin'], text)
    this.planted.push({ ...pair, blob })
    return path === undefined ? this : this.commit(`Add ${path}`, { [path]: text })
  }

  /** Some commits to a few files, with deltas for a pack. */
  grow(count: number): this {
    const lines = Array.from({ length: 200 }, (_, n) => `option${n} = ${n * n}\n`)
    for (let n = 0; n < count; n += 1) {
      lines[(n * 17) % 200] = `option${n} = changed ${n}\n`
      this.commit(`Change ${n}`, {
        'settings.ini': lines.join(''),
        [`src/${n % 5}/file.txt`]: `Text ${n}\n`.repeat(20),
      })
    }
    return this
  }
}
