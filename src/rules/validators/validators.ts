import type { Validator } from '../../model/rule.ts'
import { validateBedrockKey, validateBedrockSession } from './aws-bedrock.ts'
import { validateAwsKeyId, validateAwsSecret } from './aws-key-id.ts'
import { validateEksToken, validatePresigned, validatePresignedV2 } from './aws-presigned.ts'
import { validateEcrToken, validateSesPassword } from './aws-registry.ts'
import { validateAwsSessionToken } from './aws-session-token.ts'
import { validateAzureSignature } from './azure.ts'
import { validateGenericSecret } from './generic-secret.ts'
import { validateJwt, validateSupabaseService } from './jwt.ts'
import { validateCloudflareChecksum, validateTokenChecksum } from './token-checksum.ts'

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
  ['generic-secret', validateGenericSecret],
  ['github-checksum', validateTokenChecksum],
  ['jwt', validateJwt],
  ['npm-checksum', validateTokenChecksum],
  ['supabase-service', validateSupabaseService],
])

/** Names a rule may give as its validator. */
export const validatorNames: readonly string[] = [...validators.keys()]

/** The validator of that name; undefined when there is none. */
export function validatorNamed(name: string): Validator | undefined {
  return validators.get(name)
}
