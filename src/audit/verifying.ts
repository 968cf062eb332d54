/**
 * Verifies findings of an audit, after the reader has agreed to what is sent. Nothing else in an
 * audit uses the network.
 */
import { isExpected } from '../model/errors.ts'
import type { Finding } from '../model/model.ts'
import { escapeForTerminal } from '../report/terminal/escape.ts'
import type { Audit, AuditRequest } from './audit.ts'
import type { AuditMessage } from './messages.ts'
import { showAudit } from './shown-audit.ts'

type SendMessage = (message: AuditMessage) => void

/** Describes the calls that verification would make, without making them. */
export async function describeVerification(
  audit: Audit,
  fingerprints: readonly string[],
  { verify: options }: AuditRequest,
): Promise<AuditMessage> {
  if ('refused' in options)
    return { type: 'plan', fingerprints, keys: 0, lines: [], refused: options.refused }
  const [{ planVerification }, { consentText }] = await Promise.all([
    import('../verify/verify.ts'),
    import('../verify/consent.ts'),
  ])
  const keys = planVerification(selectFindings(audit, fingerprints), options).credentials.size
  const lines = consentText(keys, options)
    .split('\n')
    .filter((line) => line !== '')
  return {
    type: 'plan',
    fingerprints,
    keys,
    lines: lines.map((line) => escapeForTerminal(line.replace(/^oakum: /, ''))),
  }
}

/** Verifies findings, sends them as they are afterwards, and returns the audit with them. */
export async function verifyFindings(
  audit: Audit,
  fingerprints: readonly string[],
  { verify: options }: AuditRequest,
  { send, signal }: { readonly send: SendMessage; readonly signal: AbortSignal },
): Promise<Audit> {
  if ('refused' in options) return audit
  try {
    const { verify } = await import('../verify/verify.ts')
    const onProgress = (done: number, total: number): void =>
      send({ type: 'verifying', done, total })
    const verified = new Map(
      (await verify(selectFindings(audit, fingerprints), { ...options, signal, onProgress })).map(
        (finding) => [finding.fingerprint, finding],
      ),
    )
    const verifiedAudit: Audit = {
      ...audit,
      findings: audit.findings.map((finding) => verified.get(finding.fingerprint) ?? finding),
    }
    send({
      type: 'verified',
      findings: showAudit(verifiedAudit).findings.filter(({ fingerprint }) =>
        verified.has(fingerprint),
      ),
    })
    return verifiedAudit
  } catch (error) {
    send({
      type: 'verified',
      findings: [],
      refused: isExpected(error) ? escapeForTerminal(error.message) : 'AWS could not be called',
    })
    return audit
  }
}

function selectFindings({ findings }: Audit, fingerprints: readonly string[]): readonly Finding[] {
  const selected = new Set(fingerprints)
  return findings.filter(({ fingerprint }) => selected.has(fingerprint))
}
