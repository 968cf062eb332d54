import type { FileState, Origin } from '../../model/model.ts'

/** Worst first: what is committed already, what the next commit takes, what nothing takes. */
const words: Readonly<Record<FileState, string>> = {
  tracked: 'git tracks the file',
  staged: 'the file is staged: the next commit takes it',
  untracked: 'git does not ignore the file: the next git add . takes it',
  template: 'the file is a template, which is there to be committed',
  local: "the file is git's own: no commit takes it, and whoever copies this clone has it",
  ignored: 'git ignores the file: no commit takes it',
}

/** What git does with the files a secret stands in, in words, each once. */
export function stateLines(origins: readonly Origin[]): readonly string[] {
  const states = new Set(origins.map(({ state }) => state))
  return Object.entries(words).flatMap(([state, line]) =>
    [...states].some((one) => one === state) ? [line] : [],
  )
}
