import { tryImport } from './attempt.ts'
import type { ToolFile } from './context.ts'
import type { AllowPathEntry, Imported } from './model.ts'
import { Untranslatable } from './regexp/untranslatable.ts'
import { emptyImport } from './result.ts'
import type { IsSlow } from './slow.ts'

/**
 * Paths of a file in the form of `.gitignore`. Each line is an expression that matches no more than
 * it:
 *
 *     *.svg         anywhere
 *     /dist/        a folder at the top
 *     docs/[ab].md  from the top
 *
 * A `!` takes back what lines before it ignored, so those are left out: alone they would allow
 * more.
 */
export function ignoredPaths({ file, text }: ToolFile, reason: string, isSlow: IsSlow): Imported {
  const lines = text
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.replace(/(?<!\\)\s+$/, ''), line: index + 1 }))
    .filter((line) => line.text !== '' && !line.text.startsWith('#'))
  const lastTaken = lines.findLast((line) => line.text.startsWith('!'))?.line ?? 0
  const paths: AllowPathEntry[] = []
  const account = lines.map(({ text: ignored, line }) =>
    tryImport({ file, line, entry: 'path' }, () => {
      if (ignored.startsWith('!'))
        throw new Untranslatable(
          'it takes back what lines before it ignore; these are left out for it',
        )
      if (line < lastTaken) throw new Untranslatable(`line ${lastTaken} takes some of it back`)
      const pattern = expressionOf(ignored)
      if (new RegExp(pattern).test('a') && new RegExp(pattern).test('.env'))
        throw new Untranslatable('it would allow every path')
      if (isSlow({ text: pattern, ignoreCase: false }))
        throw new Untranslatable('it could take exponential time')
      paths.push({ pattern, reason })
      return [false, []]
    }),
  )
  return { ...emptyImport, paths, log: account }
}

function expressionOf(ignored: string): string {
  const isFolder = /\/(?:\*\*)?$/.test(ignored)
  const inside = ignored.replace(/\/(?:\*\*)?$/, '')
  const isAnchored = inside.includes('/') || ignored.endsWith('/**')
  const body = [
    ...inside.replace(/^\//, '').matchAll(/\*\*\/|\*+|\?|\[(?:!|\^)?\]?[^\]/]*\]|\\.|[^]/g),
  ]
    .map(([token]) => tokenOf(token))
    .join('')
  return `${isAnchored ? '^' : '(?:^|/)'}${body}${isFolder ? '/' : '(?:/|$)'}`
}

function tokenOf(token: string): string {
  if (token === '**/') return '(?:[^/]+/)*'
  if (token.startsWith('*')) return '[^/]*'
  if (token === '?') return '[^/]'
  if (token.startsWith('[') && token.length > 2) {
    const negated = /^\[[!^]/.test(token)
    const members = token.slice(negated ? 2 : 1, -1).replaceAll(/[\\[\]^]/g, String.raw`\$&`)
    return `[${negated ? '^/' : ''}${members}]`
  }
  const character = token.startsWith('\\') ? token.slice(1) : token
  return character.replace(/[\\^$.*+?()[\]{}|]/, String.raw`\$&`)
}
