import type { Finding } from '../../model/model.ts'
import type { Step } from './next-steps.ts'
import { shellQuote } from './shell-quote.ts'

/** A key as commands name it. */
export interface AwsKey {
  readonly id: string
  readonly isRedacted: boolean
  /** Quoted, or `<user>`. */
  readonly user: string
  readonly isRoot: boolean
  /** Where IAM is asked, and the option for it; empty where the AWS CLI knows. */
  readonly region: string
  readonly at: string
}

/** One word for the shell. */
export function word(text: string): string {
  return shellQuote({ text })
}

/** CloudTrail keeps ninety days, each region its own. */
export function cloudTrailStep({ id, region }: AwsKey, { attribution, facts }: Finding): Step {
  const start = attribution?.first?.date
  const named = facts['region'] ?? ''
  const where = region || (/^[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\d$/.test(named) ? named : 'us-east-1')
  return {
    text: 'See what it was used for since it leaked, in each region of yours; CloudTrail keeps ninety days.',
    command: `aws cloudtrail lookup-events --lookup-attributes AttributeKey=AccessKeyId,AttributeValue=${word(id)}${start === undefined ? '' : ` --start-time ${word(start)}`} --region ${word(where)}`,
  }
}

/** Miners and resold quotas show in the bill first. */
export function spendStep({ at }: Pick<AwsKey, 'at'>): Step {
  return {
    text: 'Look at what was spent, by service and in all regions.',
    command: `aws ce get-cost-and-usage --time-period Start=<day>,End=<day> --granularity DAILY --metrics UnblendedCost --group-by Type=DIMENSION,Key=SERVICE${at}`,
  }
}
