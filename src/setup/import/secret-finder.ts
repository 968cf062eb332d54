import { createHash } from 'node:crypto'
import { createEngine, type Engine } from '../../scan/engine.ts'
import type { Part } from '../../model/model.ts'
import type { Rule } from '../../model/rule.ts'

/** A credential that Oakum finds in a file, without its value. */
export interface FoundSecret {
  readonly rule: string
  readonly fingerprint: string
  /** First and last line of what names it: its secret. */
  readonly line: number
  readonly endLine: number
  /** Hexadecimal SHA-1 of the value that names it: what detect-secrets writes. */
  readonly sha1: string
  /** Of the values beside it, such as a key's id. */
  readonly otherParts: readonly { readonly line: number; readonly sha1: string }[]
}

/** Looks into single files with the rules that a scan will have. */
export class SecretFinder {
  readonly #engine: Engine

  constructor(rules: readonly Rule[]) {
    this.#engine = createEngine(rules)
  }

  /** What a scan of the file would report; its name decides whether it is read as an env file. */
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
        const { fingerprint, rule } = this.#engine.conclude(candidate)
        const [first, ...rest] = candidate.parts
        const bearer =
          candidate.parts.find((part) => part.role === 'secret') ??
          candidate.parts.find((part) => part.role === 'token') ??
          first
        const others = [first, ...rest]
          .filter((part) => part !== bearer)
          .map((part) => ({ line: part.span.line, sha1: sha1Of(part) }))
        return {
          rule: rule.id,
          fingerprint,
          line: bearer.span.line,
          endLine: bearer.span.endLine,
          sha1: sha1Of(bearer),
          others,
        }
      })
  }
}

function sha1Of({ secret }: Part): string {
  return createHash('sha1').update(secret.reveal()).digest('hex')
}
