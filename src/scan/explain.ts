/** Lists every candidate of a file and why it is or is not a finding: `oakum rules explain`. */
import { limitsOf } from '../model/limits.ts'
import type { Candidate, Skip } from '../model/model.ts'
import type { ExplainedCandidate } from '../model/outcome.ts'
import type { ScanOptions, Target } from '../model/target.ts'
import { builtinRules } from '../rules/load.ts'
import { withMembers } from './archives/members.ts'
import { createEngine } from './engine.ts'
import { explainCandidate } from './findings/explained.ts'
import { filterFactoryOf } from './object-filter.ts'
import { openContext, openSource } from './sources/open.ts'

interface Explanation {
  /** In the order in which the detector found them. */
  readonly candidates: readonly ExplainedCandidate[]
  readonly skips: readonly Skip[]
}

/**
 * Scans a target for `oakum rules explain`: returns every candidate, with the reason why it is a
 * finding or is suppressed.
 */
export async function explain(
  target: Target,
  options: ScanOptions & Required<Pick<ScanOptions, 'cwd' | 'env' | 'signal'>>,
): Promise<Explanation> {
  const { rules, digest } = builtinRules(options.rules)
  const limits = limitsOf(options)
  const engine = createEngine(rules)
  const context = openContext(options, limits, filterFactoryOf(rules, digest, engine))
  const { source } = await openSource(target, context)
  const detector = engine.detector()
  const candidates = new Map<string, ExplainedCandidate>()
  const skips: Skip[] = []
  const add = (candidate: Candidate): void =>
    void candidates.set(keyOf(candidate), explainCandidate(candidate, engine.suppress(candidate)))
  for await (const batch of withMembers(source, limits).blobs(options.signal)) {
    for (const item of batch) {
      if ('kind' in item) detector.detect(item).forEach(add)
      else if ('outcome' in item) skips.push(item)
    }
  }
  detector.end().forEach(add)
  return { candidates: [...candidates.values()], skips }
}

/** Identifies a candidate: bytes that are read in two ways yield the same candidate twice. */
function keyOf({ rule, parts, blob }: Candidate): string {
  const { path, inName, member } = blob.origins[0]
  const spans = parts.map(({ role, span }) => [role, span.start, span.end])
  return JSON.stringify([rule.id, path?.text, inName, member, spans])
}
