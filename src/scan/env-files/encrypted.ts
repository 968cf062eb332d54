/**
 * How files begin that are encrypted as a whole: git-crypt, git-xcrypt, git-simple-encrypt,
 * git-sshripped, ansible-vault, age, PGP, openssl.
 */
const beginnings: readonly RegExp[] = [
  /^\0GIT(?:CRYPT|XCRYPT)\0/,
  /^GITSE|^GSC1/,
  /^\s{0,20}\$ANSIBLE_VAULT;\d/,
  /^age-encryption\.org\/v1\n/,
  /^\s{0,20}-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----/,
  /^Salted__/,
]

/** Kubernetes' sealed secrets are encrypted value by value, under names that sound like secrets. */
const sealed = /^kind:[ \t]{1,8}SealedSecret[ \t]*\r?$/m

/**
 * Is there nothing in this file that is in clear? Values that are encrypted one by one are told by
 * their own forms.
 */
export function isEncryptedFile(text: string): boolean {
  return (
    beginnings.some((form) => form.test(text.slice(0, 200))) || sealed.test(text.slice(0, 4096))
  )
}
