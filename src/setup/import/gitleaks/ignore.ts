import { type ImportContext, type ToolFile, readPathInCommit } from '../context.ts'
import type { SecretFinder, FoundSecret } from '../secret-finder.ts'
import { literalGlob } from '../literal-glob.ts'
import type { ImportLogEntry, AllowSecretEntry } from '../model.ts'

interface Ignored {
  readonly secrets: readonly AllowSecretEntry[]
  readonly log: readonly ImportLogEntry[]
}

/** `commit:file:rule:line`, or without the commit. */
interface Fingerprint {
  readonly commit: string | undefined
  readonly path: string
  readonly rule: string
  readonly line: number
}

/**
 * The secrets at the places that `.gitleaksignore` names:
 *
 *     cd5226711335c68be1e720b318b7bc3135a30eb2:cmd/config.go:sidekiq-secret:23
 *     cmd/config.go:sidekiq-secret:23
 *
 * A place says nothing of the value, so the file is read there. Only where Oakum finds one secret
 * on that line, and no other one it could be, is it allowed, in that file.
 */
export async function importIgnore(
  ignore: ToolFile,
  context: ImportContext,
  finder: SecretFinder,
): Promise<Ignored> {
  const secrets: AllowSecretEntry[] = []
  const account: ImportLogEntry[] = []
  for (const [index, raw] of ignore.text.split(/\r?\n/).entries()) {
    const text = raw.trim()
    if (text === '' || text.startsWith('#')) continue
    const entry = { file: ignore.file, line: index + 1, entry: 'fingerprint' }
    const place = parseFingerprint(text)
    const result =
      place === undefined
        ? 'it is neither commit:file:rule:line nor file:rule:line'
        : await resolve(place, context, finder)
    if (typeof result === 'string') account.push({ ...entry, outcome: 'left-out', notes: [result] })
    else {
      secrets.push(result)
      account.push({
        ...entry,
        outcome: 'imported',
        notes: ['it is bound to the value in this file now, not to the line'],
      })
    }
  }
  return { secrets, log: account }
}

function parseFingerprint(text: string): Fingerprint | undefined {
  const parts = text.split(':')
  const [line = '', rule = '', path = '', commit] = parts.toReversed()
  if (parts.length < 3 || parts.length > 4 || !/^\d{1,9}$/.test(line) || path === '')
    return undefined
  if (commit !== undefined && !/^[0-9a-f]{4,64}$/i.test(commit)) return undefined
  return { commit, path: path.replaceAll('\\', '/'), rule, line: Number(line) }
}

async function resolve(
  { commit, path, rule, line }: Fingerprint,
  context: ImportContext,
  finder: SecretFinder,
): Promise<AllowSecretEntry | string> {
  if (context.repository === undefined) return 'there is no repository here to read the place in'
  const bytes = await readPathInCommit(context, path, commit ?? 'HEAD')
  if (bytes === undefined)
    return commit === undefined
      ? 'HEAD has no such file'
      : 'the repository has no such file in that commit'
  const found = finder.find(bytes, path)
  const id = context.ids.idOf(rule)
  const there = found.filter((one) => isOn(one, line))
  const chosen = there.length > 1 ? there.filter((one) => one.rule === id) : there
  const [first, more] = chosen
  if (first === undefined) {
    if (there.length > 0)
      return `Oakum finds ${there.length} secrets on that line; allow the right one with oakum allow`
    return found.some((one) => one.otherParts.some((other) => other.line === line))
      ? 'Oakum finds the id of a credential there, whose secret it does not speak of'
      : 'Oakum finds nothing there, so there is nothing to allow'
  }
  if (more !== undefined)
    return `Oakum finds ${chosen.length} secrets on that line; allow the right one with oakum allow`
  if (first.otherParts.length > 0)
    return 'Oakum finds a credential of several parts there, and the entry does not say which was meant; allow it with oakum allow'
  const glob = literalGlob(path)
  if (glob === undefined) return 'its path holds characters that no glob can say'
  return {
    fingerprint: first.fingerprint,
    paths: [glob],
    reason: `In .gitleaksignore, for the rule ${rule.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 80) || 'without a name'}.`,
  }
}

function isOn({ line, endLine }: FoundSecret, asked: number): boolean {
  return line <= asked && asked <= endLine
}
