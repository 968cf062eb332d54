import { type Filter, noFilter, type Order } from './filter.ts'

/** What the reader chose, and who hears when that changes. */
export interface Store {
  readonly filter: () => Filter
  readonly order: () => Order
  readonly choose: (part: Partial<Filter>) => void
  readonly sort: (order: Order) => void
  readonly listen: (listener: () => void) => void
}

/** A store in which nothing is chosen. */
export function makeStore(): Store {
  let filter = noFilter
  let order: Order = 'severity'
  const listeners: (() => void)[] = []
  const tell = (): void => listeners.forEach((listener) => listener())
  return {
    filter: () => filter,
    order: () => order,
    choose: (part) => {
      filter = { ...filter, ...part }
      tell()
    },
    sort: (chosen) => {
      order = chosen
      tell()
    },
    listen: (listener) => void listeners.push(listener),
  }
}

/** The same set with a word more or less. */
export function toggled(words: ReadonlySet<string>, word: string): ReadonlySet<string> {
  return words.has(word)
    ? new Set([...words].filter((one) => one !== word))
    : new Set([...words, word])
}
