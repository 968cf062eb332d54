/** Commands of the AWS CLI that several kinds of AWS credentials share. */
import type { Finding } from '../../model/model.ts'
import { shellQuote } from './shell-quote.ts'
import type { AwsKey, Step } from './step.ts'

/** Quotes a text as one word for a shell. */
export function quoteWord(text: string): string {
  return shellQuote({ text })
}

/** A step that looks up uses of a key. CloudTrail keeps 90 days of events, per region. */
export function cloudTrailStep({ id, region }: AwsKey, { attribution, facts }: Finding): Step {
  const start = attribution?.first?.date
  const reported = facts['region'] ?? ''
  const isRegion = /^[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\d$/.test(reported)
  return {
    text:
      'Check what it was used for since it leaked, in each region you use; CloudTrail keeps ' +
      '90 days of events.',
    command: [
      'aws cloudtrail lookup-events',
      `--lookup-attributes AttributeKey=AccessKeyId,AttributeValue=${quoteWord(id)}`,
      ...(start === undefined ? [] : [`--start-time ${quoteWord(start)}`]),
      `--region ${quoteWord(region || (isRegion ? reported : 'us-east-1'))}`,
    ].join(' '),
  }
}

/** A step that checks the bill, where abuse such as crypto mining shows first. */
export function costStep({ regionOption }: Pick<AwsKey, 'regionOption'>): Step {
  return {
    text: 'Check the cost, by service and in all regions.',
    command: [
      'aws ce get-cost-and-usage --time-period Start=<day>,End=<day> --granularity DAILY',
      `--metrics UnblendedCost --group-by Type=DIMENSION,Key=SERVICE${regionOption}`,
    ].join(' '),
  }
}

/** Percentages of a budget at which AWS sends mail. */
const BUDGET_THRESHOLDS = [50, 80, 100]

/**
 * Steps that show the next abuse within hours: a budget with alerts, since a bill shows it after
 * weeks, and a trail, since the event history has 90 days of each region and no data events.
 */
export function watchSteps({ regionOption }: Pick<AwsKey, 'regionOption'>): readonly Step[] {
  const budget = {
    BudgetName: 'monthly-cost',
    BudgetType: 'COST',
    TimeUnit: 'MONTHLY',
    BudgetLimit: { Amount: '20', Unit: 'USD' },
  }
  const alerts = BUDGET_THRESHOLDS.map((Threshold) => ({
    Notification: {
      NotificationType: 'ACTUAL',
      ComparisonOperator: 'GREATER_THAN',
      Threshold,
      ThresholdType: 'PERCENTAGE',
    },
    Subscribers: [{ SubscriptionType: 'EMAIL', Address: '<mail address>' }],
  }))
  return [
    {
      text: 'Set a cost budget in AWS Budgets with alerts at 50, 80 and 100 %: adapt the amount.',
      command: [
        'aws budgets create-budget --account-id <account>',
        `--budget ${quoteWord(JSON.stringify(budget))}`,
        `--notifications-with-subscribers ${quoteWord(JSON.stringify(alerts))}`,
      ].join(' '),
    },
    {
      text: 'Record the calls of all regions in CloudTrail from now on, if no trail does yet.',
      command: [
        'aws cloudtrail create-trail --name all-regions --s3-bucket-name <bucket>',
        `--is-multi-region-trail${regionOption}`,
        `&& aws cloudtrail start-logging --name all-regions${regionOption}`,
      ].join(' '),
    },
  ]
}
