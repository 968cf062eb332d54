/** Reads the lines around places of a finding again, for the details page. */
import { closeSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { OPEN_FLAGS_WITHOUT_LINKS, openRegularFile } from '../model/regular-file.ts'
import { withMembers } from '../scan/archives/members.ts'
import { catFileReader } from '../git/objects/cat-file-reader.ts'
import { pathBytes } from '../git/commands/path.ts'
import type { Repository } from '../git/commands/repository.ts'
import type { Finding, Origin, Place, SourceBlob, Suppressed } from '../model/model.ts'
import { groupPlaces, type PlaceGroup } from '../report/wording/places.ts'
import type { Scrub } from '../model/scrubber.ts'
import { isEntryFile } from '../scan/env-files/mask-values.ts'
import type { ShownContext } from '../model/shown.ts'
import { linesAround, type SecretSpan } from './excerpt.ts'

/** Bytes read before and after a secret. */
const CONTEXT_BYTES = 2048

/** Longer secrets, such as a bundle of keys, are cut after these bytes. */
const MAX_SECRET_BYTES = 8192

/** Bytes of an object or file, with their offset in it. */
export interface ByteExcerpt {
  readonly start: number
  readonly bytes: Buffer
}

/**
 * Reads the lines around places on request. Every secret in them is redacted, except, when it is to
 * be revealed, the secret of the place itself.
 */
export class ContextReader {
  readonly #repository: Repository
  readonly #findings: ReadonlyMap<string, Finding>
  readonly #clean: Scrub
  /** Spans of all secrets, by the object or file that holds them (`contentKey`). */
  readonly #secrets = new Map<string, (SecretSpan & { readonly place: Place })[]>()

  /**
   * `clean` removes secrets and escapes control characters. Suppressed candidates are redacted too,
   * since a reader may take them for secrets.
   */
  constructor(
    {
      repository,
      suppressed,
    }: { readonly repository: Repository; readonly suppressed: readonly Suppressed[] },
    findings: ReadonlyMap<string, Finding>,
    clean: Scrub,
  ) {
    this.#repository = repository
    this.#findings = findings
    this.#clean = clean
    for (const { parts, places } of findings.values()) {
      for (const place of places)
        this.#addSecret(place, parts.find(({ role }) => role === place.role)?.redacted ?? '…')
    }
    for (const { place, redacted } of suppressed) this.#addSecret(place, redacted)
  }

  /** Reads the lines around the nth place of a finding, in the order in which places are shown. */
  async read(
    fingerprint: string,
    index: number,
    request: { readonly reveal: boolean; readonly signal: AbortSignal },
  ): Promise<ShownContext> {
    const finding = this.#findings.get(fingerprint)
    const group = finding && groupPlaces(finding.places)[index]
    if (group === undefined) return { lines: [], note: 'no such place' }
    if (group[0].origin.inName) return { lines: [], note: 'the secret is in the name itself' }
    const from = Math.max(0, Math.min(...group.map(({ span }) => span.start)) - CONTEXT_BYTES)
    const to =
      Math.max(...group.map(({ span }) => Math.min(span.end, span.start + MAX_SECRET_BYTES))) +
      CONTEXT_BYTES
    const excerpt = await this.#read(
      group,
      { from, to: Math.min(to, from + 64 * CONTEXT_BYTES) },
      request.signal,
    ).catch(() => undefined)
    if (excerpt === undefined || excerpt.bytes.length === 0)
      return { lines: [], note: 'it can no longer be read' }
    const secrets = (this.#secrets.get(contentKey(group[0].origin)) ?? []).map(
      ({ place, ...span }) => ({ ...span, isOwn: group.includes(place) }),
    )
    return {
      lines: linesAround(excerpt, {
        secrets,
        firstSpan: firstSpan(group),
        reveal: request.reveal,
        clean: this.#clean,
        isEntries: group.some(({ origin }) => isEntryFile(origin)),
      }),
    }
  }

  #addSecret(place: Place, redacted: string): void {
    // Offsets of a secret in a name are offsets in the name.
    if (place.origin.inName === true) return
    const key = contentKey(place.origin)
    const spans = this.#secrets.get(key)
    const span = { start: place.span.start, end: place.span.end, redacted, place }
    if (spans === undefined) this.#secrets.set(key, [span])
    else spans.push(span)
  }

  async #read(
    [{ origin }]: PlaceGroup,
    range: ByteRange,
    signal: AbortSignal,
  ): Promise<ByteExcerpt | undefined> {
    if (origin.member !== undefined) return this.#readMember(origin, range, signal)
    if (origin.object !== undefined)
      return collectRange(this.#readObject(origin.object, signal), range)
    return origin.kind === 'file' && origin.path !== undefined
      ? this.#readFile(pathBytes(origin.path), range)
      : undefined
  }

  async *#readObject(
    id: string,
    signal: AbortSignal,
  ): AsyncGenerator<Pick<SourceBlob, 'kind' | 'start' | 'bytes' | 'last'>> {
    for await (const batch of catFileReader(this.#repository, 1).readObjects([id], signal)) {
      for (const object of batch) if (!('outcome' in object)) yield object
    }
  }

  /** Reads a member of an archive by unpacking the archive up to it. */
  async #readMember(
    origin: Origin,
    range: ByteRange,
    signal: AbortSignal,
  ): Promise<ByteExcerpt | undefined> {
    const { object, path } = origin
    if (object === undefined) return undefined
    const blobs = this.#readObject(object, signal)
    const outer: Origin = { kind: origin.kind, object, ...(path && { path }) }
    const source = withMembers({
      async *blobs() {
        for await (const blob of blobs) yield [{ ...blob, id: object, origins: [outer] }]
      },
    })
    async function* memberBlobs(): AsyncGenerator<SourceBlob> {
      for await (const batch of source.blobs(signal)) {
        for (const item of batch)
          if ('kind' in item && item.origins[0].member === origin.member) yield item
      }
    }
    return collectRange(memberBlobs(), range)
  }

  #readFile(path: Buffer, { from, to }: ByteRange): ByteExcerpt | undefined {
    const { top } = this.#repository
    if (top === null) return undefined
    const fullPath = Buffer.concat([Buffer.from(join(top, '/')), path])
    const file = openRegularFile(fullPath, OPEN_FLAGS_WITHOUT_LINKS)
    try {
      const bytes = Buffer.alloc(to - from)
      return { start: from, bytes: bytes.subarray(0, readSync(file, bytes, 0, to - from, from)) }
    } finally {
      closeSync(file)
    }
  }
}

