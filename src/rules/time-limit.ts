/** Runs a function with a time limit. */
import { type Context, createContext, Script } from 'node:vm'

/** The function took longer than its limit. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'
}

interface Sandbox {
  readonly context: Context
  readonly slot: { work: () => void }
}

const script = new Script('work()')
let sandbox: Sandbox | undefined

/**
 * Returns the result of `work`, or throws a TimeLimitError after `ms`. Only `node:vm` can interrupt
 * a regular expression or a parser that hostile text keeps busy. `work` is a function of Oakum; no
 * text is run as code.
 */
export function withinTime<T>(ms: number, work: () => T): T {
  sandbox ??= createSandbox()
  let result: { readonly value: T } | undefined
  sandbox.slot.work = () => {
    result = { value: work() }
  }
  try {
    script.runInContext(sandbox.context, { timeout: ms })
  } catch (error) {
    // The error comes from the other context, so `instanceof Error` is false.
    if (
      typeof error === 'object' &&
      error !== null &&
      'code' in error &&
      error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    )
      throw new TimeLimitError(`not done within ${ms} ms`)
    throw error
  }
  if (result === undefined) throw new TimeLimitError('ended without a result')
  return result.value
}

function createSandbox(): Sandbox {
  const slot = { work: (): void => {} }
  return { slot, context: createContext(slot) }
}
