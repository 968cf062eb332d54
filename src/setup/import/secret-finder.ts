/** Finds the secrets of single files, to resolve entries of other tools to fingerprints. */
import { createHash } from 'node:crypto'
import type { Part } from '../../model/model.ts'
import type { Rule } from '../../model/rule.ts'
import { requestFingerprint } from '../../scan/findings/fingerprint.ts'
import { createEngine, type Engine } from '../../scan/engine.ts'

/** A credential that Oakum finds in a file, without its value. */
export interface FoundSecret {
  readonly rule: string
  /** Equal for equal credentials. It holds the secret and must not be kept. */
  readonly key: string
  /** Computes the fingerprint, which may take 10 ms. */
  readonly fingerprint: () => Promise<string>
  /** First line of the primary part: the secret or token. */
  readonly line: number
  /** Last line of the primary part. */
  readonly endLine: number
  /** Hexadecimal SHA-1 of the primary part, as baselines of detect-secrets contain it. */
  readonly sha1: string
  /** The other parts of the credential, such as the id of a key. */
  readonly otherParts: readonly { readonly line: number; readonly sha1: string }[]
}

/** Finds secrets with the rules that the next scan will use. */
export class SecretFinder {
  readonly #engine: Engine

  constructor(rules: readonly Rule[]) {
    this.#engine = createEngine(rules)
  }

  /** Returns what a scan of the file would report; env files are recognized by the path. */
  find(bytes: Uint8Array, path: string): readonly FoundSecret[] {
    const candidates = this.#engine.detector().detect({
      id: path,
      kind: 'blob',
      origins: [{ kind: 'file', path: { text: path } }],
      start: 0,
      bytes,
      last: true,
    })
    return candidates
      .filter((candidate) => this.#engine.suppress(candidate) === undefined)
      .map((candidate) => {
        const { rule } = candidate
        const [first, ...rest] = candidate.parts
        const primary =
          candidate.parts.find((part) => part.role === 'secret') ??
          candidate.parts.find((part) => part.role === 'token') ??
          first
        return {
          rule: rule.id,
          key: this.#engine.credentialKey(candidate),
          fingerprint: async () =>
            requestFingerprint(rule.family, primary.secret.reveal(), rule.madeBy),
          line: primary.span.line,
          endLine: primary.span.endLine,
          sha1: sha1Of(primary),
          otherParts: [first, ...rest]
            .filter((part) => part !== primary)
            .map((part) => ({ line: part.span.line, sha1: sha1Of(part) })),
        }
      })
  }
}

function sha1Of({ secret }: Part): string {
  return createHash('sha1').update(secret.reveal()).digest('hex')
}
