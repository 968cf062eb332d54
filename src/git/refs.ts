import { type GitCall, readGit } from './run.ts'

/** A ref and the objects its name stands for: what it points at and, for tags, what that is a tag of in the end. */
export interface Ref {
  readonly name: string
  readonly ids: readonly string[]
}

/** What `git show-ref` exits with where there are none. */
const NO_REFS = 1

/** All refs, and HEAD where it leads to something. `git show-ref --head --dereference`: `41a1…e7 refs/tags/v1` and, for the end of a tag, `77c0…12 refs/tags/v1^{}`. */
export async function listRefs(call: GitCall): Promise<readonly Ref[]> {
  const lines = await readGit({ ...call, args: ['show-ref', '--head', '--dereference'], mayExit: [NO_REFS] })
  const refs = new Map<string, string[]>()
  for (const line of lines.toString('utf8').split('\n')) {
    const name = line.slice(line.indexOf(' ') + 1).replace(/\^\{\}$/, '')
    if (name !== '') refs.set(name, [...(refs.get(name) ?? []), line.slice(0, line.indexOf(' '))])
  }
  return [...refs].map(([name, ids]) => ({ name, ids }))
}
