import type { Report } from '../rules/fields.ts'

const glob = /^[^/\0-\x1f\x7f][^\0-\x1f\x7f]{0,499}$/

/** The glob itself; reported when it is none. */
export function decodeGlob(value: unknown, field: string, report: Report): string {
  if (typeof value === 'string' && glob.test(value)) return value
  report(field, 'a glob relative to the top of the repository, such as docs/**')
  return ''
}
