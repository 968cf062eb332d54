import type { Refs } from '../commands/refs.ts'
import { type GitCall, readGit } from '../commands/run.ts'
import type { Repository } from '../commands/repository.ts'

/** Which of some objects the tree of a commit holds. */
export interface HeadHeld {
  readonly commit: string
  readonly asked: readonly string[]
  readonly held: readonly string[]
}

/**
 * Asks which objects the tree of HEAD holds, its own name too where `top`; undefined before the
 * first commit, and where git cannot read all of it.
 */
export type AskHead = (objects: ReadonlySet<string>, top: boolean) => Promise<HeadHeld | undefined>

/** `100644` */
const MODE_LENGTH = 6

/**
 * Lists what HEAD holds while it is not known yet what will be asked, unless it was asked about the
 * same commit before.
 */
export function askHead(
  call: GitCall & Pick<Repository, 'idLength'>,
  refs: Promise<Refs>,
  known: HeadHeld | undefined,
): AskHead {
  const ahead = refs.then(({ head: commit }) => {
    return commit === undefined
      ? undefined
      : { commit, list: commit === known?.commit ? undefined : listTree(call, commit) }
  })
  // Who needs an answer hears of what went wrong; it may be that nobody does.
  ahead.catch(() => {})
  return async (objects, top) => {
    const head = await ahead
    if (head === undefined) return undefined
    const { commit, list } = head
    const asked = [...objects]
    if (!top && list === undefined && known !== undefined) {
      const before = new Set(known.asked)
      const held = new Set(known.held)
      if (asked.every((id) => before.has(id)))
        return { commit, asked, held: asked.filter((id) => held.has(id)) }
    }
    // The tree at the top is not in its own list; names at the top are in it.
    const own = top
      ? (
          await readGit({
            ...call,
            args: ['rev-parse', '--verify', '--quiet', `${commit}^{tree}`],
          }).catch(() => '')
        )
          .toString()
          .trim()
      : ''
    const listed = await (list ?? listTree(call, commit))
    return (
      listed && {
        commit,
        asked,
        held: [...objectsIn(listed, objects, call.idLength), ...(objects.has(own) ? [own] : [])],
      }
    )
  }
}

/** All that its tree holds, as git lists it. */
function listTree(call: GitCall, commit: string): Promise<Buffer | undefined> {
  return readGit({ ...call, args: ['ls-tree', '-r', '-t', '-z', '--full-tree', commit] }).catch(
    () => undefined,
  )
}

/**
 * Which of the objects a list has: `100644 blob 3b18e51…\tsrc/a.ts\0`. Of tens of thousands of
 * files only the names of objects are looked at: as one text, not as fields.
 */
function objectsIn(
  list: Buffer,
  objects: ReadonlySet<string>,
  idLength: number,
): ReadonlySet<string> {
  const found = new Set<string>()
  const text = list.toString('latin1')
  for (let from = 0; from < text.length; from = text.indexOf('\0', from) + 1) {
    const start = text.indexOf(' ', from + MODE_LENGTH + 1) + 1
    const id = text.slice(start, start + idLength)
    if (objects.has(id)) found.add(id)
  }
  return found
}
