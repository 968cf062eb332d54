/** Reads authors and dates of commits, and names in trees. */
import type { Skip } from '../../model/model.ts'
import { type HeaderField, headerFields } from '../objects/commit.ts'
import type { ObjectReader } from '../objects/objects.ts'
import { entryAtOffset } from '../objects/tree.ts'

/** The reader that looks objects up, its signal, and the receiver of its skips. */
export interface Lookup {
  readonly reader: ObjectReader
  readonly signal: AbortSignal
  readonly onSkip: (skip: Skip) => void
}

/** An entry of a tree: the name as Latin-1, and the id of its object. */
export interface NamedObject {
  readonly name: string
  readonly id: string
}

/** The author and the date of a commit or tag. */
export interface Details {
  /** `Name <mail>`. */
  readonly author: string
  /** ISO 8601 with offset. */
  readonly date: string
  /** Seconds since 1970, for sorting. */
  readonly seconds: number
}

const UNKNOWN: Details = { author: 'unknown', date: '1970-01-01T00:00:00+00:00', seconds: 0 }

/** Reads the author and committer's date of commits, and the tagger and date of tags. */
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
 * Parses the details of a raw commit. A raw tag has one line, `tagger`, of the same form.
 * ```
 * author A U Thor <a@example.com> 1112911993 -0700
 * committer C O Mitter <c@example.com> 1112911993 -0700
 * ```
 */
export function detailsIn(raw: Uint8Array): Details {
  const fields = [...headerFields(raw)]
  const author = signatureOf(fields, 'author') ?? signatureOf(fields, 'tagger')
  if (author === undefined) return UNKNOWN
  const { seconds, zone } = signatureOf(fields, 'committer') ?? author
  return { author: author.name, date: isoDate(seconds, zone), seconds }
}

/** A person's name and mail, with a time. */
interface Signature {
  readonly name: string
  readonly seconds: number
  readonly zone: string
}

function signatureOf(fields: readonly HeaderField[], fieldName: string): Signature | undefined {
  const field = fields.find(({ name }) => name === fieldName)
  const [, name, seconds, zone] = /^(.*) (-?\d+) ([+-]\d+)$/s.exec(field?.value ?? '') ?? []
  return name === undefined || zone === undefined
    ? undefined
    : { name, seconds: Number(seconds), zone }
}

/** The range of years with four digits: 1 to 9999. */
const MIN_SECONDS = -62_135_596_800
const MAX_SECONDS = 253_402_300_799

/**
 * Formats a time: 1112911993 and `-0700` are `2005-04-07T15:13:13-07:00`. A zone that has not four
 * digits counts as +0000.
 */
function isoDate(seconds: number, zoneText: string): string {
  const zone = /^[+-]\d{4}$/.test(zoneText) ? zoneText : '+0000'
  const sign = Number(`${zone.slice(0, 1)}1`)
  const minutes = sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)))
  const local = Math.max(MIN_SECONDS, Math.min(seconds + minutes * 60, MAX_SECONDS))
  const text = new Date(local * 1000).toISOString().slice(0, 19)
  return `${text}${zone.slice(0, 3)}:${zone.slice(3)}`
}

/**
 * Reads trees, and finds the entries that cover some of their offsets. The returned function looks
 * an entry up by tree and offset.
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
      for (const offset of offsets.get(object.id) ?? []) {
        const entry = entryAtOffset(tree, offset, idBytes)
        const named = entry && { name: entry.name.toString('latin1'), id: entry.id }
        found.set(`${object.id} ${offset}`, named)
      }
    }
  }
  return (tree, offset) => found.get(`${tree} ${offset}`)
}
