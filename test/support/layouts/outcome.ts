import type { Candidate } from '../../../src/model/model.ts'
import type { Rendered } from './credential.ts'

/**
 * What is wrong with what was found in a layout, in a few words; nothing when it is exactly what
 * stands there.
 */
export function mistakeIn(
  { credentials }: Rendered,
  found: readonly Candidate[],
): string | undefined {
  const outlines = found
    .filter(({ rule }) => rule.family === 'aws-access-key')
    .map(outlineOfCandidate)
  const expected = credentials.map((parts) =>
    outline(parts.map(({ role, value, start, end }) => ({ role, value, start, end }))),
  )
  const missed = expected.filter((one) => !outlines.includes(one))
  const others = outlines.filter((one) => !expected.includes(one))
  if (missed.length === 0 && others.length === 0) return undefined
  return `missed ${missed.length}, found ${others.length} other: ${missed.join(' | ')} || ${others.join(' | ')}`
}

function outlineOfCandidate({ parts }: Candidate): string {
  return outline(
    parts.map(({ role, secret, span }) => ({
      role,
      value: secret.reveal(),
      start: span.start,
      end: span.end,
    })),
  )
}

function outline(
  parts: readonly {
    readonly role: string
    readonly value: string
    readonly start: number
    readonly end: number
  }[],
): string {
  return parts
    .map(({ role, value, start, end }) => `${role} ${start}-${end} ${value}`)
    .sort()
    .join(' + ')
}
