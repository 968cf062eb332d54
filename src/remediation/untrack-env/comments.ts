/** Whether a comment may stand in a file that everybody reads. */
import { looksRandom } from '../../scan/env-files/entry-value.ts'
import { createEngine } from '../../scan/engine.ts'
import type { SourceBlob } from '../../model/model.ts'
import { builtinRules } from '../../rules/load.ts'
import type { IsHarmless } from './template.ts'

/**
 * A comment is harmless when no rule finds anything in it, be it but half of a credential, and no
 * word of it looks drawn at random.
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
      !wordsOf(comment).some((word) => word.length >= 12 && looksRandom(word))
    )
  }
}

/** Of an address the names in it, since as a whole it looks like nothing else. */
function wordsOf(comment: string): readonly string[] {
  return comment
    .split(/[\s'"`=,;()]+/)
    .flatMap((word) => (/^https?:\/\//.test(word) ? word.split(/[/:?#&.]+/) : [word]))
}
