/** Reads `wp-config.php`. */
import type { EnvEntry } from '../parse.ts'

/** `define( 'DB_PASSWORD', 'secret' );`, commented out or not. */
const define = new RegExp(
  [
    String.raw`(?<comment>(?://|#|^[ \t]*\*)[^\n'"]{0,100})?\bdefine\s{0,20}\(\s{0,20}`,
    String.raw`(?<quote>["'])(?<key>\w{1,200})\k<quote>\s{0,20},\s{0,20}(?:'(?<single>`,
    String.raw`(?:[^'\\]|\\[^]){0,5000})'|"(?<double>(?:[^"\\]|\\[^]){0,5000})")`,
  ].join(''),
  'dgm',
)

/** Returns the string constants that a PHP program defines. */
export function readPhp(text: string): readonly EnvEntry[] {
  return [...text.matchAll(define)].flatMap((match): readonly EnvEntry[] => {
    const [start, end] =
      match.indices?.groups?.['single'] ?? match.indices?.groups?.['double'] ?? []
    const key = match.groups?.['key']
    if (start === undefined || end === undefined || key === undefined) return []
    const value = text.slice(start, end).replaceAll(/\\(['"\\$])/g, '$1')
    return [
      {
        key,
        value,
        start,
        end,
        alternatives: [],
        commented: match.groups?.['comment'] !== undefined,
      },
    ]
  })
}
