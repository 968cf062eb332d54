/**
 * Asks AWS about findings of an audit, when the reader has agreed to what is sent. The only door of
 * an audit to the network.
 */
import { isExpected } from '../model/errors.ts'
import type { Finding } from '../model/model.ts'
import { escapeForTerminal } from '../report/terminal/escape.ts'
import type { Audit, AuditRequest } from './audit.ts'
import type { AuditMessage } from './messages.ts'
import { showAudit } from './shown-audit.ts'

type SendMessage = (answer: AuditMessage) => void

/** What would be sent to whom. Nobody is asked. */
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

/** The audit with what AWS said, of which those findings are told. */
export async function verifyFindings(
  audit: Audit,
  fingerprints: readonly string[],
  { verify: options }: AuditRequest,
  { say, signal }: { readonly say: SendMessage; readonly signal: AbortSignal },
): Promise<Audit> {
  if ('refused' in options) return audit
  try {
    const { verify } = await import('../verify/verify.ts')
    const onProgress = (done: number, total: number): void =>
      say({ type: 'verifying', done, total })
    const verified = new Map(
      (await verify(selectFindings(audit, fingerprints), { ...options, signal, onProgress })).map(
        (finding) => [finding.fingerprint, finding],
      ),
    )
    const after: Audit = {
      ...audit,
      findings: audit.findings.map((finding) => verified.get(finding.fingerprint) ?? finding),
    }
    say({
      type: 'verified',
      findings: showAudit(after).findings.filter(({ fingerprint }) => verified.has(fingerprint)),
    })
    return after
  } catch (error) {
    say({
      type: 'verified',
      findings: [],
      refused: isExpected(error) ? escapeForTerminal(error.message) : 'AWS could not be asked',
    })
    return audit
  }
}

function selectFindings({ findings }: Audit, fingerprints: readonly string[]): readonly Finding[] {
  const wanted = new Set(fingerprints)
  return findings.filter(({ fingerprint }) => wanted.has(fingerprint))
}
