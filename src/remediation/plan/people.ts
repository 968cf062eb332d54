/** Lists who probably has clones: recent authors and committers, and the configured remotes. */
import { type GitCall, linesOf, readGit, startGit } from '../../git/commands/run.ts'
import { type Host, hostOf } from '../../report/next-steps/hosts.ts'

export interface Person {
  /** `Name <mail>`. */
  readonly name: string
  readonly commits: number
  /** Day of the last commit, such as `2024-05-01`. */
  readonly last: string
}

export interface Remote {
  readonly name: string
  /** URL without user and password. */
  readonly address: string
  readonly host: Host
}

const YEAR_SECONDS = 365 * 24 * 3600

/** Returns authors and committers of the last twelve months, those with most commits first. */
export async function recentPeople(call: GitCall): Promise<readonly Person[]> {
  const git = startGit({
    ...call,
    args: [
      'log',
      '--branches',
      '--remotes',
      '--tags',
      '--format=%an <%ae>%x00%cn <%ce>%x00%cs%x00%ct',
    ],
  })
  // Not `git log --since`: it stops at the first older commit, even if newer ones follow.
  const since = Date.now() / 1000 - YEAR_SECONDS
  const people = new Map<string, Person>()
  for await (const lines of linesOf(git.stdout)) {
    for (const line of lines) {
      const [author = '', committer = '', day = '', seconds = ''] = Buffer.from(line, 'latin1')
        .toString('utf8')
        .split('\0')
      if (Number(seconds) < since) continue
      for (const name of new Set([author, committer])) {
        const person = people.get(name)
        people.set(name, {
          name,
          commits: (person?.commits ?? 0) + 1,
          last: person !== undefined && person.last > day ? person.last : day,
        })
      }
    }
  }
  // `git log` fails in a repository without commits, which has no people.
  await git.failure
  return [...people.values()]
    .filter(({ name }) => name !== 'GitHub <noreply@github.com>')
    .toSorted((a, b) => b.commits - a.commits || (a.name < b.name ? -1 : 1))
}

/** Returns the remotes of the repository's own configuration. */
export async function remotesOf(call: GitCall): Promise<readonly Remote[]> {
  const output = await readGit({
    ...call,
    args: ['config', '--local', '-z', '--get-regexp', String.raw`^remote\..*\.url$`],
    allowedExitCodes: [1],
  })
  return output
    .toString('utf8')
    .split('\0')
    .filter((field) => field !== '')
    .map((field) => {
      const keyEnd = field.indexOf('\n')
      const name = field.slice('remote.'.length, keyEnd - '.url'.length)
      const url = field.slice(keyEnd + 1)
      const address = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1')
      return { name, address, host: hostOf(address) }
    })
}
