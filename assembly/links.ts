// Links of trees, commits and tags to other objects. Twin: `ConnectivityCheck` in
// src/git/packfile/walk/connectivity-check.ts.
import { COMMIT, TREE } from './entry-records'
import { headerIds, readHeaderLinks, setHeaderNumber } from './header-links'
import { base, baseEnd, idBytes } from './object-filter'
import { idNumberAt, isPacked } from './pack-ids'
import { logCommit, logTree, logTreeChange } from './tree-diffs'
import { beginTree, fragmentCount, linkCount } from './tree-entries'

/**
 * Checks in JavaScript what an object links to. `links`: the number of offsets listed for a tree,
 * or of IDs read from a header; negative when the lists are incomplete.
 */
// @ts-ignore: decorator
@external('walk', 'followLinks')
declare function followLinks(from: usize, to: usize, type: u32, result: i32, links: i32): void

/**
 * Logs an object's links, and calls `followLinks` when it links to an object that is in no pack or
 * has a name with a fragment. Of a tree that is a delta, only new entries are looked at.
 */
export function checkLinks(
  entry: i32,
  type: u32,
  isWhole: bool,
  from: usize,
  to: usize,
  result: i32,
): void {
  let links: i32 = -1
  if (type == TREE) {
    beginTree(from)
    const isLogged = isWhole
      ? logTree(entry, from, to)
      : logTreeChange(entry, base, baseEnd, from, to)
    if (isLogged) links = linkCount()
    if (links == 0 && fragmentCount() == 0) return
  } else {
    links = readHeaderLinks(from, to, idBytes)
    const allPacked = numberLinks(links)
    if (type == COMMIT) logCommit(entry, links, from)
    if (allPacked) return
  }
  followLinks(from, to, type, result, links)
}

/** Looks up the number of each ID of a header. True when all links are complete and in packs. */
function numberLinks(links: i32): bool {
  let allPacked = links >= 0
  for (let link = 0; link < links; link += 1) {
    const number = idNumberAt(headerIds() + 32 * <usize>link)
    setHeaderNumber(link, number)
    allPacked = allPacked && isPacked(number)
  }
  return allPacked
}
