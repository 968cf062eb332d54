/** Recognizes credentials that their issuer publishes as samples. */
import { crypto } from '../../model/lazy-crypto.ts'

/**
 * Credentials that their issuers publish for everybody, and whose form does not give them away: from
 * the guides and models of AWS, which every SDK contains, and those of emulators. Stored as the
 * first half of their SHA-256.
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
  // Azurite: the key of devstoreaccount1, in every emulator of Azure Storage.
  '0011cc25eb432071',
  // Hardhat and Anvil: the private key of their first account.
  'bc1a50966c9e6486',
  // supabase start: the keys anon and service_role of every local project.
  'bf1725a8f98bea37',
  '70541e07fd4f900b',
  // Chromium: its key of the speech API, which the package SpeechRecognition for Python contains.
  'f7010ed465879292',
  // GitHub documentation of OAuth apps: gho_, ghp_ and ghu_ with one body.
  'bc3ae723f57c6b9e',
  '3543c50b0cb9cea8',
  '82e74299544e0073',
])

const MIN_LENGTH = 39
const MAX_LENGTH = 256

/** The beginnings of the id and the secret that AWS documents; people vary their ends. */
const awsSample = /^(?:A[KS]IAIOSFODNN7|wJalrXUtnFEMI)/

/** Returns the reason, in words, when `text` is a published sample; else undefined. */
export function publishedReason(text: string): string | undefined {
  if (awsSample.test(text)) return 'it is a variation of a documentation sample'
  if (text.length < MIN_LENGTH || text.length > MAX_LENGTH) return undefined
  return sampleDigests.has(
    crypto().createHash('sha256').update(text.replace(/^0x/, '')).digest('hex').slice(0, 16),
  )
    ? 'it is a sample that its issuer publishes'
    : undefined
}
