/** Imports `.gitleaksignore` files as allow entries for the secrets at their positions. */
import { type ImportContext, readPathInCommit, type ToolFile } from '../context.ts'
import { literalGlob } from '../globs.ts'
import { skipped } from '../import-log.ts'
import type { AllowSecretEntry, Imported, ImportLogEntry } from '../model.ts'
import type { FoundSecret, SecretFinder } from '../secret-finder.ts'

/** A fingerprint of gitleaks: `commit:file:rule:line`, or without the commit. */
interface GitleaksFingerprint {
  readonly commit: string | undefined
  readonly path: string
  readonly rule: string
  readonly line: number
}

/**
 * Imports the fingerprints of a file:
 *
 *     cd5226711335c68be1e720b318b7bc3135a30eb2:cmd/config.go:sidekiq-secret:23
 *     cmd/config.go:sidekiq-secret:23
 *
 * A fingerprint names a position and not a value, so the file is read and searched. The secret on
 * that line is allowed in that file when Oakum finds exactly one that the entry can mean.
 */
export async function importIgnore(
  ignoreFile: ToolFile,
  context: ImportContext,
  finder: SecretFinder,
): Promise<Pick<Imported, 'secrets' | 'log'>> {
  const secrets: AllowSecretEntry[] = []
  const log: ImportLogEntry[] = []
  for (const [index, rawLine] of ignoreFile.text.split(/\r?\n/).entries()) {
    const text = rawLine.trim()
    if (text === '' || text.startsWith('#')) continue
    const location = { file: ignoreFile.file, line: index + 1, entry: 'fingerprint' }
    const fingerprint = parseFingerprint(text)
    const result =
      fingerprint === undefined
        ? 'it is neither commit:file:rule:line nor file:rule:line'
        : await resolve(fingerprint, context, finder)
    if (typeof result === 'string') log.push(skipped(location, result))
    else {
      secrets.push(result)
      log.push({
        ...location,
        outcome: 'imported',
        notes: ['it is now bound to the value in this file, not to the line'],
      })
    }
  }
  return { secrets, log }
}

function parseFingerprint(text: string): GitleaksFingerprint | undefined {
  const parts = text.split(':')
  const [line = '', rule = '', path = '', commit] = parts.toReversed()
  if (parts.length < 3 || parts.length > 4 || !/^\d{1,9}$/.test(line) || path === '')
    return undefined
  if (commit !== undefined && !/^[0-9a-f]{4,64}$/i.test(commit)) return undefined
  return { commit, path: path.replaceAll('\\', '/'), rule, line: Number(line) }
}

/** Returns the allow entry for a fingerprint, or the reason why there is none. */
async function resolve(
  { commit, path, rule, line }: GitleaksFingerprint,
  context: ImportContext,
  finder: SecretFinder,
): Promise<AllowSecretEntry | string> {
  if (context.repository === undefined) return 'there is no repository here to read the file from'
  const bytes = await readPathInCommit(context, path, commit ?? 'HEAD')
  if (bytes === undefined)
    return commit === undefined
      ? 'HEAD has no such file'
      : 'the repository has no such file in that commit'
  const secret = selectSecret(finder.find(bytes, path), line, context.ids.idOf(rule))
  if (typeof secret === 'string') return secret
  const glob = literalGlob(path)
  if (glob === undefined) return 'its path has characters that no glob can express'
  const shownRule = rule.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 80) || 'without a name'
  return {
    fingerprint: await secret.fingerprint(),
    paths: [glob],
    reason: `In .gitleaksignore, for the rule ${shownRule}.`,
  }
}

/**
 * Returns the only secret on the line that the entry can mean, or the reason why there is none.
 * Among several secrets, the one of the imported rule `ruleId` is meant.
 */
function selectSecret(
  secrets: readonly FoundSecret[],
  line: number,
  ruleId: string | undefined,
): FoundSecret | string {
  const onLine = secrets.filter((secret) => secret.line <= line && line <= secret.endLine)
  const candidates = onLine.length > 1 ? onLine.filter(({ rule }) => rule === ruleId) : onLine
  const [first, second] = candidates
  if (first === undefined) {
    if (onLine.length > 0) return ambiguousNote(onLine.length)
    return secrets.some(({ otherParts }) => otherParts.some((part) => part.line === line))
      ? 'Oakum finds the id of a credential there, and the entry does not cover the secret'
      : 'Oakum finds nothing there, so there is nothing to allow'
  }
  if (second !== undefined) return ambiguousNote(candidates.length)
  if (first.otherParts.length > 0)
    return (
      'Oakum finds a credential of several parts there, and the entry does not name the part; ' +
      'allow it with oakum allow'
    )
  return first
}

function ambiguousNote(count: number): string {
  return `Oakum finds ${count} secrets on that line; allow the right one with oakum allow`
}
