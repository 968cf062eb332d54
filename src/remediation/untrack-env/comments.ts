/** Decides whether a comment of an env file may appear in its template, which is committed. */
import { looksRandom } from '../../scan/entries/entry-value.ts'
import { createEngine } from '../../scan/engine.ts'
import type { SourceBlob } from '../../model/model.ts'
import { builtinRules } from '../../rules/load.ts'
import type { IsHarmless } from './template.ts'

/** Minimum length of a word that is checked for randomness. */
const MIN_RANDOM_LENGTH = 12

/**
 * Returns a function that is true for a comment in which no rule finds a candidate, not even half
 * of a credential, and no word looks random.
 */
export function harmlessComment(): IsHarmless {
  const engine = createEngine(builtinRules().rules, { markers: 'ignore' })
  let count = 0
  return (comment) => {
    const detector = engine.detector()
    const blob: SourceBlob = {
      id: `comment ${count++}`,
      kind: 'blob',
      origins: [{ kind: 'file', path: { text: '.env' } }],
      start: 0,
      bytes: Buffer.from(`${comment}\n`, 'latin1'),
      last: true,
    }
    const candidates = [...detector.detect(blob), ...detector.end()]
    return (
      candidates.every((candidate) => engine.suppress(candidate) !== undefined) &&
      !wordsOf(comment).some((word) => word.length >= MIN_RANDOM_LENGTH && looksRandom(word))
    )
  }
}

/** Splits a comment into words, and URLs into their names: a whole URL always looks random. */
function wordsOf(comment: string): readonly string[] {
  return comment
    .split(/[\s'"`=,;()]+/)
    .flatMap((word) => (/^https?:\/\//.test(word) ? word.split(/[/:?#&.]+/) : [word]))
}
