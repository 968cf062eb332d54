/** Solutions for a finding that blocked a commit or a push, with the commands for each. */
import type { Finding, Origin, Place, RepoPath } from '../../model/model.ts'
import { environmentReference, variableName } from './environment-reference.ts'
import { isPrivateEnvFile } from './place-steps.ts'
import { quotePathspec, shellQuote } from './shell-quote.ts'

/**
 * The git event that a hook blocked. `receive` runs on the server, where the person who pushes
 * cannot change anything.
 */
export type BlockedEvent = 'commit' | 'message' | 'push' | 'receive'

/** One way to proceed: a sentence, and the commands or code for it, one per line. */
export interface Solution {
  readonly text: string
  readonly lines: readonly string[]
}

/** Two or three solutions, the recommended one first. The last one allows the secret. */
export function solutionsFor(
  finding: Finding,
  place: Place,
  event: BlockedEvent,
): readonly Solution[] {
  const allow = allowSolution(finding, event)
  switch (event) {
    case 'commit':
      return [...commitSolutions(finding, place), allow]
    case 'message':
      return [
        {
          text: 'Edit the message and commit again:',
          lines: ['git commit -e -F "$(git rev-parse --git-path COMMIT_EDITMSG)"'],
        },
        allow,
      ]
    case 'push':
    case 'receive':
      return [...pushSolutions(place), allow]
  }
}

function commitSolutions(finding: Finding, place: Place): readonly Solution[] {
  const { path, state, inName } = place.origin
  if (path === undefined) return []
  if (inName)
    return [
      {
        text: 'Rename the file so that its name does not contain the secret:',
        lines: [`git mv -- ${shellQuote(path)} <new name>`],
      },
    ]
  if (state === 'template')
    return [
      {
        text: 'The file is a template: replace the value with a placeholder, then:',
        lines: [`git add -- ${quotePathspec(path)}`],
      },
    ]
  return state === 'staged' || isPrivateEnvFile(path)
    ? envFileSolutions(path, place.origin)
    : sourceFileSolutions(path, finding, place)
}

function envFileSolutions(path: RepoPath, origin: Origin): readonly Solution[] {
  return [
    {
      text: 'Take the file out of the commit, and ignore it:',
      lines: [
        unstageCommand(path, origin),
        ...(path.bytes === undefined ? ignoreCommand(path.text) : []),
      ],
    },
    {
      text: 'Or let Oakum do that, and write a template without the values:',
      lines: ['oakum fix'],
    },
  ]
}

function sourceFileSolutions(path: RepoPath, finding: Finding, place: Place): readonly Solution[] {
  const add = `git add -- ${quotePathspec(path)}`
  const reference = environmentReference(finding, place)
  const move = `Move the value to an ignored .env file, as ${variableName(finding, place)}`
  return [
    reference === undefined
      ? { text: `${move}, then:`, lines: [add] }
      : { text: `${move}, and read it from there:`, lines: [reference, add] },
    {
      text: 'Or leave the file out of this commit:',
      lines: [unstageCommand(path, place.origin)],
    },
  ]
}

/** The command that unstages a file: HEAD has no version of a new file to restore. */
function unstageCommand(path: RepoPath, { replaces = [] }: Origin): string {
  const command = replaces.length === 0 ? 'git rm -q --cached' : 'git restore --staged'
  return `${command} -- ${quotePathspec(path)}`
}

/** The command that ignores one file. Empty for names that `.gitignore` or `echo` would alter. */
function ignoreCommand(path: string): readonly string[] {
  if (!/^[\w./@+-]+$/.test(path)) return []
  return [`echo ${shellQuote({ text: `/${path}` })} >> .gitignore`]
}

/** Solutions that rewrite the commit: removing the secret in a later one leaves it in history. */
function pushSolutions({ origin }: Place): readonly Solution[] {
  const { commit } = origin
  if (commit === undefined) return []
  const parent = `${commit.slice(0, 12)}^`
  if (origin.kind === 'message')
    return [
      {
        text: 'Reword that commit (or recreate the tag), then push again:',
        lines: [`git rebase -i ${parent}     # reword it`],
      },
    ]
  return [
    {
      text: 'Remove it from the commit that adds it, then push again:',
      lines: [
        `git rebase -i ${parent}     # edit it`,
        'git commit --amend    # without the secret',
        'git rebase --continue',
      ],
    },
  ]
}

function allowSolution({ fingerprint }: Finding, event: BlockedEvent): Solution {
  const text =
    event === 'receive'
      ? 'Not a secret? The owner of this repository can allow this one value:'
      : 'Not a secret? Allow this one value, and give a reason:'
  return { text, lines: [`oakum allow ${fingerprint} --reason '…'`] }
}
