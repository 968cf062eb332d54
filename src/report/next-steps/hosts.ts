/**
 * What hosts of repositories keep after a history was replaced there, and whom to ask. From their
 * own documentation, 2026.
 */

/** A kind of host, by what its addresses look like. */
export type Host = 'github' | 'gitlab' | 'bitbucket' | 'azure' | 'other'

/** The host an address leads to; a name that only sounds like one is `other`. */
export function hostOf(address: string): Host {
  const name =
    /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/\s]{1,300}@)?(?<host>[A-Za-z0-9.-]{1,255})(?=[:/]|$)/
      .exec(address)
      ?.groups?.['host']?.toLowerCase() ?? ''
  if (/(?:^|\.)github\.com$|^github\./.test(name)) return 'github'
  if (/(?:^|\.)gitlab\.com$|^gitlab\./.test(name)) return 'gitlab'
  if (/(?:^|\.)bitbucket\.org$|^bitbucket\./.test(name)) return 'bitbucket'
  return /(?:^|\.)(?:dev\.azure|visualstudio)\.com$/.test(name) ? 'azure' : 'other'
}

const everywhere = [
  'Clones and forks keep what they have: whoever pushes from an old clone brings it back.',
  'Until the host collects garbage, old commits can be opened by whoever knows their names.',
]

const notes: Readonly<Record<Host, readonly string[]>> = {
  github: [
    'GitHub keeps old commits in pull requests (refs/pull/… cannot be pushed to), in cached views, and in forks.',
    'Protected branches refuse a forced push: lift the protection for it, and put it back.',
    'Ask GitHub Support to remove cached views and pull requests that refer to it: they want the repository, the first changed commits above, and to know that the secret was rotated. Owners of forks have to be asked by you.',
  ],
  gitlab: [
    'GitLab keeps old commits through merge requests, pipelines and refs/keep-around/….',
    'Protected branches refuse a forced push: lift the protection for it, and put it back.',
    'Upload filter-repo/commit-map of the mirror under Settings > Repository > Repository maintenance (cleanup), which drops those refs and collects garbage; forks share objects with it, and have to go or to follow.',
  ],
  bitbucket: [
    'Bitbucket keeps old commits in pull requests and forks, and collects garbage when it sees fit.',
    'Ask Atlassian Support to collect garbage in the repository.',
  ],
  azure: [
    'Azure Repos keeps old commits in pull requests and pushes, and does not collect garbage on request.',
    'Where they must go, push the mirror to a new repository and delete the old one.',
  ],
  other: [
    'On a server of your own: git reflog expire --expire=now --all && git gc --prune=now, in the repository and in all of its forks.',
  ],
}

/** In sentences: what stays on such a host, and what to do about it. */
export function hostNotes(host: Host): readonly string[] {
  return [...notes[host], ...everywhere]
}
