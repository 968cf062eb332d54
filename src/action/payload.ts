/**
 * What an event says, as far as it matters here. The file is GitHub's; names in it are anybody's.
 */
import { readFileSync } from 'node:fs'
import { UsageError } from '../model/errors.ts'

type Mapping = Readonly<Record<string, unknown>>

/** Fields of the payload, by their paths. */
export interface Payload {
  /** The text at `pull_request.head.sha`; undefined where there is none. */
  readonly text: (path: string) => string | undefined
  /** The name of a commit or tag there; UsageError where there is none. */
  readonly commit: (path: string) => string
  readonly count: (path: string) => number
  readonly flag: (path: string) => boolean
}

/** Reads the file that `GITHUB_EVENT_PATH` names. */
export function readPayload(path: string | undefined): Payload {
  if (path === undefined || path === '')
    throw new UsageError(
      'GITHUB_EVENT_PATH is not set: this is the entry of the GitHub Action; on a command line use oakum range or oakum history',
    )
  return payloadOf(parsed(path))
}

function payloadOf(root: unknown): Payload {
  const at = (path: string): unknown =>
    path
      .split('.')
      .reduce<unknown>(
        (value, name) => (isMapping(value) && Object.hasOwn(value, name) ? value[name] : undefined),
        root,
      )
  const text = (path: string): string | undefined => {
    const value = at(path)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  return {
    text,
    commit(path) {
      const id = text(path)
      if (id === undefined || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id))
        throw new UsageError(`the event has no name of a commit at ${path}`)
      return id
    },
    count(path) {
      const value = at(path)
      return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0
    },
    flag: (path) => at(path) === true,
  }
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UsageError('the file that GITHUB_EVENT_PATH names is not there, or is no JSON', {
      cause: error,
    })
  }
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null
}
