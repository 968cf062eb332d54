/**
 * What solves a finding that stopped a commit or a push: the few commands that do, for this very
 * case.
 */
import type { Finding, Place } from '../../model/model.ts'
import { environmentReference, variableName } from './environment-reference.ts'
import { isPrivateEnvFile } from './place-steps.ts'
import { quotePathspec, shellQuote } from './shell-quote.ts'

/** What was stopped. `receive` runs where the pusher can change nothing. */
export type Stopped = 'commit' | 'message' | 'push' | 'receive'

/** A way out: what it does, and the commands or the text for it, one a line. */
export interface Way {
  readonly say: string
  readonly lines: readonly string[]
}

/** Two or three ways, the best first. */
export function waysOut(finding: Finding, place: Place, stopped: Stopped): readonly Way[] {
  const kept = allow(finding, stopped)
  switch (stopped) {
    case 'commit':
      return [...outOfCommit(finding, place), kept]
    case 'message':
      return [
        {
          say: 'Write the message again without it:',
          lines: ['git commit -e -F "$(git rev-parse --git-path COMMIT_EDITMSG)"'],
        },
        kept,
      ]
    case 'push':
    case 'receive':
      return [...outOfCommits(place), kept]
  }
}

function outOfCommit(finding: Finding, place: Place): readonly Way[] {
  const { path, state, inName, replaces = [] } = place.origin
  if (path === undefined) return []
  const [name, file] = [quotePathspec(path), shellQuote(path)]
  const isNew = replaces.length === 0
  if (inName)
    return [{ say: 'Give the file a name without it:', lines: [`git mv -- ${file} <new name>`] }]
  if (state === 'template')
    return [
      {
        say: 'The file is a template: put a placeholder there, then:',
        lines: [`git add -- ${name}`],
      },
    ]
  if (state === 'staged' || isPrivateEnvFile(path)) {
    const unstage = isNew ? `git rm -q --cached -- ${name}` : `git restore --staged -- ${name}`
    const others = path.bytes === undefined ? ignoreLine(path.text) : []
    return [
      {
        say: 'Take the file out of the commit, and let git ignore it:',
        lines: [unstage, ...others],
      },
      {
        say: 'Or let Oakum do that, and write a template without the values:',
        lines: ['oakum fix'],
      },
    ]
  }
  const reference = environmentReference(finding, place)
  const variable = variableName(finding, place)
  return [
    reference === undefined
      ? {
          say: `Move the value to an ignored .env file, as ${variable}, then:`,
          lines: [`git add -- ${name}`],
        }
      : {
          say: `Move the value to an ignored .env file, as ${variable}, and read it:`,
          lines: [reference, `git add -- ${name}`],
        },
    {
      say: 'Or leave the file out of this commit:',
      lines: [isNew ? `git rm -q --cached -- ${name}` : `git restore --staged -- ${name}`],
    },
  ]
}

/**
 * A line of `.gitignore` for one file; its own signs are taken literally. None for names that a
 * shell's echo would not keep.
 */
function ignoreLine(path: string): readonly string[] {
  if (!/^[\w./@+-]+$/.test(path)) return []
  return [`echo ${shellQuote({ text: `/${path}` })} >> .gitignore`]
}

/** The commit has to be made anew: a later one that removes it leaves it in history. */
function outOfCommits({ origin }: Place): readonly Way[] {
  const { commit } = origin
  if (commit === undefined) return []
  const short = commit.slice(0, 12)
  if (origin.kind === 'message')
    return [
      {
        say: 'Reword that commit (or make the tag anew), then push again:',
        lines: [`git rebase -i ${short}^     # reword it`],
      },
    ]
  return [
    {
      say: 'Take it out of the commit that brings it, then push again:',
      lines: [
        `git rebase -i ${short}^     # edit it`,
        'git commit --amend    # without the secret',
        'git rebase --continue',
      ],
    },
  ]
}

function allow({ fingerprint }: Finding, stopped: Stopped): Way {
  const say =
    stopped === 'receive'
      ? 'No secret? Whoever runs this repository can allow this one value:'
      : 'No secret? Allow this one value, and say why:'
  return { say, lines: [`oakum allow ${fingerprint} --reason '…'`] }
}
