/** The reader's choices, shared by all parts of the page. */
import { type Filter, noFilter, type Order } from './filter.ts'

/** The chosen filter and order, with listeners for changes. */
export interface Store {
  readonly filter: () => Filter
  readonly order: () => Order
  /** Changes a part of the filter. */
  readonly choose: (part: Partial<Filter>) => void
  readonly sort: (order: Order) => void
  readonly listen: (listener: () => void) => void
}

/** Creates a store that shows all findings, worst first. */
export function createStore(): Store {
  let filter = noFilter
  let order: Order = 'severity'
  const listeners: (() => void)[] = []
  const notify = (): void => listeners.forEach((listener) => listener())
  return {
    filter: () => filter,
    order: () => order,
    choose: (part) => {
      filter = { ...filter, ...part }
      notify()
    },
    sort: (newOrder) => {
      order = newOrder
      notify()
    },
    listen: (listener) => void listeners.push(listener),
  }
}

/** Returns the set with a word added, or removed if it was there. */
export function toggled(words: ReadonlySet<string>, word: string): ReadonlySet<string> {
  return words.has(word)
    ? new Set([...words].filter((member) => member !== word))
    : new Set([...words, word])
}
