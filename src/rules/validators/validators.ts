/** The table of validators: checks of a value that need no network. */
import type { Validator } from '../../model/rule.ts'
import { validateAwsKeyId, validateAwsSecret } from './aws-key-id.ts'
import {
  validateBedrockKey,
  validateBedrockSession,
  validateEcrToken,
  validateSesPassword,
} from './aws-services.ts'
import {
  validateAzureSignature,
  validateEksToken,
  validatePresigned,
  validatePresignedV2,
} from './presigned.ts'
import { validateAwsSessionToken } from './aws-session-token.ts'
import { validateGenericSecret } from './generic-secret.ts'
import { validateJwt, validateSupabaseService } from './jwt.ts'
import {
  validateCloudflareChecksum,
  validateConfluentChecksum,
  validateTokenChecksum,
  validateZuploChecksum,
} from './token-checksum.ts'

const validators: ReadonlyMap<string, Validator> = new Map([
  ['aws-key-id', validateAwsKeyId],
  ['aws-secret', validateAwsSecret],
  ['aws-session-token', validateAwsSessionToken],
  ['aws-bedrock-key', validateBedrockKey],
  ['aws-bedrock-session', validateBedrockSession],
  ['aws-presigned', validatePresigned],
  ['aws-presigned-v2', validatePresignedV2],
  ['aws-eks-token', validateEksToken],
  ['aws-ecr-token', validateEcrToken],
  ['aws-ses-password', validateSesPassword],
  ['azure-signature', validateAzureSignature],
  ['cloudflare-checksum', validateCloudflareChecksum],
  ['confluent-checksum', validateConfluentChecksum],
  ['generic-secret', validateGenericSecret],
  ['github-checksum', validateTokenChecksum],
  ['jwt', validateJwt],
  ['npm-checksum', validateTokenChecksum],
  ['supabase-service', validateSupabaseService],
  ['zuplo-checksum', validateZuploChecksum],
])

/** Names that a rule may give as its validator. */
export const validatorNames: readonly string[] = [...validators.keys()]

/** Returns the validator of a name, or undefined. */
export function validatorNamed(name: string): Validator | undefined {
  return validators.get(name)
}
