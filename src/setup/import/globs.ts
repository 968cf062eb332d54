import { codesOf, sizeOf } from './regexp/charset.ts'
import { parse } from './regexp/parse.ts'
import type { Node } from './regexp/syntax.ts'
import { Untranslatable } from './regexp/untranslatable.ts'

const MOST = 40

/** Marks that no path has, for the two ends of one. */
const [START, END] = ['\u0001', '\u0002']

/**
 * Globs for an expression that is searched for in paths, which allow no more than it does:
 * `(?:^|/)test/` is `test/**` and any folder, then `test/**`. Throws `Untranslatable` for what is
 * no list of names with gaps.
 */
export function globsOf(text: string): readonly string[] {
  const spelled = [...new Set(spellings(parse(text, 'go')))].map(globOf)
  return [...new Set(spelled.flat())]
}

/** The names, with `*` within one and `**` where a gap may cross folders. */
function spellings(node: Node): readonly string[] {
  switch (node.kind) {
    case 'set':
      if (sizeOf(node.set) > 8) return ['?']
      return codesOf(node.set)
        .map((code) => String.fromCodePoint(code))
        .filter(isPlain)
    case 'assertion':
      if (node.at === 'text-start') return [START]
      if (node.at === 'text-end') return [END]
      throw new Untranslatable('its path cannot be written as a glob')
    case 'sequence':
      return node.items.reduce<readonly string[]>(
        (before, item) => few(before.flatMap((start) => spellings(item).map((end) => start + end))),
        [''],
      )
    case 'choice':
      return few(node.items.flatMap(spellings))
    case 'repeat':
      return repeated(node)
    case 'group':
      return spellings(node.item)
    default:
      return node satisfies never
  }
}

/** `.*` is a gap; `?` is there or not. */
function repeated(node: Extract<Node, { kind: 'repeat' }>): readonly string[] {
  if (node.max === 1) return few(['', ...spellings(node.item)])
  if (node.item.kind === 'set' && node.max === Infinity && sizeOf(node.item.set) > 0x10000)
    return [node.min === 0 ? '\u0003' : '?\u0003']
  throw new Untranslatable('its path cannot be written as a glob')
}

function few(list: readonly string[]): readonly string[] {
  if (list.length > MOST) throw new Untranslatable('its path would be too many globs')
  return list
}

/** What a glob takes for itself. */
function isPlain(character: string): boolean {
  if (/[*?]/.test(character)) throw new Untranslatable('its path cannot be written as a glob')
  return true
}

function globOf(spelled: string): readonly string[] {
  if (
    spelled.lastIndexOf(START) > 0 ||
    (spelled.includes(END) && spelled.indexOf(END) < spelled.length - 1) ||
    spelled.includes('?')
  )
    throw new Untranslatable('its path cannot be written as a glob')
  const inside = spelled.replaceAll(/[\u0001\u0002]/g, '')
  // A gap crosses folders at the end; elsewhere only within a name, which is less: `a/**/b` would
  // be `a/b` too.
  const glob = inside.replace(/\/\u0003+$/, '/**').replaceAll(/\u0003+/g, '*')
  const starts = spelled.startsWith(START)
    ? [glob]
    : glob.startsWith('/')
      ? [`**${glob}`]
      : [`**/*${glob}`]
  if (spelled.endsWith(END) || glob.endsWith('**')) return starts
  return starts.flatMap((start) =>
    start.endsWith('/') ? [`${start}**`] : [`${start}*`, `${start}*/**`],
  )
}
