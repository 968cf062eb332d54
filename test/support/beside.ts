import type { Keyword } from '../../src/model/rule.ts'

/** Text that makes a keyword count when it stands behind it. */
export function besideOf({ beside }: Keyword): string {
  if (beside === undefined) return ''
  return beside === 'login' ? 'tom:7bird7@h' : '="7bird-Seven"'
}
