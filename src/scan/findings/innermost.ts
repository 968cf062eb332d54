import type { Origin, Place } from '../../model/model.ts'

/**
 * What is stored in an archive without being compressed is seen twice: in the archive's own bytes,
 * and as a member. The member says where it is, so the other places in the same archive are left
 * out.
 */
export function innermost(places: readonly [Place, ...Place[]]): readonly [Place, ...Place[]] {
  const outer = new Set(
    places.flatMap(({ origin, role }) =>
      aroundOf(origin.member).map((member) => keyOf({ ...origin, member }, role)),
    ),
  )
  if (outer.size === 0) return places
  const [first, ...rest] = places.filter(({ origin, role }) => !outer.has(keyOf(origin, role)))
  return first === undefined ? places : [first, ...rest]
}

/** `a.zip/b/c.txt`: the archive itself, `a.zip`, `a.zip/b`. */
function aroundOf(member: string | undefined): readonly string[] {
  return member === undefined
    ? []
    : ['', ...Array.from(member.matchAll(/\//g), ({ index }) => member.slice(0, index))]
}

function keyOf({ kind, object, commit, path, member }: Origin, role: Place['role']): string {
  return JSON.stringify([kind, object, commit, path?.text, member ?? '', role])
}
