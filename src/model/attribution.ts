/** Attribution: when git history introduced and removed a credential. Types only. */
import type { RepoPath } from './repo-path.ts'

export type Exposure = 'published' | 'pending' | 'local'

/** A commit that introduced or removed a credential, and the path of the file. */
export interface Introduction {
  readonly commit: string
  /** `Name <mail>`. */
  readonly author: string
  /** Date of the committer, ISO 8601 with offset. */
  readonly date: string
  readonly path?: RepoPath
}

/** The history of a finding. */
export interface Attribution {
  /** The first commit with the credential; null when no commit has it (it was only staged once). */
  readonly first: Introduction | null
  readonly last: Introduction | null
  /**
   * The commit in HEAD's history that removed the credential. Absent where HEAD still has it, or
   * the history does not tell.
   */
  readonly removed?: Introduction
  readonly inHead: boolean
  /**
   * True when a commit in HEAD's history has it, whether or not HEAD does. Absent where this was
   * not computed.
   */
  readonly inHeadHistory?: boolean
  /** Full names of the refs whose history has it. */
  readonly refs: readonly string[]
  readonly exposure: Exposure
  /**
   * True when an object with the credential stands at more paths than are listed, so that the
   * number of places is a lower bound.
   */
  readonly hasMorePaths?: true
}
