/** Types that the modules with remediation steps share. Types only. */
import type { Finding } from '../../model/model.ts'

/** One thing to do: a sentence, and the command for it if there is one. */
export interface Step {
  readonly text: string
  /** May contain placeholders such as `<user>` for the reader to fill in. */
  readonly command?: string
}

/** Returns the text to show for a secret of a finding, which may be its redacted form. */
export type ShowPart = (part: Finding['parts'][number]) => string

/** Steps for a leaked AWS credential. */
export interface AwsSteps {
  /** Steps that end the credential, to do first. */
  readonly stop: readonly Step[]
  /** Steps for the hours after: assess the damage, and replace the credential. */
  readonly follow: readonly Step[]
}

/** An AWS access key, in the form that commands use. */
export interface AwsKey {
  readonly id: string
  readonly isRedacted: boolean
  /** The IAM user's name quoted for a shell, or the placeholder `<user>`. */
  readonly user: string
  readonly isRoot: boolean
  /** The region of IAM in the key's partition; empty for the default of the AWS CLI. */
  readonly region: string
  /** ` --region <region>`, or empty for the default. */
  readonly regionOption: string
}
