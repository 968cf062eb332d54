import { type GitCall, readGit } from './run.ts'

/**
 * A ref and the objects its name stands for: what it points at and, for tags, what that is a tag of
 * in the end.
 */
export interface Ref {
  readonly name: string
  readonly ids: readonly string[]
}

/** What `git show-ref` exits with where there are none. */
const NO_REFS = 1

/** A line of HEAD's own is no longer. */
const MAX_HEAD = 80

/** Behind the name of a tag, where it is the end of what that leads to. */
const END = '^{}'

/** All refs, and HEAD where it leads to something. */
export async function listRefs(call: GitCall): Promise<Refs> {
  return new Refs(
    await readGit({
      ...call,
      args: ['show-ref', '--head', '--dereference'],
      allowedExitCodes: [NO_REFS],
    }),
  )
}

/**
 * Refs as git lists them, which most scans need not take apart: `41a1…e7 refs/tags/v1\n` and, for
 * the end of a tag, `77c0…12 refs/tags/v1^{}\n`.
 */
export class Refs {
  readonly output: Buffer
  #all: readonly Ref[] | undefined

  constructor(said: Buffer) {
    this.output = said
  }

  /** The commit that is checked out: HEAD is listed first. */
  get head(): string | undefined {
    return /^([0-9a-f]+) HEAD\n/.exec(this.output.toString('latin1', 0, MAX_HEAD))?.[1]
  }

  /** Names of the objects they point at. */
  targetIds(): readonly string[] {
    const text = this.output.toString('latin1')
    const ids: string[] = []
    for (
      let from = 0, end = text.indexOf('\n');
      end >= 0;
      from = end + 1, end = text.indexOf('\n', from)
    ) {
      if (!text.startsWith(END, end - END.length))
        ids.push(text.slice(from, text.indexOf(' ', from)))
    }
    return ids
  }

  all(): readonly Ref[] {
    this.#all ??= refsOf(this.output.toString('utf8').split('\n'))
    return this.#all
  }
}

function refsOf(lines: readonly string[]): readonly Ref[] {
  const refs: { readonly name: string; readonly ids: string[] }[] = []
  for (const line of lines) {
    const cut = line.indexOf(' ')
    const id = line.slice(0, cut)
    if (line.endsWith(END)) refs.at(-1)?.ids.push(id)
    else if (cut > 0) refs.push({ name: line.slice(cut + 1), ids: [id] })
  }
  return refs
}
