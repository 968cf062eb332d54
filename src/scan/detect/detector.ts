import type {
  Candidate,
  Chunk,
  ObjectKind,
  Part,
  SourceBlob,
  Suppression,
} from '../../model/model.ts'
import type { Facts, Keyword, Rule, RulePart } from '../../model/rule.ts'
import { Secret } from '../../model/secret.ts'
import { chunksOf, isRead16, isWide, UTF16_BYTES } from './chunks.ts'
import { join } from './join.ts'
import type { Layout } from './layout.ts'
import { FIRST_LINE, LineIndex, type LinePlace } from './line-index.ts'
import { overlap, withoutSlices } from './overlap.ts'
import { createPrefilter, type Prefilter } from './prefilter.ts'
import { RuleMatcher } from './rule-matcher.ts'
import type { Sighting } from './search.ts'

/** Characters of the line kept on each side of a secret. */
const LINE_REACH = 400

/**
 * What stands closer to a cut than this is left to the neighbouring window, which shows it whole
 * and what is around it.
 */
const EDGE_BYTES = 1024

/** Windows overlap by more than this and two edges. A longer secret is taken as far as it goes. */
const MAX_BYTES = 48 << 10

/** What the value of a secret tells without its surroundings. */
interface Judgement {
  readonly flaw?: Suppression
  readonly facts: Facts
}

/** A secret that no pattern finds, seen by code of its own in a chunk: offsets are the chunk's. */
export interface SpecialSighting extends Sighting, Judgement {
  readonly rule: Rule
  readonly alone: Part['alone']
  readonly found: string
}

export interface DetectorOptions {
  readonly rules: readonly Rule[]
  readonly judge: (text: string, part: RulePart, rule: Rule) => Judgement
  /** For blobs whose name says how to read them. */
  readonly special: (blob: SourceBlob, chunk: Chunk) => Iterable<SpecialSighting>
  /** Default: the fast one. */
  readonly prefilter?: (keywords: readonly Keyword[]) => Prefilter
}

/** What is known of a sighting when it becomes a part. */
interface KnownSighting extends SpecialSighting {
  readonly role: Part['role']
  readonly layout?: () => Layout
}

interface FoundPart extends Part {
  readonly rule: Rule
  readonly layout?: Layout
}

/** Source blob → candidates. Keeps what it found in a blob until its last window. */
export class Detector {
  readonly #options: DetectorOptions
  readonly #scout: RuleMatcher
  #blob: SourceBlob | undefined
  #parts = new Map<string, FoundPart>()
  #lines: LineIndex | undefined
  #place: LinePlace = FIRST_LINE

  constructor(options: DetectorOptions) {
    this.#options = options
    this.#scout = new RuleMatcher(options.rules, options.prefilter ?? createPrefilter)
  }

