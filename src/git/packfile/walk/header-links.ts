import { readHex } from '../../objects/bytes.ts'

/** What links of commits and tags begin with, and what comes behind the last of them. */
const LINKS = ['tree ', 'parent ', 'object '].map((word) => Buffer.from(word))
const AUTHOR = Buffer.from('author ')
const TYPE = Buffer.from('type ')

/**
 * `tree 41a1…\nparent 3b18…\nauthor …` of a commit and `object 41a1…\ntype commit` of a tag: names
 * in hexadecimal come before anything else. Writes each to `id` and asks whether it is known; false
 * where one is not, or where some may be missing.
 */
export function linksOfHeader(bytes: Uint8Array, id: Uint8Array, isKnown: () => boolean): boolean {
  let all = true
  let at = 0
  for (let word = linkAt(bytes, at); word !== undefined; word = linkAt(bytes, at)) {
    if (!readHex(bytes, at + word.length, id) || !isKnown()) all = false
    at += word.length + 2 * id.length + 1
  }
  // Names of the object's own author come behind the links; where neither stands, some of them may
  // have been left out.
  return all && at > 0 && (standsAt(bytes, at, AUTHOR) || standsAt(bytes, at, TYPE))
}

function linkAt(bytes: Uint8Array, at: number): Uint8Array | undefined {
  return LINKS.find((word) => standsAt(bytes, at, word))
}

function standsAt(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let place = 0; place < word.length; place += 1)
    if (bytes[at + place] !== word[place]) return false
  return true
}
