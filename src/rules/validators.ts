import type { Validator } from '../rule.ts'
import { validateBedrockKey, validateBedrockSession } from './aws-bedrock.ts'
import { validateAwsKeyId, validateAwsSecret } from './aws-key-id.ts'
import { validateAwsSessionToken } from './aws-session-token.ts'
import { validateTokenChecksum } from './token-checksum.ts'

const validators: ReadonlyMap<string, Validator> = new Map([
  ['aws-key-id', validateAwsKeyId],
  ['aws-secret', validateAwsSecret],
  ['aws-session-token', validateAwsSessionToken],
  ['aws-bedrock-key', validateBedrockKey],
  ['aws-bedrock-session', validateBedrockSession],
  ['github-checksum', validateTokenChecksum],
  ['npm-checksum', validateTokenChecksum],
])

/** Names a rule may give as its validator. */
export const validatorNames: readonly string[] = [...validators.keys()]

/** The validator of that name; undefined when there is none. */
export function validatorNamed(name: string): Validator | undefined {
  return validators.get(name)
}
