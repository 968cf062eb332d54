/** What history says of a credential. Types only. */
import type { RepoPath } from './model.ts'

export type Exposure = 'published' | 'pending' | 'local'

/** A commit that brought a credential in, or took it out, and where. */
export interface Introduction {
  readonly commit: string
  /** `Name <mail>`. */
  readonly author: string
  /** ISO 8601 with offset: the committer's date. */
  readonly date: string
  readonly path?: RepoPath
}

/** What history says of a finding. */
export interface Attribution {
  /** Null when no commit brought it in: it was only staged once. */
  readonly first: Introduction | null
  readonly last: Introduction | null
  /**
   * The commit of HEAD's history since which none holds it. Absent where HEAD holds it, or history
   * does not tell.
   */
  readonly removed?: Introduction
  readonly inHead: boolean
  /** HEAD's history holds it, whether or not HEAD still does. Absent where nobody looked. */
  readonly inHeadHistory?: boolean
  /** Full names of the refs whose history holds it. */
  readonly refs: readonly string[]
  readonly exposure: Exposure
}
