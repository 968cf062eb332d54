import type { Chunk } from '../../model/model.ts'
import type { RulePart } from '../../model/rule.ts'
import type { ViewPlan } from '../detect/keyword-index.ts'
import { base64KeywordsOf } from './base64-keywords.ts'
import { type Base64Keywords, decodeBase64, together } from './base64-text.ts'
import { joinPieces } from './join-literals.ts'
import { type Layout, layoutAt } from '../detect/layout.ts'
import { type MappedText, plainText } from './mapped-text.ts'
import { type Prefilter, slowPrefilter } from '../detect/prefilter.ts'
import { isQuotedPrintable, readQuotedPrintable } from './quoted-printable.ts'
import { isWithin, search, type Sighting, surroundings } from '../detect/search.ts'
import { hasEncodingHints } from './encoding-hints.ts'
import { unescapeText } from './unescape.ts'
import { DECODE_MARGIN } from './decode-margin.ts'

/** Base64 in base64 in a string: as often is text read once more. */
const ROUNDS = 3

/** Text as somebody meant it, who then had it escaped, cut or encoded. */
interface DecodedText extends MappedText {
  /** How it was read, in words. */
  readonly steps: readonly string[]
}

/** What is looked for of a part of a rule. */
type Sought = Pick<RulePart, 'role' | 'keywords' | 'pattern' | 'window'>

/** What a part's pattern sees in a view, at the offsets of the chunk that it was written at. */
interface DecodedSighting<Part> {
  readonly part: Part
  readonly sighting: Sighting
  readonly steps: readonly string[]
  readonly layout: () => Layout
}

/**
 * Looks for one rule in views around anchors. Only a few KiB around each are read, and only where
 * there is a reason to.
 */
export class DecodedSearch<Part extends Sought = Sought> {
  readonly #own: readonly Part[]
  /** Made when the first view is. */
  #anchors: Base64Keywords | undefined
  readonly #keywords: Prefilter
  /** For each keyword its part. */
  readonly #parts: readonly Part[]

  constructor(rule: { readonly parts: readonly Part[] }) {
    this.#own = rule.parts
    this.#parts = rule.parts.flatMap((part) => part.keywords.map(() => part))
    this.#keywords = slowPrefilter(rule.parts.flatMap((part) => part.keywords))
  }

  /**
   * `hits`: ascending offsets of anchors in the chunk. What is found lies so near to one of them as
   * the plan says.
   */
  sightings(
    chunk: Chunk,
    hits: readonly number[],
    { bytes, encoded }: Pick<ViewPlan, 'bytes' | 'encoded'>,
  ): readonly DecodedSighting<Part>[] {
    const ranges = surroundings(hits, bytes + DECODE_MARGIN, chunk.bytes.length)
    const sightings: DecodedSighting<Part>[] = []
    for (let at = 0; at < ranges.length; at += 2) {
      const [from = 0, to = 0] = [ranges[at], ranges[at + 1]]
      if (!encoded && !hasEncodingHints(chunk.bytes, from, to)) continue
      const text = Buffer.from(
        chunk.bytes.buffer,
        chunk.bytes.byteOffset + from,
        to - from,
      ).toString('latin1')
      this.#anchors ??= together(base64KeywordsOf({ parts: this.#own }))
      for (const view of viewsOf(plainText(text, from), this.#anchors)) {
        sightings.push(
          ...this.#look(chunk, view, (first, end) =>
            isWithin(hits, bytes, view.startOf(first), view.endOf(end - 1)),
          ),
        )
      }
    }
    return sightings
  }

  #look(
    chunk: Chunk,
    view: DecodedText,
    isNear: (from: number, to: number) => boolean,
  ): readonly DecodedSighting<Part>[] {
    const bytes = Buffer.from(view.text, 'latin1')
    const found: number[] = []
    this.#keywords.search(bytes, found)
    return this.#own.flatMap((part) => {
      const hits = found
        .filter((_, at) => at % 2 === 1 && this.#parts[found[at - 1] ?? -1] === part)
        .sort((a, b) => a - b)
      return search({ bytes }, part, hits, isNear).map(({ start, end, text }) => {
        const sighting = { start: view.startOf(start), end: view.endOf(end - 1), text }
        return {
          part,
          sighting,
          steps: view.steps,
          layout: () => layoutAt(bytes, start, (at) => chunk.toBlob(view.startOf(at))),
        }
      })
    })
  }
}

/** The other ways to read a text: as it is meant, and as mail. */
function* viewsOf(source: MappedText, anchors: Base64Keywords): Generator<DecodedText> {
  const plain = normalised({ ...source, steps: [] }, anchors)
  if (plain.steps.length > 0) yield plain
  if (!isQuotedPrintable(source.text)) return
  const mail = readQuotedPrintable(source)
  if (mail !== source) yield normalised({ ...mail, steps: ['quoted-printable'] }, anchors)
}

/** Unescapes, joins and decodes until there is nothing more to be read. */
function normalised(source: DecodedText, anchors: Base64Keywords): DecodedText {
  let view = source
  const step = (name: string, read: (text: MappedText) => MappedText): boolean => {
    const next = read(view)
    if (next === view) return false
    view = {
      text: next.text,
      startOf: next.startOf,
      endOf: next.endOf,
      steps: [...new Set([...view.steps, name])],
    }
    return true
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const changes = [
      step('unescaped', unescapeText),
      step('joined', joinPieces),
      step('from base64', (text) => decodeBase64(text, anchors)),
    ]
    if (!changes.includes(true)) break
  }
  return view
}
