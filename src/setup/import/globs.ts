/** Converts path expressions and literal paths to globs, for entries that take only globs. */
import { codesOf, sizeOf } from './regexp/charset.ts'
import { parse } from './regexp/parse.ts'
import { type Node, Untranslatable } from './regexp/syntax.ts'

const MAX_GLOBS = 40
const MAX_SET_SIZE = 8

/** Placeholders in spellings, of characters that no path contains: start, end, and any text. */
const START = '\u0001'
const END = '\u0002'
const GAP = '\u0003'

const notAGlob = 'its path cannot be written as a glob'

/**
 * Returns a glob that matches exactly one path; undefined for names with `*` or `?`, which globs
 * cannot escape.
 */
export function literalGlob(path: string): string | undefined {
  const plain = path.replace(/^(?:\.?\/)+/, '')
  return plain === '' || plain.length > 500 || /[*?\x00-\x1f\x7f]/.test(plain) ? undefined : plain
}

/**
 * Returns globs that together match no more than an expression that is searched for in paths:
 * `(?:^|/)test/` becomes `test/**` and the same below any folder. Throws `Untranslatable` for
 * expressions other than lists of names with gaps.
 */
export function globsOf(text: string): readonly string[] {
  const globs = [...new Set(spellings(parse(text, 'go')))].map(toGlobs)
  return [...new Set(globs.flat())]
}

/** Returns every text that the expression matches, with the placeholders above. */
function spellings(node: Node): readonly string[] {
  switch (node.kind) {
    case 'set':
      if (sizeOf(node.set) > MAX_SET_SIZE) return ['?']
      return codesOf(node.set).map((code) => literalCharacter(String.fromCodePoint(code)))
    case 'assertion':
      if (node.at === 'text-start') return [START]
      if (node.at === 'text-end') return [END]
      throw new Untranslatable(notAGlob)
    case 'sequence':
      return node.items.reduce<readonly string[]>(
        (beginnings, item) =>
          checkCount(
            beginnings.flatMap((beginning) => spellings(item).map((end) => beginning + end)),
          ),
        [''],
      )
    case 'choice':
      return checkCount(node.items.flatMap(spellings))
    case 'repeat':
      return repeatSpellings(node)
    case 'group':
      return spellings(node.item)
    default:
      return node satisfies never
  }
}

/** Returns the spellings of an optional item, or the placeholder for `.*` and `.+`. */
function repeatSpellings(node: Extract<Node, { kind: 'repeat' }>): readonly string[] {
  if (node.max === 1) return checkCount(['', ...spellings(node.item)])
  if (node.item.kind === 'set' && node.max === Infinity && sizeOf(node.item.set) > 0x10000)
    return [node.min === 0 ? GAP : `?${GAP}`]
  throw new Untranslatable(notAGlob)
}

function checkCount(list: readonly string[]): readonly string[] {
  if (list.length > MAX_GLOBS) throw new Untranslatable('its path would need too many globs')
  return list
}

/** Returns a character that has no special meaning in globs; throws for `*` and `?`. */
function literalCharacter(character: string): string {
  if (/[*?]/.test(character)) throw new Untranslatable(notAGlob)
  return character
}

function toGlobs(spelling: string): readonly string[] {
  if (
    spelling.lastIndexOf(START) > 0 ||
    (spelling.includes(END) && spelling.indexOf(END) < spelling.length - 1) ||
    spelling.includes('?')
  )
    throw new Untranslatable(notAGlob)
  const inner = spelling.replaceAll(START, '').replaceAll(END, '')
  // A gap at the end of a folder becomes `**`. Elsewhere it becomes `*`, which matches less: in
  // `a/**/b` the gap would also match nothing, that is `a/b`.
  const glob = inner
    .replace(new RegExp(`/${GAP}+$`), '/**')
    .replaceAll(new RegExp(`${GAP}+`, 'g'), '*')
  const anchored = anchorGlob(glob, spelling.startsWith(START))
  if (spelling.endsWith(END) || glob.endsWith('**')) return [anchored]
  return anchored.endsWith('/') ? [`${anchored}**`] : [`${anchored}*`, `${anchored}*/**`]
}

/** Lets a glob match below any folder, unless it is anchored at the top. */
function anchorGlob(glob: string, isAnchored: boolean): string {
  if (isAnchored) return glob
  return glob.startsWith('/') ? `**${glob}` : `**/*${glob}`
}
