/**
 * Detects the hosting service of a repository, and describes what it keeps after the history was
 * rewritten. The facts come from the documentation of each host, as of 2026.
 */

/** A hosting service, detected by the form of its addresses. */
export type Host = 'github' | 'gitlab' | 'bitbucket' | 'azure' | 'other'

/** The host of a remote's address; `other` for a name that only resembles a known one. */
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

const notesForAllHosts = [
  'Clones and forks keep the old history: anyone who pushes from an old clone brings it back.',
  'Until the host collects garbage, anyone who knows the id of an old commit can open it.',
]

const notesByHost: Readonly<Record<Host, readonly string[]>> = {
  github: [
    'GitHub keeps old commits in pull requests (refs/pull/… cannot be pushed to), ' +
      'in cached views, and in forks.',
    'Protected branches reject a forced push: lift the protection for the push, then restore it.',
    'Ask GitHub Support to remove cached views and pull requests that refer to the secret: ' +
      'they need the repository, the first changed commits above, and confirmation that the secret ' +
      'was rotated. Contact the owners of forks yourself.',
  ],
  gitlab: [
    'GitLab keeps old commits through merge requests, pipelines and refs/keep-around/….',
    'Protected branches reject a forced push: lift the protection for the push, then restore it.',
    'Upload filter-repo/commit-map of the mirror under Settings > Repository > ' +
      'Repository maintenance (cleanup), which removes those refs and collects garbage. ' +
      'Forks share objects with the repository: delete them or clean them the same way.',
  ],
  bitbucket: [
    'Bitbucket keeps old commits in pull requests and forks, and collects garbage at its own discretion.',
    'Ask Atlassian Support to collect garbage in the repository.',
  ],
  azure: [
    'Azure Repos keeps old commits in pull requests and pushes, and does not collect garbage on request.',
    'If the old commits must go, push the mirror to a new repository and delete the old one.',
  ],
  other: [
    'On your own server: git reflog expire --expire=now --all && git gc --prune=now, ' +
      'in the repository and in all of its forks.',
  ],
}

/** Sentences on what a host keeps after a rewrite, and how to remove it. */
export function hostNotes(host: Host): readonly string[] {
  return [...notesByHost[host], ...notesForAllHosts]
}
