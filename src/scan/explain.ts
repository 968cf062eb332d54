import { withMembers } from './archives/members.ts'
import { createEngine } from './engine.ts'
import { explainCandidate } from './findings/explained.ts'
import type { Candidate, Skip } from '../model/model.ts'
import type { ExplainedCandidate } from '../model/outcome.ts'
import { builtinRules } from '../rules/load.ts'
import { filterFactoryOf } from './object-filter.ts'
import { openSource } from './sources/open.ts'
import type { ScanOptions, Target } from '../model/target.ts'

interface Explanation {
  /** In the order of the bytes they stand in. */
  readonly candidates: readonly ExplainedCandidate[]
  readonly skips: readonly Skip[]
}

/**
 * A scan that keeps every candidate, with what it is and why, instead of adding them up to
 * findings.
 */
export async function explain(
  target: Target,
  options: ScanOptions & Required<Pick<ScanOptions, 'cwd' | 'env' | 'signal'>>,
): Promise<Explanation> {
  const { rules, digest } = builtinRules(options.rules)
  const engine = createEngine(rules)
  const { source } = await openSource(target, options, filterFactoryOf(rules, digest, engine))
  const detector = engine.detector()
  const candidates = new Map<string, ExplainedCandidate>()
  const skips: Skip[] = []
  const add = (candidate: Candidate): void =>
    void candidates.set(keyOf(candidate), explainCandidate(candidate, engine.suppress(candidate)))
  for await (const batch of withMembers(source).blobs(options.signal)) {
    for (const item of batch) {
      if ('kind' in item) detector.detect(item).forEach(add)
      else if ('outcome' in item) skips.push(item)
    }
  }
  detector.end().forEach(add)
  return { candidates: [...candidates.values()], skips }
}

/** Bytes that are read in two ways give the same candidate twice. */
function keyOf({
  rule,
  parts,
  blob: {
    origins: [{ path, inName, member }],
  },
}: Candidate): string {
  return JSON.stringify([
    rule.id,
    path?.text,
    inName,
    member,
    parts.map(({ role, span }) => [role, span.start, span.end]),
  ])
}
