import { type Context, createContext, Script } from 'node:vm'

/** It took longer than it may. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'
}

interface Box {
  readonly context: Context
  readonly slot: { work: () => void }
}

const script = new Script('work()')
let shared: Box | undefined

/**
 * What `work` gives, or a TimeLimitError after `ms`. Nothing else stops a regular expression, or a
 * parser, that hostile text keeps busy: only scripts can be given a time. `work` is a function of
 * ours; no text is run as code.
 */
export function withinTime<T>(ms: number, work: () => T): T {
  shared ??= createBox()
  let done: { readonly value: T } | undefined
  shared.slot.work = () => {
    done = { value: work() }
  }
  try {
    script.runInContext(shared.context, { timeout: ms })
  } catch (error) {
    // The error is of the other context, so no instance of our Error.
    if (
      typeof error === 'object' &&
      error !== null &&
      'code' in error &&
      error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    )
      throw new TimeLimitError(`not done within ${ms} ms`)
    throw error
  }
  if (done === undefined) throw new TimeLimitError('ended without a result')
  return done.value
}

function createBox(): Box {
  const slot = { work: (): void => {} }
  return { slot, context: createContext(slot) }
}