  /** Looks through a blob or one window of it. The candidates come with its last window. */
  detect(blob: SourceBlob): readonly Candidate[] {
    const unfinished = this.#blob !== undefined && this.#blob.id !== blob.id ? this.end() : []
    if (this.#blob === undefined) this.#place = FIRST_LINE
    else this.#place = this.#lines?.locate(blob.start) ?? FIRST_LINE
    this.#blob = blob
    this.#lines = blob.last ? undefined : new LineIndex(blob.bytes, blob.start, this.#place)
    for (const chunk of chunksOf(blob)) this.#look(blob, chunk)
    if (!blob.last) return unfinished
    const candidates = this.end()
    return unfinished.length === 0 ? candidates : [...unfinished, ...candidates]
  }

  /** Gives the candidates of a blob that broke off before its last window. */
  end(): readonly Candidate[] {
    const blob = this.#blob
    this.#blob = undefined
    if (blob === undefined || this.#parts.size === 0) return []
    const parts = [...this.#parts.values()].sort((a, b) => a.span.start - b.span.start)
    this.#parts = new Map()
    const { id, kind, origins } = blob
    return overlap(join(withoutSlices(parts), { id, kind, origins }))
  }

  /**
   * Would `detect` find a part in these bytes, as a whole blob, sound or flawed, alone or not? What
   * hangs on the name of a file, such as entries of env files, is left out. `reachOf` says on which
   * bytes the answer hangs.
   */
  sights(bytes: Uint8Array, kind: ObjectKind): boolean {
    return this.reach(bytes, kind) === 'found'
  }

  /**
   * Where nothing is sighted, how many of these bytes on each side of a keyword the answer hangs
   * on, at most; 0 where no keyword stands. Whoever knows whether it is read as UTF-16 as well says
   * so.
   */
  reach(bytes: Uint8Array, kind: ObjectKind, read16 = isRead16({ bytes, kind })): number | 'found' {
    const blob: Pick<SourceBlob, 'bytes' | 'kind' | 'start'> = { bytes, kind, start: 0 }
    const hits = this.#scout.hitsIn(bytes)
    // Most objects are blank, and take no more than this.
    if (hits.length === 0 && !read16) return 0
    let reach = 0
    for (const chunk of chunksOf(blob, read16)) {
      const here = chunk.encoding === 'bytes' ? hits : this.#scout.hitsIn(chunk.bytes)
      reach = Math.max(
        reach,
        (chunk.encoding === 'bytes' ? 1 : UTF16_BYTES) * this.#scout.reachOf(here),
      )
      for (const { sighting } of this.#scout.sightings(chunk, here))
        if (isReadable(blob, chunk, sighting)) return 'found'
    }
    return reach
  }

  #look(blob: SourceBlob, chunk: Chunk): void {
    for (const { sighting, rule, part, steps, layout } of this.#scout.sightings(chunk)) {
      const found = `${rule.description}: ${part.role} found by its form${steps.map((step) => `, ${step}`).join('')}${chunk.encoding === 'utf-16' ? ', in UTF-16' : ''}`
      this.#keep(blob, chunk, {
        ...sighting,
        ...this.#options.judge(sighting.text, part, rule),
        rule,
        role: part.role,
        alone: part.alone,
        found,
        layout,
      })
    }
    for (const sighting of this.#options.special(blob, chunk))
      this.#keep(blob, chunk, { ...sighting, role: 'secret' })
  }

  #keep(blob: SourceBlob, chunk: Chunk, sighting: KnownSighting): void {
    const [start, end] = spanOf(chunk, sighting)
    if (isAtCut(blob, start, end) || !isReadable(blob, chunk, sighting)) return
    const key = `${sighting.rule.id} ${sighting.role} ${start} ${end}`
    const known = this.#parts.get(key)
    if (known !== undefined && (known.alone !== 'never' || sighting.alone === 'never')) return
    this.#lines ??= new LineIndex(blob.bytes, blob.start, this.#place)
    const from = this.#lines.locate(start)
    const to = this.#lines.locate(end)
    this.#parts.set(key, {
      rule: sighting.rule,
      role: sighting.role,
      secret: new Secret(utf8(sighting.text)),
      span: {
        start,
        end,
        line: from.line,
        column: start - from.lineStart + 1,
        endLine: to.line,
        endColumn: end - to.lineStart + 1,
      },
      line: new Secret(utf8(lineAround(chunk, sighting))),
      facts: sighting.facts,
      alone: sighting.alone,
      found: sighting.found,
      ...(sighting.layout === undefined || !isOfPairs(sighting.rule)
        ? {}
        : { layout: sighting.layout() }),
      ...(sighting.flaw === undefined ? {} : { flaw: sighting.flaw }),
    })
  }
}

/** What a part stands in only matters to who looks for its partner. */
function isOfPairs({ parts }: Rule): boolean {
  return parts.some(({ role }) => role === 'id') && parts.some(({ role }) => role !== 'id')
}

/**
 * UTF-16 is cut at its outer NUL bytes, which stand on one side in one byte order and on the other
 * in the other.
 */
function spanOf(chunk: Chunk, { start, end }: Sighting): readonly [start: number, end: number] {
  return [chunk.toBlob(start), chunk.toBlob(end - 1) + 1]
}

/** Is it text in the encoding of its chunk? */
function isReadable(
  blob: Pick<SourceBlob, 'bytes' | 'start'>,
  chunk: Chunk,
  sighting: Sighting,
): boolean {
  return chunk.encoding === 'bytes' || isWide(blob, ...spanOf(chunk, sighting))
}

/** Does it stand where windows of a blob were cut apart, so that a neighbour sees more of it? */
function isAtCut({ kind, start, bytes, last }: SourceBlob, from: number, to: number): boolean {
  if (kind !== 'blob' || to - from > MAX_BYTES) return false
  return (
    (start > 0 && from < start + EDGE_BYTES) || (!last && to > start + bytes.length - EDGE_BYTES)
  )
}

/** The line that holds the end of a secret, where markers stand, cut on both sides. */
function lineAround(chunk: Chunk, sighting: Sighting): string {
  const from = Math.max(0, sighting.start - LINE_REACH)
  const to = Math.min(chunk.bytes.length, sighting.end + LINE_REACH)
  const text = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset + from, to - from).toString(
    'latin1',
  )
  const begin = text.lastIndexOf('\n', sighting.start - from) + 1
  const end = text.indexOf('\n', sighting.end - from)
  return text.slice(begin, end < 0 ? undefined : end)
}

/** Chunks are read one character a byte; outside ASCII that is not yet the text. */
function utf8(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString('utf8') : latin1
}
