/** What links of commits and tags begin with, and what comes behind the last of them. */
const LINKS = ['tree ', 'parent ', 'object '].map((word) => Buffer.from(word))
const AUTHOR = Buffer.from('author ')
const TYPE = Buffer.from('type ')

/**
 * `tree 41a1…\nparent 3b18…\nauthor …` of a commit and `object 41a1…\ntype commit` of a tag: names in hexadecimal come
 * before anything else. Writes each to `id` and asks whether it is known; false where one is not, or where some may be missing.
 */
export function linksOfHeader(bytes: Uint8Array, id: Uint8Array, isKnown: () => boolean): boolean {
  let all = true
  let at = 0
  for (let word = linkAt(bytes, at); word !== undefined; word = linkAt(bytes, at)) {
    if (!readHex(bytes, at + word.length, id) || !isKnown()) all = false
    at += word.length + 2 * id.length + 1
  }
  // Names of the object's own author come behind the links; where neither stands, some of them may have been left out.
  return all && at > 0 && (standsAt(bytes, at, AUTHOR) || standsAt(bytes, at, TYPE))
}

function linkAt(bytes: Uint8Array, at: number): Uint8Array | undefined {
  return LINKS.find((word) => standsAt(bytes, at, word))
}

function standsAt(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let place = 0; place < word.length; place += 1) if (bytes[at + place] !== word[place]) return false
  return true
}

/** `41a1…` → the bytes, as many as there is room for; false where that is no hexadecimal. */
function readHex(bytes: Uint8Array, from: number, into: Uint8Array): boolean {
  for (let place = 0; place < into.length; place += 1) {
    const [high, low] = [digitOf(bytes[from + 2 * place]), digitOf(bytes[from + 2 * place + 1])]
    if (high < 0 || low < 0) return false
    into[place] = 16 * high + low
  }
  return true
}

/** Of `0` to `9` and `a` to `f`, as git writes them; -1 for all else. */
function digitOf(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1
}