/** Byte offsets; `to` is exclusive. */
interface ByteRange {
  readonly from: number
  readonly to: number
}

/** Returns the span of a group that starts first. */
function firstSpan([first, ...others]: PlaceGroup): Place['span'] {
  return others.reduce((least, { span }) => (span.start < least.start ? span : least), first.span)
}

/** Collects the bytes of a range from overlapping windows. */
async function collectRange(
  windows: AsyncIterable<Pick<SourceBlob, 'start' | 'bytes' | 'last'>>,
  { from, to }: ByteRange,
): Promise<ByteExcerpt | undefined> {
  const pieces: Buffer[] = []
  let at = from
  for await (const { start, bytes } of windows) {
    const end = start + bytes.length
    if (end > at && start <= at && at < to) {
      pieces.push(Buffer.from(bytes.subarray(at - start, Math.min(to, end) - start)))
      at = Math.min(to, end)
    }
    if (at >= to) break
  }
  return pieces.length === 0 ? undefined : { start: from, bytes: Buffer.concat(pieces) }
}

/** Returns a key that is equal for places in the same object, file or archive member. */
function contentKey({ object, path, member }: Origin): string {
  return JSON.stringify([
    object ?? (path === undefined ? '' : pathBytes(path).toString('latin1')),
    member,
    object === undefined,
  ])
}
