import type { Validator } from '../rule.ts'

/**
 * A long-term key is `ABSK` and the base64 of `<user>-at-<account>:<secret>`.
 * Fact: `accountId`.
 */
export const validateBedrockKey: Validator = (text) => {
  const decoded = Buffer.from(text.slice('ABSK'.length), 'base64').toString('latin1')
  const accountId = /^[\w+=,.@-]{1,64}-at-(\d{12}):./.exec(decoded)?.[1]
  return accountId === undefined ? { valid: false, reason: 'does not decode to a Bedrock key' } : { valid: true, facts: { accountId } }
}

/**
 * A short-term key is `bedrock-api-key-` and the base64 of a presigned address:
 * `bedrock.amazonaws.com/?…&X-Amz-Credential=ASIA…%2F20251205%2Fus-east-1%2Fbedrock%2Faws4_request&X-Amz-Date=20251205T215151Z&X-Amz-Expires=43200…`
 * Facts: `region`, `created`, `expires` (ISO 8601).
 */
export const validateBedrockSession: Validator = (text) => {
  const decoded = Buffer.from(text.slice('bedrock-api-key-'.length), 'base64').toString('latin1')
  if (!decoded.startsWith('bedrock.amazonaws.com/?')) return { valid: false, reason: 'does not decode to a presigned address' }
  const query = new URLSearchParams(decoded.slice(decoded.indexOf('?') + 1))
  const region = /^[A-Z2-7]{20}\/\d{8}\/([a-z0-9-]{4,24})\//.exec(query.get('X-Amz-Credential') ?? '')?.[1]
  const date = (query.get('X-Amz-Date') ?? '').replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const created = Date.parse(date)
  const expires = created + Number(query.get('X-Amz-Expires') ?? Number.NaN) * 1000
  return {
    valid: true,
    facts: {
      ...(region === undefined ? {} : { region }),
      ...(Number.isNaN(created) ? {} : { created: new Date(created).toISOString() }),
      ...(expires <= 8.64e15 ? { expires: new Date(expires).toISOString() } : {}),
    },
  }
}
