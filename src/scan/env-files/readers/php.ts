import type { EnvEntry } from '../parse.ts'

/** `define( 'DB_PASSWORD', 'secret' );` of `wp-config.php`, commented out or not. */
const define =
  /(?<comment>(?:\/\/|#|^[ \t]*\*)[^\n'"]{0,100})?\bdefine\s{0,20}\(\s{0,20}(?<quote>["'])(?<key>\w{1,200})\k<quote>\s{0,20},\s{0,20}(?:'(?<single>(?:[^'\\]|\\[^]){0,5000})'|"(?<double>(?:[^"\\]|\\[^]){0,5000})")/dgm

/** The constants that a program of PHP defines as texts. */
export function readPhp(text: string): readonly EnvEntry[] {
  return [...text.matchAll(define)].flatMap((found): readonly EnvEntry[] => {
    const [start, end] =
      found.indices?.groups?.['single'] ?? found.indices?.groups?.['double'] ?? []
    const key = found.groups?.['key']
    if (start === undefined || end === undefined || key === undefined) return []
    const value = text.slice(start, end).replaceAll(/\\(['"\\$])/g, '$1')
    return [
      { key, value, start, end, others: [], commented: found.groups?.['comment'] !== undefined },
    ]
  })
}
