import type { Validator } from '../../model/rule.ts'
import { accountFacts } from './aws-account.ts'
import { factsOfSigned, queryOf } from './aws-presigned.ts'

/**
 * A long-term key is `ABSK` and the base64 of `<user>-at-<account>:<secret>`.
 * Facts: `accountId`, `canary`.
 */
export const validateBedrockKey: Validator = (text) => {
  const decoded = Buffer.from(text.slice('ABSK'.length), 'base64').toString('latin1')
  const accountId = /^[\w+=,.@-]{1,64}-at-(\d{12}):./.exec(decoded)?.[1]
  return accountId === undefined
    ? { valid: false, reason: 'does not decode to a Bedrock key' }
    : { valid: true, facts: accountFacts(accountId) }
}

/**
 * A short-term key is `bedrock-api-key-` and the base64 of a presigned address:
 * `bedrock.amazonaws.com/?…&X-Amz-Credential=ASIA…%2F20251205%2Fus-east-1%2Fbedrock%2Faws4_request&X-Amz-Date=20251205T215151Z&X-Amz-Expires=43200…`
 * Facts: those of a presigned address.
 */
export const validateBedrockSession: Validator = (text) => {
  const decoded = Buffer.from(text.slice('bedrock-api-key-'.length), 'base64').toString('latin1')
  if (!decoded.startsWith('bedrock.amazonaws.com/?'))
    return { valid: false, reason: 'does not decode to a presigned address' }
  return { valid: true, facts: factsOfSigned(queryOf(decoded)) }
}
