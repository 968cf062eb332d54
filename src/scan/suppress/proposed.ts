import type { Finding } from '../../model/model.ts'
import type { Policy } from '../../model/policy.ts'
import { PolicyJudge } from './policy-judge.ts'

/**
 * Says of findings which of them a policy that is not agreed on yet would suppress, and why; it
 * suppresses none.
 */
export function withProposals(findings: readonly Finding[], policy: Policy): readonly Finding[] {
  const judge = new PolicyJudge(policy, false)
  return findings.map((finding) => {
    const judged = judge.judge(finding)
    const proposed =
      finding.proposed ??
      (judged.finding === undefined ? judged.suppressed[0]?.suppression : undefined)
    return proposed === undefined ? finding : { ...finding, proposed }
  })
}
