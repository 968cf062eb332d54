/** Lists refs and the objects that they point at. */
import { type GitCall, readGit } from './run.ts'

/**
 * A ref and the ids of its objects: the object that it points at and, for an annotated tag, the
 * object at the end of its chain of tags.
 */
export interface Ref {
  readonly name: string
  readonly ids: readonly string[]
}

/** The exit code of `git show-ref` in a repository without refs. */
const NO_REFS = 1

/** The most characters of the line of HEAD in the output of `git show-ref --head`. */
const MAX_HEAD_LINE = 80

/** Follows the name of a tag in the line of the object at the end of the tag's chain. */
const PEELED = '^{}'

/** Lists all refs, and HEAD when it points at a commit. */
export async function listRefs(call: GitCall): Promise<Refs> {
  const args = ['show-ref', '--head', '--dereference']
  return new Refs(await readGit({ ...call, args, allowedExitCodes: [NO_REFS] }))
}

/**
 * Refs as `git show-ref` prints them, parsed only when they are used: `41a1…e7 refs/tags/v1\n`
 * and, for the object at the end of a chain of tags, `77c0…12 refs/tags/v1^{}\n`.
 */
export class Refs {
  readonly output: Buffer
  #all: readonly Ref[] | undefined

  constructor(output: Buffer) {
    this.output = output
  }

  /** The id of the commit that is checked out. Git lists HEAD first. */
  get head(): string | undefined {
    return /^([0-9a-f]+) HEAD\n/.exec(this.output.toString('latin1', 0, MAX_HEAD_LINE))?.[1]
  }

  /** Returns the ids of the objects that refs point at directly. */
  targetIds(): readonly string[] {
    const text = this.output.toString('latin1')
    const ids: string[] = []
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      if (!text.startsWith(PEELED, end - PEELED.length))
        ids.push(text.slice(from, text.indexOf(' ', from)))
      from = end + 1
    }
    return ids
  }

  all(): readonly Ref[] {
    this.#all ??= parseRefs(this.output.toString('utf8').split('\n'))
    return this.#all
  }
}

function parseRefs(lines: readonly string[]): readonly Ref[] {
  const refs: { readonly name: string; readonly ids: string[] }[] = []
  for (const line of lines) {
    const space = line.indexOf(' ')
    const id = line.slice(0, space)
    if (line.endsWith(PEELED)) refs.at(-1)?.ids.push(id)
    else if (space > 0) refs.push({ name: line.slice(space + 1), ids: [id] })
  }
  return refs
}
