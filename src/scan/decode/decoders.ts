// The search for rules in decoded text: unescaped, joined from pieces, decoded from base64.
import type { Chunk } from '../../model/model.ts'
import type { RulePart } from '../../model/rule.ts'
import type { DecodePlan } from '../detect/keyword-index.ts'
import { type Layout, layoutAt } from '../detect/layout.ts'
import { type Prefilter, slowPrefilter } from '../detect/prefilter.ts'
import { isWithinWindow, searchPattern, type Sighting, windowsAround } from '../detect/search.ts'
import { base64KeywordsOf } from './base64-keywords.ts'
import { type Base64Keywords, combineKeywords, decodeBase64 } from './base64-text.ts'
import { DECODE_MARGIN } from './decode-margin.ts'
import { hasEncodingHints } from './encoding-hints.ts'
import { joinLiterals } from './join-literals.ts'
import { type MappedText, plainText } from './mapped-text.ts'
import { decodeQuotedPrintable, isQuotedPrintable, unescapeText } from './unescape.ts'

/** Rounds of decoding: enough for base64 within base64 within a string. */
const MAX_ROUNDS = 3

interface DecodedText extends MappedText {
  /** Names of the steps that decoded it. */
  readonly steps: readonly string[]
}

type DecodablePart = Pick<RulePart, 'role' | 'keywords' | 'pattern' | 'window'>

/** A secret that a part's pattern found in decoded text. Offsets are those of its encoded form. */
interface DecodedSighting<Part> {
  readonly part: Part
  readonly sighting: Sighting
  readonly steps: readonly string[]
  readonly layout: () => Layout
}

/**
 * Searches for one rule in decoded text around keywords. Decodes only a few KiB around each, and
 * only text with signs of an encoding.
 */
export class DecodedSearch<Part extends DecodablePart = DecodablePart> {
  readonly #parts: readonly Part[]
  /** Created for the first text that is decoded. */
  #base64Keywords: Base64Keywords | undefined
  readonly #prefilter: Prefilter
  /** For each keyword of the prefilter its part. */
  readonly #partOfKeyword: readonly Part[]

  constructor(rule: { readonly parts: readonly Part[] }) {
    this.#parts = rule.parts
    this.#partOfKeyword = rule.parts.flatMap((part) => part.keywords.map(() => part))
    this.#prefilter = slowPrefilter(rule.parts.flatMap((part) => part.keywords))
  }

  /**
   * Returns secrets within the plan's radius of a keyword. `hits` are the ascending offsets of the
   * keywords in the chunk.
   */
  search(
    chunk: Chunk,
    hits: readonly number[],
    { radius, isBase64 }: Pick<DecodePlan, 'radius' | 'isBase64'>,
  ): readonly DecodedSighting<Part>[] {
    const ranges = windowsAround(hits, radius + DECODE_MARGIN, chunk.bytes.length)
    const sightings: DecodedSighting<Part>[] = []
    const { buffer, byteOffset } = chunk.bytes
    for (let at = 0; at < ranges.length; at += 2) {
      const [from = 0, to = 0] = [ranges[at], ranges[at + 1]]
      if (!isBase64 && !hasEncodingHints(chunk.bytes, from, to)) continue
      const text = Buffer.from(buffer, byteOffset + from, to - from).toString('latin1')
      this.#base64Keywords ??= combineKeywords(base64KeywordsOf({ parts: this.#parts }))
      for (const decoded of decodingsOf(plainText(text, from), this.#base64Keywords)) {
        const isNear = (first: number, end: number): boolean =>
          isWithinWindow(hits, radius, decoded.startOf(first), decoded.endOf(end - 1))
        sightings.push(...this.#searchDecoded(chunk, decoded, isNear))
      }
    }
    return sightings
  }

  #searchDecoded(
    chunk: Chunk,
    decoded: DecodedText,
    isNear: (from: number, to: number) => boolean,
  ): readonly DecodedSighting<Part>[] {
    const bytes = Buffer.from(decoded.text, 'latin1')
    const keywordHits: number[] = []
    this.#prefilter.search(bytes, keywordHits)
    return this.#parts.flatMap((part) => {
      const hits = keywordHits
        .filter((_, at) => at % 2 === 1 && this.#partOfKeyword[keywordHits[at - 1] ?? -1] === part)
        .sort((a, b) => a - b)
      return Array.from(searchPattern({ bytes }, part, hits, isNear), ({ start, end, text }) => ({
        part,
        sighting: { start: decoded.startOf(start), end: decoded.endOf(end - 1), text },
        steps: decoded.steps,
        layout: () => layoutAt(bytes, start, (at) => chunk.toBlob(decoded.startOf(at))),
      }))
    })
  }
}

/** Yields the decoded forms of a text: as source code, and as mail when it looks like mail. */
function* decodingsOf(source: MappedText, keywords: Base64Keywords): Generator<DecodedText> {
  const decoded = decode({ ...source, steps: [] }, keywords)
  if (decoded.steps.length > 0) yield decoded
  if (!isQuotedPrintable(source.text)) return
  const mail = decodeQuotedPrintable(source)
  if (mail !== source) yield decode({ ...mail, steps: ['quoted-printable'] }, keywords)
}

/** Unescapes, joins and decodes until nothing changes. */
function decode(source: DecodedText, keywords: Base64Keywords): DecodedText {
  let decoded = source
  const apply = (name: string, decoder: (text: MappedText) => MappedText): boolean => {
    const next = decoder(decoded)
    if (next === decoded) return false
    decoded = {
      text: next.text,
      startOf: next.startOf,
      endOf: next.endOf,
      steps: [...new Set([...decoded.steps, name])],
    }
    return true
  }
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const changes = [
      apply('unescaped', unescapeText),
      apply('joined', joinLiterals),
      apply('from base64', (text) => decodeBase64(text, keywords)),
    ]
    if (!changes.includes(true)) break
  }
  return decoded
}
