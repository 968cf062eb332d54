// The detector: it turns blobs, or windows of large blobs, into candidates for findings.
import type {
  Candidate,
  Chunk,
  ObjectKind,
  Part,
  SourceBlob,
  Suppression,
} from '../../model/model.ts'
import type { Facts, Keyword, PairingNote, Rule, RulePart } from '../../model/rule.ts'
import { Secret } from '../../model/secret.ts'
import { severityAt } from '../entries/place.ts'
import type { EntrySighting } from '../entries/search-entries.ts'
import { chunksOf, mayBeUtf16, isAsciiInUtf16, UTF16_BYTES } from './chunks.ts'
import { joinParts } from './join.ts'
import { linesAround } from './lines-around.ts'
import type { Layout } from './layout.ts'
import { FIRST_LINE, LineIndex, type LineStart } from './line-index.ts'
import { resolveOverlaps, removeSlices } from './overlap.ts'
import { createPrefilter, type Prefilter } from './prefilter.ts'
import { RuleMatcher } from './rule-matcher.ts'
import type { Sighting } from './search.ts'

/**
 * Parts closer than this to a cut between windows are left to the neighbouring window, which shows
 * them and their surroundings completely.
 */
const EDGE_BYTES = 1024

/** Windows overlap by more than this and two edges. A longer part is taken as far as it goes. */
const MAX_PART_BYTES = 48 << 10

/** A judgement of the value of a secret, without its surroundings. */
interface ValueJudgement {
  readonly flaw?: Suppression
  readonly facts: Facts
}

/** A secret that code instead of a pattern found in a chunk. Offsets are the chunk's. */
export interface SpecialSighting extends Sighting, ValueJudgement {
  readonly rule: Rule
  readonly alone: Part['alone']
  readonly found: string
}

export interface DetectorOptions {
  readonly rules: readonly Rule[]
  readonly judge: (text: string, part: RulePart, rule: Rule) => ValueJudgement
  /** Finds secrets in files that are read by their format, such as env files. */
  readonly special: (blob: SourceBlob, chunk: Chunk) => Iterable<SpecialSighting>
  /** `createPrefilter` by default. */
  readonly prefilter?: (keywords: readonly Keyword[]) => Prefilter
}

/** A sighting of a pattern or of code, before it becomes a part. */
interface JudgedSighting extends SpecialSighting {
  readonly role: Part['role']
  readonly pairs?: PairingNote
  readonly layout?: () => Layout
}

interface FoundPart extends Part {
  readonly rule: Rule
  readonly layout?: Layout
}

/** Collects the parts found in the windows of a blob, and returns candidates with the last one. */
export class Detector {
  readonly #options: DetectorOptions
  readonly #matcher: RuleMatcher
  #blob: SourceBlob | undefined
  #parts = new Map<string, FoundPart>()
  #lines: LineIndex | undefined
  #windowLine: LineStart = FIRST_LINE

  constructor(options: DetectorOptions) {
    this.#options = options
    this.#matcher = new RuleMatcher(options.rules, options.prefilter ?? createPrefilter)
  }

  /**
   * Searches a blob or one window of it. Returns the candidates of the blob with its last window,
   * and those of the blob before it when that had no last window.
   */
  detect(blob: SourceBlob): readonly Candidate[] {
    return lastValueOf(this.detectInSteps(blob))
  }

