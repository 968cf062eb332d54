/** Imports files in the format of `.gitignore` as allowed paths. */
import type { ToolFile } from './context.ts'
import { tryImport } from './import-log.ts'
import { type AllowPathEntry, emptyImport, type Imported } from './model.ts'
import { Untranslatable } from './regexp/syntax.ts'
import type { IsSlow } from './slow.ts'

/**
 * Imports each line as a pattern that matches no more than the line ignores:
 *
 *     *.svg         anywhere
 *     /dist/        a folder at the top
 *     docs/[ab].md  from the top
 *
 * A line with `!` un-ignores paths of earlier lines, so the earlier lines are skipped: alone they
 * would allow more.
 */
export function ignoredPaths({ file, text }: ToolFile, reason: string, isSlow: IsSlow): Imported {
  const lines = text
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.replace(/(?<!\\)\s+$/, ''), line: index + 1 }))
    .filter((line) => line.text !== '' && !line.text.startsWith('#'))
  const lastNegation = lines.findLast((line) => line.text.startsWith('!'))?.line ?? 0
  const paths: AllowPathEntry[] = []
  const log = lines.map(({ text: ignored, line }) =>
    tryImport({ file, line, entry: 'path' }, () => {
      if (ignored.startsWith('!'))
        throw new Untranslatable('it un-ignores paths of earlier lines, which are skipped for it')
      if (line < lastNegation)
        throw new Untranslatable(`line ${lastNegation} un-ignores some of its paths`)
      const pattern = toExpression(ignored)
      if (new RegExp(pattern).test('a') && new RegExp(pattern).test('.env'))
        throw new Untranslatable('it would allow every path')
      if (isSlow({ text: pattern, ignoreCase: false }))
        throw new Untranslatable('it could take exponential time')
      paths.push({ pattern, reason })
      return [false, []]
    }),
  )
  return { ...emptyImport, paths, log }
}

/** Returns the regular expression for a line of a `.gitignore`. */
function toExpression(ignored: string): string {
  const isFolder = /\/(?:\*\*)?$/.test(ignored)
  const name = ignored.replace(/\/(?:\*\*)?$/, '')
  const isAnchored = name.includes('/') || ignored.endsWith('/**')
  const body = [
    ...name.replace(/^\//, '').matchAll(/\*\*\/|\*+|\?|\[(?:!|\^)?\]?[^\]/]*\]|\\.|[^]/g),
  ]
    .map(([token]) => tokenExpression(token))
    .join('')
  return `${isAnchored ? '^' : '(?:^|/)'}${body}${isFolder ? '/' : '(?:/|$)'}`
}

function tokenExpression(token: string): string {
  if (token === '**/') return '(?:[^/]+/)*'
  if (token.startsWith('*')) return '[^/]*'
  if (token === '?') return '[^/]'
  if (token.startsWith('[') && token.length > 2) {
    const isNegated = /^\[[!^]/.test(token)
    const members = token.slice(isNegated ? 2 : 1, -1).replaceAll(/[\\[\]^]/g, String.raw`\$&`)
    return `[${isNegated ? '^/' : ''}${members}]`
  }
  const character = token.startsWith('\\') ? token.slice(1) : token
  return character.replace(/[\\^$.*+?()[\]{}|]/, String.raw`\$&`)
}
