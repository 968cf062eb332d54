/**
 * Reads the payload of an event. GitHub writes the file, but names in it, such as those of
 * branches, may come from anybody.
 */
import { readRegularFile } from '../model/regular-file.ts'
import { UsageError } from '../model/errors.ts'
import { isJsonObject } from '../model/json.ts'

/** Typed access to the fields of a payload by path, such as `pull_request.head.sha`. */
export interface Payload {
  /** The text at a path, or undefined if there is none. */
  readonly text: (path: string) => string | undefined
  /** The id of a commit or tag at a path. Throws a UsageError if there is none. */
  readonly commit: (path: string) => string
  /** The positive number at a path, or 0 if there is none. */
  readonly count: (path: string) => number
  /** True when the value at a path is `true`. */
  readonly flag: (path: string) => boolean
}

/** Reads the payload from the file that `GITHUB_EVENT_PATH` names. */
export function readPayload(path: string | undefined): Payload {
  if (path === undefined || path === '')
    throw new UsageError(
      'GITHUB_EVENT_PATH is not set: this program runs as a GitHub Action; ' +
        'on a command line, use oakum range or oakum history',
    )
  return payloadOf(parseFile(path))
}

function payloadOf(root: unknown): Payload {
  const valueAt = (path: string): unknown =>
    path
      .split('.')
      .reduce<unknown>(
        (value, name) =>
          isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined,
        root,
      )
  const text = (path: string): string | undefined => {
    const value = valueAt(path)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  return {
    text,
    commit(path) {
      const id = text(path)
      if (id === undefined || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id))
        throw new UsageError(`the event has no commit id at ${path}`)
      return id
    },
    count(path) {
      const value = valueAt(path)
      return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0
    },
    flag: (path) => valueAt(path) === true,
  }
}

function parseFile(path: string): unknown {
  try {
    return JSON.parse(readRegularFile(path).toString('utf8'))
  } catch (error) {
    throw new UsageError('the file that GITHUB_EVENT_PATH names is missing, or is not JSON', {
      cause: error,
    })
  }
}