  /**
   * Does the same in steps, each of which takes some milliseconds at most, and yields after each. A
   * blob whose steps are not all taken has those candidates that were found until then.
   */
  *detectInSteps(blob: SourceBlob): Generator<undefined, readonly Candidate[]> {
    const unfinished = this.#blob !== undefined && this.#blob.id !== blob.id ? this.end() : []
    if (this.#blob === undefined) this.#windowLine = FIRST_LINE
    else this.#windowLine = this.#lines?.locate(blob.start) ?? FIRST_LINE
    this.#blob = blob
    this.#lines = blob.last ? undefined : new LineIndex(blob.bytes, blob.start, this.#windowLine)
    for (const chunk of chunksOf(blob)) yield* this.#searchChunk(blob, chunk)
    if (!blob.last) return unfinished
    const candidates = yield* this.#endInSteps()
    return unfinished.length === 0 ? candidates : [...unfinished, ...candidates]
  }

  /** Returns the candidates of a blob that ended before its last window. */
  end(): readonly Candidate[] {
    return lastValueOf(this.#endInSteps())
  }

  *#endInSteps(): Generator<undefined, readonly Candidate[]> {
    const blob = this.#blob
    if (blob === undefined || this.#parts.size === 0) {
      this.#blob = undefined
      return []
    }
    const parts = [...this.#parts.values()].sort((a, b) => a.span.start - b.span.start)
    const { id, kind, origins } = blob
    const joined = yield* joinParts(removeSlices(parts), { id, kind, origins })
    // Only now: a caller that stops between two steps may still ask for all candidates.
    this.#blob = undefined
    this.#parts = new Map()
    return resolveOverlaps(joined)
  }

  /**
   * True when `detect` would find a part in these bytes, as a whole blob, flawed or not. Ignores
   * what depends on the name of a file, such as entries of env files. Only the bytes within
   * `dependencyRadius` of keywords decide.
   */
  findsAny(bytes: Uint8Array, kind: ObjectKind): boolean {
    return this.dependencyRadius(bytes, kind) === 'found'
  }

  /**
   * Returns how many bytes on each side of a keyword decide, at most, that nothing is found; 0
   * without a keyword. `asUtf16` saves a search for NUL bytes when the caller has made it.
   */
  dependencyRadius(
    bytes: Uint8Array,
    kind: ObjectKind,
    asUtf16 = mayBeUtf16({ bytes, kind }),
  ): number | 'found' {
    const blob: Pick<SourceBlob, 'bytes' | 'kind' | 'start'> = { bytes, kind, start: 0 }
    const byteHits = this.#matcher.findKeywords(bytes)
    // Most objects have no keyword and need nothing more.
    if (byteHits.length === 0 && !asUtf16) return 0
    let radius = 0
    for (const chunk of chunksOf(blob, asUtf16)) {
      const isBytes = chunk.encoding === 'bytes'
      const hits = isBytes ? byteHits : this.#matcher.findKeywords(chunk.bytes)
      radius = Math.max(radius, (isBytes ? 1 : UTF16_BYTES) * this.#matcher.maxRadius(hits))
      for (const { sighting } of this.#matcher.match(chunk, hits))
        if (isReadable(blob, chunk, sighting)) return 'found'
    }
    return radius
  }

  *#searchChunk(blob: SourceBlob, chunk: Chunk): Generator<undefined> {
    for (const { sighting, rule, part, steps, layout } of this.#matcher.match(chunk)) {
      const decoded = steps.map((step) => `, ${step}`).join('')
      const encoding = chunk.encoding === 'utf-16' ? ', in UTF-16' : ''
      const found = `${rule.description}: ${part.role} found by its form${decoded}${encoding}`
      this.#addPart(
        blob,
        chunk,
        'evidence' in sighting
          ? { ...fromEntry(sighting, blob, encoding), rule, role: part.role }
          : {
              ...sighting,
              ...this.#options.judge(sighting.text, part, rule),
              rule,
              role: part.role,
              alone: part.alone,
              ...(part.pairs === undefined ? {} : { pairs: part.pairs }),
              found,
              layout,
            },
      )
      yield
    }
    for (const sighting of this.#options.special(blob, chunk)) {
      this.#addPart(blob, chunk, { ...sighting, role: 'secret' })
      yield
    }
  }

  #addPart(blob: SourceBlob, chunk: Chunk, sighting: JudgedSighting): void {
    const [start, end] = spanOf(chunk, sighting)
    if (isAtCut(blob, start, end) || !isReadable(blob, chunk, sighting)) return
    const key = `${sighting.rule.id} ${sighting.role} ${start} ${end}`
    const existing = this.#parts.get(key)
    if (existing !== undefined && weightOf(existing) >= weightOf(sighting)) return
    this.#lines ??= new LineIndex(blob.bytes, blob.start, this.#windowLine)
    const from = this.#lines.locate(start)
    const to = this.#lines.locate(end)
    const lines = linesAround(chunk, sighting)
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
      line: new Secret(utf8(lines.own)),
      ...(lines.above === undefined ? {} : { lineAbove: new Secret(utf8(lines.above)) }),
      facts: sighting.facts,
      alone: sighting.alone,
      ...(sighting.pairs === undefined ? {} : { pairs: sighting.pairs }),
      found: sighting.found,
      ...(sighting.layout === undefined || !pairsParts(sighting.rule)
        ? {}
        : { layout: sighting.layout() }),
      ...(sighting.flaw === undefined ? {} : { flaw: sighting.flaw }),
    })
  }
}

/** Orders what two patterns say of one part: evidence that counts alone, then a name, then neither. */
function weightOf({ alone, pairs }: Pick<JudgedSighting, 'alone' | 'pairs'>): number {
  if (alone !== 'never') return 2
  return pairs === undefined ? 0 : 1
}

/** Returns the fields of a sighting that the judge of entries has judged. */
function fromEntry(
  { severity, evidence, isRandom, ...sighting }: EntrySighting,
  { origins }: SourceBlob,
  encoding: string,
): Omit<SpecialSighting, 'rule'> {
  const alone = isRandom ? severity : severityAt(severity, origins)
  return { ...sighting, alone, found: `${evidence}${encoding}`, facts: {} }
}

function lastValueOf<Value>(steps: Generator<undefined, Value>): Value {
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return step.value
}

/** True for a rule that pairs an id with another part: only pairing needs layouts. */
function pairsParts({ parts }: Rule): boolean {
  return parts.some(({ role }) => role === 'id') && parts.some(({ role }) => role !== 'id')
}

/**
 * Returns the range of a sighting in the blob, for UTF-16 without the outer NUL byte, which stands
 * before or behind the secret depending on byte order.
 */
function spanOf(chunk: Chunk, { start, end }: Sighting): readonly [start: number, end: number] {
  return [chunk.toBlob(start), chunk.toBlob(end - 1) + 1]
}

/** True when the sighting is text in the encoding of its chunk. */
function isReadable(
  blob: Pick<SourceBlob, 'bytes' | 'start'>,
  chunk: Chunk,
  sighting: Sighting,
): boolean {
  return chunk.encoding === 'bytes' || isAsciiInUtf16(blob, ...spanOf(chunk, sighting))
}

/** True at a cut between windows, where the neighbouring window shows more. */
function isAtCut({ kind, start, bytes, last }: SourceBlob, from: number, to: number): boolean {
  if (kind !== 'blob' || to - from > MAX_PART_BYTES) return false
  return (
    (start > 0 && from < start + EDGE_BYTES) || (!last && to > start + bytes.length - EDGE_BYTES)
  )
}

/** Decodes text that was read one character a byte as UTF-8, if it is not all ASCII. */
function utf8(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString('utf8') : latin1
}
