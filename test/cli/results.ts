/** Scan results for tests of the command line, and a fake scan that returns them. */
import type { Overrides } from '../../src/cli/commands/scan.ts'
import type { Finding, Skip } from '../../src/model/model.ts'
import type { Receipt, ScanEvent, ScanResult } from '../../src/model/outcome.ts'
import type { Rule, Severity } from '../../src/model/rule.ts'
import type { ScanOptions, Target } from '../../src/model/target.ts'
import { Secret } from '../../src/model/secret.ts'

const rule: Rule = {
  id: 'aws-access-key',
  family: 'aws',
  provider: 'aws',
  description: 'AWS access key',
  severity: 'high',
  madeBy: 'machine',
  generic: false,
  parts: [],
  remedy: 'Revoke it.',
  references: [],
}

/** Made of words, so that no scanner reports it. */
export const secretText = ['not', 'a', 'real', 'secret', 'at', 'all'].join('-')

export function findingOf(severity: Severity): Finding {
  const span = { start: 0, end: 20, line: 3, column: 5, endLine: 3, endColumn: 25 }
  return {
    fingerprint: `${severity}-0123456789`,
    rule,
    severity,
    facts: {},
    verification: { status: 'not-tried' },
    explanation: [],
    parts: [{ role: 'secret', secret: new Secret(secretText), redacted: 'not-…' }],
    places: [{ origin: { kind: 'file', path: { text: 'config/prod.env' } }, role: 'secret', span }],
  }
}

export function resultOf(
  severities: readonly Severity[] = [],
  receipt: Partial<Receipt> = {},
): ScanResult {
  return {
    findings: severities.map(findingOf),
    suppressed: [],
    receipt: {
      complete: true,
      target: 'scan',
      range: null,
      reader: null,
      commits: 0,
      trees: 0,
      tags: 0,
      blobs: 2,
      bytes: 30,
      skipped: [],
      rules: { count: 1, digest: '00' },
      config: { path: null, from: 'none' },
      git: '2.39.5',
      durationMs: 12,
      ...receipt,
    },
  }
}

export const bounded: Skip = { outcome: 'bounded', reason: 'too-large', path: { text: 'big.bin' } }
export const failed: Skip = {
  outcome: 'failed',
  reason: 'missing',
  object: 'f'.repeat(40),
  detail: 'not there',
}

interface FakeScan extends Required<Overrides> {
  /** Arguments of all calls, in order. */
  readonly calls: readonly { readonly target: Target; readonly options: ScanOptions }[]
}

/** A scan that records its arguments, emits `events` and returns `result`. */
export function fakeScan(
  result: ScanResult = resultOf(),
  events: readonly ScanEvent[] = [],
): FakeScan {
  const calls: { target: Target; options: ScanOptions }[] = []
  return {
    calls,
    async scan(target, options = {}) {
      calls.push({ target, options })
      for (const event of events) options.onEvent?.(event)
      return result
    },
  }
}
