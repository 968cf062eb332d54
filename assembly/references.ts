// What trees, commits and tags refer to. Twin: `LinkCheck` in src/pack/links.ts.
import { noteChange, noteCommit, noteTree } from './changes'
import { headerIds, headerLinks, setHeaderNumber } from './headers'
import { isPacked, numberAt } from './packed'
import { COMMIT, TREE } from './records'
import { base, baseEnd, idBytes } from './sight'
import { beginTree, linkCount, markCount } from './tree'

/**
 * Looks closer at what an object refers to. `links`: how many places were noted of a tree, or names
 * of a header; negative where something is not as it mostly is.
 */
// @ts-ignore: decorator
@external('walk', 'follow')
declare function follow(from: usize, to: usize, type: u32, interest: i32, links: i32): void

/**
 * Notes it for later, and asks about what is in no pack, or has a name with a mark. Of what changes
 * another object only what is new is looked at.
 */
export function refer(entry: i32, type: u32, isWhole: bool, from: usize, to: usize, interest: i32): void {
  let links: i32 = -1
  if (type == TREE) {
    beginTree(from)
    if (isWhole ? noteTree(entry, from, to) : noteChange(entry, base, baseEnd, from, to)) links = linkCount()
    if (links == 0 && markCount() == 0) return
  } else {
    links = headerLinks(from, to, idBytes)
    const packed = arePacked(links)
    if (type == COMMIT) noteCommit(entry, links, from)
    if (packed) return
  }
  follow(from, to, type, interest, links)
}

/** Is all that `headerLinks` read? Gives each its number besides. */
function arePacked(links: i32): bool {
  let packed = links >= 0
  for (let link = 0; link < links; link += 1) {
    const number = numberAt(headerIds() + 32 * <usize>link)
    setHeaderNumber(link, number)
    packed = packed && isPacked(number)
  }
  return packed
}
