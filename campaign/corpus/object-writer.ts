/** Collects objects of any content, also such as git would not write, and packs them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { nameOf, type Packed, writePack } from '../../test/support/pack-writer.ts'

export interface TreeEntry {
  readonly mode: string
  readonly name: string | Buffer
  readonly oid: string
}

export class ObjectWriter {
  readonly #objects = new Map<string, Packed>()

  add(kind: 'commit' | 'tree' | 'blob' | 'tag', content: string | Buffer): string {
    const bytes = Buffer.from(content)
    const oid = nameOf(bytes, kind)
    this.#objects.set(oid, { content: bytes, kind })
    return oid
  }

  blob(content: string | Buffer): string {
    return this.add('blob', content)
  }

  /** Entries stay in the given order. */
  tree(entries: readonly TreeEntry[]): string {
    const rows = entries.map(({ mode, name, oid }) =>
      Buffer.concat([
        Buffer.from(`${mode} `),
        Buffer.from(name),
        Buffer.of(0),
        Buffer.from(oid, 'hex'),
      ]),
    )
    return this.add('tree', Buffer.concat(rows))
  }

  commit(
    tree: string,
    {
      parents = [],
      author = 'Ada Author <ada@example.com>',
      message = 'Change\n',
    }: CommitParts = {},
  ): string {
    const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`)]
    for (const role of ['author', 'committer']) lines.push(`${role} ${author} 1704067200 +0000`)
    return this.add(
      'commit',
      Buffer.concat([Buffer.from(`${lines.join('\n')}\n\n`), Buffer.from(message)]),
    )
  }

  /** Writes everything into one pack of a git directory, and its branch `main`. */
  finish(gitDirectory: string, head: string): void {
    writePack(join(gitDirectory, 'objects'), [...this.#objects.values()])
    const ref = join(gitDirectory, 'refs/heads/main')
    mkdirSync(dirname(ref), { recursive: true })
    writeFileSync(ref, `${head}\n`)
  }
}

interface CommitParts {
  readonly parents?: readonly string[]
  readonly author?: string
  readonly message?: string | Buffer
}
