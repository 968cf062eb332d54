/** Steps that remove a secret from the place where it was found. */
import type { Finding, Origin, Place, RepoPath } from '../../model/model.ts'
import { quotePathspec } from './shell-quote.ts'
import type { Step } from './step.ts'

/** File names that applications load as env files: `.env`, `.env.local`, `prod.env`. */
const envFile = /(^|\/)(\.env(\.[\w.-]+)?|[\w.-]+\.env)$/i

/** Suffixes of env file templates, which are meant to be committed. */
const envTemplate = /\.(example|sample|template|dist|tpl)\b/i

/** Steps that remove the secret from the index, the file or the history it was found in. */
export function removalSteps({ attribution }: Finding, { origin }: Place): readonly Step[] {
  switch (origin.kind) {
    case 'stdin':
      return []
    case 'index':
      return origin.path === undefined
        ? []
        : [
            {
              text: 'Unstage it.',
              command: `git restore --staged -- ${quotePathspec(origin.path)}`,
            },
          ]
    case 'file':
      return fileSteps(origin)
    case 'commit':
    case 'message':
      return historySteps(attribution)
  }
}

function fileSteps({ state, path }: Origin): readonly Step[] {
  if (state === 'local')
    return [
      {
        text: 'Remove it from the remote URL, and let a credential helper store it.',
        command: 'git remote set-url <name> <address>',
      },
    ]
  return isPrivateEnvFile(path)
    ? []
    : [
        {
          text: 'Move the value to an environment variable, or to a .env file listed in .gitignore.',
        },
      ]
}

/** Steps for a secret in commits that were not published. Published commits need a rotation first. */
function historySteps(attribution: Finding['attribution']): readonly Step[] {
  switch (attribution?.exposure) {
    case 'published':
    case undefined:
      return []
    case 'pending':
      return [
        {
          text: 'Before you push, edit or drop that commit.',
          command: `git rebase --interactive ${attribution.first?.commit.slice(0, 12) ?? '<commit>'}^`,
        },
      ]
    case 'local':
      return [
        {
          text:
            'No branch or tag contains it: drop the stash, or let the reflog expire ' +
            '(`git stash list`, `git reflog`).',
        },
      ]
  }
}

/** Steps that keep an env file out of future commits. Empty for other files. */
export function untrackSteps({ attribution }: Finding, { origin }: Place): readonly Step[] {
  const path = origin.path ?? attribution?.first?.path
  if (path === undefined || !envFile.test(path.text)) return []
  if (origin.kind === 'commit' && attribution?.inHead !== true) return []
  if (envTemplate.test(path.text))
    return [{ text: 'The file is a template: keep it, with a placeholder instead of the value.' }]
  const command = `git rm --cached -- ${quotePathspec(path)}`
  switch (origin.kind) {
    case 'commit':
      return [{ text: 'Add the file to .gitignore, and stop tracking it.', command }]
    case 'index':
      return [{ text: 'Add the file to .gitignore.' }]
    case 'file':
      return [untrackFileStep(origin, command)]
    case 'message':
    case 'stdin':
      return []
  }
}

function untrackFileStep({ state }: Origin, command: string): Step {
  if (state === 'untracked')
    return { text: 'Add the file to .gitignore before the next `git add .` stages it.' }
  if (state === 'tracked' || state === 'staged')
    return { text: 'Add the file to .gitignore, and remove it from the index.', command }
  return {
    text: 'Add the file to .gitignore and, if it is tracked, remove it from the index.',
    command,
  }
}

/** True when the path is an env file that must stay out of git, not a template. */
export function isPrivateEnvFile(path: RepoPath | undefined): boolean {
  return path !== undefined && envFile.test(path.text) && !envTemplate.test(path.text)
}
