/** Real payloads of GitHub, with the names of local commits in the places of theirs. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Repo, temporaryFolder } from './repo.ts'

interface Example {
  readonly name: string
  readonly examples: readonly Readonly<Record<string, unknown>>[]
}

const require = createRequire(import.meta.url)
const examples = require('@octokit/webhooks-examples') as readonly Example[]

/** The example of an event for which `fits`, its fields replaced, those of mappings one by one. */
export function payloadOf(
  event: string,
  changes: object,
  fits: (example: Readonly<Record<string, unknown>>) => boolean = () => true,
): object {
  const found = examples.find(({ name }) => name === event)?.examples.find(fits)
  if (found === undefined) throw new Error(`no example of ${event}`)
  return replaced(found, changes)
}

function replaced(value: unknown, changes: object): object {
  const known = typeof value === 'object' && value !== null ? value : {}
  return {
    ...known,
    ...Object.fromEntries(
      Object.entries(changes).map(([name, change]: readonly [string, unknown]) => [
        name,
        typeof change === 'object' && change !== null && !Array.isArray(change)
          ? replaced((known as Record<string, unknown>)[name], change)
          : change,
      ]),
    ),
  }
}

interface Checkout {
  /** What is checked out, and the ref it is fetched to. */
  readonly commit: string
  readonly ref: string
  /** 0 for everything. */
  readonly depth: number
}

/** A clone as actions/checkout makes it: a detached HEAD, and of the remote what was asked for. */
export function checkoutOf(origin: Repo, { commit, ref, depth }: Checkout): Repo {
  const copy = new Repo(join(temporaryFolder()))
  copy.git('init', '-q', '-b', 'main')
  copy.git('config', 'gc.auto', '0')
  copy.git('remote', 'add', 'origin', `file://${origin.path}`)
  copy.git('config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*')
  if (depth === 0)
    copy.git(
      'fetch',
      '-q',
      '--no-tags',
      'origin',
      '+refs/heads/*:refs/remotes/origin/*',
      '+refs/tags/*:refs/tags/*',
    )
  copy.git(
    'fetch',
    '-q',
    '--no-tags',
    ...(depth === 0 ? [] : [`--depth=${depth}`]),
    'origin',
    `+${commit}:${ref}`,
  )
  copy.git('checkout', '-q', '--detach', `${commit}^{commit}`)
  return copy
}
