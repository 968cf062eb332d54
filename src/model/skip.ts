import type { Skip } from './model.ts'

/** True for the skip at the end of a long list, `and 3 more`, which only counts others. */
export function isCountOnly({ count, detail = '' }: Skip): boolean {
  return count !== undefined && /^and \d+ more$/.test(detail)
}
