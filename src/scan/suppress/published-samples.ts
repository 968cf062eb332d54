/** Recognizes credentials that their issuer publishes as samples. */
import { crypto } from '../../model/lazy-crypto.ts'

/**
 * Sample credentials from the guides of AWS and Azure, the models of its services and the help of its command
 * line whose form does not give them away. Every SDK contains them. Stored as the first half of
 * their SHA-256.
 */
const sampleDigests = new Set([
  // Amazon S3 guides of 2006: two secret keys.
  '0e8ad95d75d71161',
  '0114c1456f250438',
  // aws iam create-service-specific-credential and reset-service-specific-credential: passwords.
  '4c7b3f40e866bf98',
  'c0a9271ec8c34c66',
  // models/apis/sso-oidc, cognito-idp and kms: client secrets, tokens, a key of a custom store.
  '874a0cf0e1933491',
  '2a9605382ac598cf',
  '4ed454ee7612ec97',
  '1d23b6b67fde9263',
  'f420161d76f067dd',
  // The account key of Azurite, the emulator of Azure Storage.
  '0011cc25eb432071',
])

const MIN_LENGTH = 40
const MAX_LENGTH = 256

/** Returns the reason, in words, when `text` is a published sample; else undefined. */
export function publishedReason(text: string): string | undefined {
  if (text.length < MIN_LENGTH || text.length > MAX_LENGTH) return undefined
  return sampleDigests.has(crypto().createHash('sha256').update(text).digest('hex').slice(0, 16))
    ? 'it is a sample that its issuer publishes'
    : undefined
}
