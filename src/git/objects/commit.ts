import { readHex } from './bytes.ts'

const TREE = Buffer.from('tree ')
const PARENT = Buffer.from('parent ')
const LINE_FEED = 0x0a

/**
 * The names of a commit's tree and parents as bytes, one behind the other; undefined for what is no
 * commit.
 * ```
 * tree 9daeafb9864cf43055ae93beb0afd6c7d144bfa4
 * parent 257cc5642cb1a054f08cc83f2d943e56fd3ebe99
 * ```
 */
export function linksOf(raw: Uint8Array, idBytes: number): Uint8Array | undefined {
  const tree = nameAt(raw, 0, TREE, idBytes)
  if (tree < 0) return undefined
  const places = [tree]
  const behind = 2 * idBytes + 1
  for (
    let at = nameAt(raw, tree + behind, PARENT, idBytes);
    at > 0;
    at = nameAt(raw, at + behind, PARENT, idBytes)
  )
    places.push(at)
  const links = new Uint8Array(places.length * idBytes)
  for (const [link, at] of places.entries())
    if (!readHex(raw, at, links.subarray(link * idBytes, (link + 1) * idBytes)))
      return link === 0 ? undefined : links.subarray(0, link * idBytes)
  return links
}

/** Where the name begins in a line that does with this word, or -1 when this is no such line. */
function nameAt(raw: Uint8Array, from: number, word: Uint8Array, idBytes: number): number {
  const start = from + word.length
  return raw[start + 2 * idBytes] === LINE_FEED && word.every((byte, at) => raw[from + at] === byte)
    ? start
    : -1
}
