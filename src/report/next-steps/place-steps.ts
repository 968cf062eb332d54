/** How a secret leaves the place it was found in. */
import type { Finding, Origin, Place, RepoPath } from '../../model/model.ts'
import type { Step } from './next-steps.ts'
import { quotePathspec } from './shell-quote.ts'

/** File names that applications read as dotenv: `.env`, `.env.local`, `prod.env`. */
const envFile = /(^|\/)(\.env(\.[\w.-]+)?|[\w.-]+\.env)$/i

/**
 * Names that say a dotenv file is to be copied and filled in: such files are meant to be committed.
 */
const envTemplate = /\.(example|sample|template|dist|tpl)\b/i

/** How it leaves the place it was first seen in. */
export function cleanSteps(finding: Finding, { origin }: Place): readonly Step[] {
  if (origin.kind === 'stdin') return []
  if (origin.kind === 'index')
    return origin.path === undefined
      ? []
      : [{ text: 'Unstage it.', command: `git restore --staged -- ${quotePathspec(origin.path)}` }]
  if (origin.kind === 'file') {
    if (origin.state === 'local')
      return [
        {
          text: 'Take it out of the address, and let a credential helper keep it.',
          command: 'git remote set-url <name> <address>',
        },
      ]
    return isPrivateEnvFile(origin.path)
      ? []
      : [
          {
            text: 'Move the value to an environment variable, or to a .env file that .gitignore names.',
          },
        ]
  }
  switch (finding.attribution?.exposure) {
    case 'published':
    case undefined:
      return []
    case 'pending':
      return [
        {
          text: 'Rewrite before you push, and edit or drop that commit.',
          command: `git rebase --interactive ${finding.attribution.first?.commit.slice(0, 12) ?? '<commit>'}^`,
        },
      ]
    case 'local':
      return [
        {
          text: 'No branch or tag holds it: drop the stash, or let the reflog expire (`git stash list`, `git reflog`).',
        },
      ]
  }
}

/** A dotenv file that is tracked goes on being committed until git forgets it. */
export function untrackSteps({ attribution }: Finding, { origin }: Place): readonly Step[] {
  const path = origin.path ?? attribution?.first?.path
  if (path === undefined || !envFile.test(path.text)) return []
  if (origin.kind === 'commit' && attribution?.inHead !== true) return []
  if (envTemplate.test(path.text))
    return [{ text: 'The file is a template: keep it, with a placeholder for the value.' }]
  const command = `git rm --cached -- ${quotePathspec(path)}`
  switch (origin.kind) {
    case 'commit':
      return [{ text: 'Name the file in .gitignore, and stop tracking it.', command }]
    case 'index':
      return [{ text: 'Name the file in .gitignore.' }]
    case 'file':
      return [untrackFile(origin, command)]
    case 'message':
    case 'stdin':
      return []
  }
}

/** What keeps a file of the work tree out of the next commit. */
function untrackFile({ state }: Origin, command: string): Step {
  if (state === 'untracked')
    return { text: 'Name the file in .gitignore before the next `git add .` takes it.' }
  if (state === 'tracked' || state === 'staged')
    return { text: 'Name the file in .gitignore, and take it out of the index.', command }
  return {
    text: 'Name the file in .gitignore, and if it is tracked, take it out of the index.',
    command,
  }
}

/** A dotenv file to keep out of git, for which `untrackSteps` says what to do. */
export function isPrivateEnvFile(path: RepoPath | undefined): boolean {
  return path !== undefined && envFile.test(path.text) && !envTemplate.test(path.text)
}
