import type { ObjectReader } from '../objects/objects.ts'
import { treeEntries } from '../objects/tree.ts'
import type { Skip } from '../../model/model.ts'

/** How objects are looked up: until when, and who hears of those that cannot be read. */
export interface Lookup {
  readonly reader: ObjectReader
  readonly signal: AbortSignal
  readonly onSkip: (skip: Skip) => void
}

/** A name in a tree, and the object that goes by it. */
export interface NamedObject {
  readonly name: string
  readonly id: string
}

/** Who and when, of a commit or a tag. */
export interface Details {
  /** `Name <mail>`. */
  readonly author: string
  /** ISO 8601 with offset. */
  readonly date: string
  /** Seconds since 1970, to sort by. */
  readonly seconds: number
}

const UNKNOWN: Details = { author: 'unknown', date: '1970-01-01T00:00:00+00:00', seconds: 0 }

/** Author and committer's date of commits, tagger and date of tags. */
export async function readDetails(
  ids: readonly string[],
  { reader, signal, onSkip }: Lookup,
): Promise<ReadonlyMap<string, Details>> {
  const details = new Map<string, Details>()
  for await (const batch of reader.readObjects([...new Set(ids)], signal)) {
    for (const object of batch) {
      if ('outcome' in object) onSkip(object)
      else details.set(object.id, detailsIn(object.bytes))
    }
  }
  return details
}

/**
 * ```
 * author A U Thor <a@example.com> 1112911993 -0700
 * committer C O Mitter <c@example.com> 1112911993 -0700
 * ```
 * A tag has one line, `tagger`, of the same form. Lines end with a line feed only: names may hold
 * whatever else ends one.
 */
export function detailsIn(raw: Uint8Array): Details {
  const text = Buffer.from(raw).toString('utf8')
  const end = text.indexOf('\n\n')
  const lines = (end < 0 ? text : text.slice(0, end)).split('\n')
  const author = stampOf(lines, 'author ') ?? stampOf(lines, 'tagger ')
  if (author === undefined) return UNKNOWN
  const { seconds, zone } = stampOf(lines, 'committer ') ?? author
  return { author: author.name, date: isoDate(seconds, zone), seconds }
}

function stampOf(
  lines: readonly string[],
  word: string,
): { readonly name: string; readonly seconds: number; readonly zone: string } | undefined {
  const line = lines.find((one) => one.startsWith(word))
  const [, name, seconds, zone] =
    /^(.*) (-?\d+) ([+-]\d+)$/s.exec(line?.slice(word.length) ?? '') ?? []
  return name === undefined || zone === undefined
    ? undefined
    : { name, seconds: Number(seconds), zone }
}

/** Years 1 to 9999, the ones that have four digits. */
const FIRST_SECOND = -62_135_596_800
const LAST_SECOND = 253_402_300_799

/**
 * 1112911993 and `-0700` → `2005-04-07T15:13:13-07:00`. A zone that has not four digits is taken
 * for none.
 */
function isoDate(seconds: number, written: string): string {
  const zone = /^[+-]\d{4}$/.test(written) ? written : '+0000'
  const minutes =
    Number(`${zone.slice(0, 1)}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)))
  const shifted = Math.max(FIRST_SECOND, Math.min(seconds + minutes * 60, LAST_SECOND))
  return `${new Date(shifted * 1000).toISOString().slice(0, 19)}${zone.slice(0, 3)}:${zone.slice(3)}`
}

/**
 * For trees and offsets in them: the entry whose name stands there. All trees are read together.
 */
export async function entriesAt(
  { reader, signal }: Lookup,
  offsets: ReadonlyMap<string, readonly number[]>,
  idBytes: number,
): Promise<(tree: string, offset: number) => NamedObject | undefined> {
  const found = new Map<string, NamedObject | undefined>()
  for await (const batch of reader.readObjects([...offsets.keys()], signal)) {
    for (const object of batch) {
      if ('outcome' in object) continue
      const tree = Buffer.from(object.bytes)
      for (const offset of offsets.get(object.id) ?? [])
        found.set(`${object.id} ${offset}`, entryWithin(tree, idBytes, offset))
    }
  }
  return (tree, offset) => found.get(`${tree} ${offset}`)
}

function entryWithin(tree: Buffer, idBytes: number, offset: number): NamedObject | undefined {
  let end = 0
  for (const entry of treeEntries(tree, idBytes)) {
    end += entry.mode.length + 1 + entry.name.length + 1 + idBytes
    if (end > offset) return { name: entry.name.toString('latin1'), id: entry.id }
  }
  return undefined
}
