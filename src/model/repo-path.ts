/** A path inside a repository. Git's paths are bytes; a path that is not UTF-8 keeps its bytes. */
export interface RepoPath {
  /** UTF-8, with each invalid byte as `\xNN`. Not escaped for a terminal. */
  readonly text: string
  readonly bytes?: Uint8Array
}
