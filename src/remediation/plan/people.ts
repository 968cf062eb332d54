/**
 * Who has clones, as far as a repository knows: who committed of late, and which other repositories
 * it talks to.
 */
import { type GitCall, readGit, startGit, linesOf } from '../../git/commands/run.ts'
import { type Host, hostOf } from '../../report/next-steps/hosts.ts'

export interface Person {
  /** `Name <mail>`. */
  readonly name: string
  readonly commits: number
  /** Day of the last one. */
  readonly last: string
}

export interface Remote {
  readonly name: string
  /** Without user and password. */
  readonly address: string
  readonly host: Host
}

const yearSeconds = 365 * 24 * 3600

/** Authors and committers of the last twelve months, those with most commits first. */
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
  // Git's own --since stops at the first commit that is older, whatever stands behind it.
  const since = Date.now() / 1000 - yearSeconds
  const people = new Map<string, Person>()
  for await (const lines of linesOf(git.stdout)) {
    for (const line of lines) {
      const [author = '', committer = '', day = '', seconds = ''] = Buffer.from(line, 'latin1')
        .toString('utf8')
        .split('\0')
      if (Number(seconds) < since) continue
      for (const name of new Set([author, committer])) {
        const known = people.get(name)
        people.set(name, {
          name,
          commits: (known?.commits ?? 0) + 1,
          last: known !== undefined && known.last > day ? known.last : day,
        })
      }
    }
  }
  // An empty repository has nobody.
  await git.failure
  return [...people.values()]
    .filter(({ name }) => name !== 'GitHub <noreply@github.com>')
    .toSorted((a, b) => b.commits - a.commits || (a.name < b.name ? -1 : 1))
}

/** The remotes of a repository's own configuration. */
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
      const [key = '', url = ''] = [
        field.slice(0, field.indexOf('\n')),
        field.slice(field.indexOf('\n') + 1),
      ]
      const address = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1')
      return { name: key.slice('remote.'.length, -'.url'.length), address, host: hostOf(address) }
    })
}
