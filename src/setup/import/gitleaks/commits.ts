/** Imports allowed commits of gitleaks as allow entries for the secrets they introduced. */
import type { RawChange } from '../../../git/commands/diff-raw.ts'
import { commitOf } from '../../../git/commands/repository.ts'
import { catFileReader } from '../../../git/objects/cat-file-reader.ts'
import { commitChanges } from '../../../scan/sources/commit-changes.ts'
import { type ImportContext, readBlob } from '../context.ts'
import { literalGlob } from '../globs.ts'
import { type EntryLocation, skipped } from '../import-log.ts'
import type { AllowSecretEntry, Imported, ImportLogEntry } from '../model.ts'
import type { SecretFinder } from '../secret-finder.ts'
import { reasonOf, type ScopedAllowlist } from './allowlists.ts'

/** A commit with more changed files is a bulk import, which nobody reviewed for secrets. */
const MAX_FILES = 5000

/**
 * Imports the commits of an allowlist: each secret that Oakum finds in the commit and not in its
 * parents becomes an allow entry for the value in its file. Oakum cannot allow commits themselves: a
 * rebase would change their ids, and later secrets in them would be hidden.
 */
export async function importCommits(
  scopedList: ScopedAllowlist,
  context: ImportContext,
  finder: SecretFinder,
): Promise<Pick<Imported, 'secrets' | 'log'>> {
  const { list, file } = scopedList
  const secrets: AllowSecretEntry[] = []
  const log: ImportLogEntry[] = []
  if (list.all && list.paths.length + list.regexes.length + list.stopwords.length > 0)
    return { secrets, log }
  for (const [index, commit] of list.commits.entries()) {
    const location = { file, entry: `${list.entry}, commit ${index + 1}` }
    const secretsOrReason = await findIntroducedSecrets(commit, context, finder)
    if (typeof secretsOrReason === 'string') log.push(skipped(location, secretsOrReason))
    else {
      const entries = toAllowEntries(secretsOrReason, scopedList, commit)
      secrets.push(...entries)
      log.push(commitLogEntry(location, entries.length))
    }
  }
  return { secrets, log }
}

function toAllowEntries(
  commitSecrets: readonly CommitSecret[],
  { list, rules }: ScopedAllowlist,
  commit: string,
): readonly AllowSecretEntry[] {
  return commitSecrets
    .filter(({ rule }) => rules === undefined || rules.includes(rule))
    .map(({ fingerprint, glob }) => ({
      fingerprint,
      paths: [glob],
      reason: `${reasonOf(list)} In the commit ${commit.slice(0, 12)}.`,
    }))
}

function commitLogEntry(location: EntryLocation, count: number): ImportLogEntry {
  if (count === 0) return skipped(location, 'Oakum finds nothing in that commit')
  const subject = count === 1 ? '1 secret' : `${count} secrets`
  const note = `${subject} of that commit, each bound to its value and file`
  return { ...location, outcome: 'narrower', notes: [note] }
}

interface CommitSecret {
  readonly rule: string
  readonly fingerprint: string
  /** A glob that matches the file only. */
  readonly glob: string
}

/** Returns the secrets that a commit introduced, or the reason why they cannot be determined. */
async function findIntroducedSecrets(
  commit: string,
  context: ImportContext,
  finder: SecretFinder,
): Promise<readonly CommitSecret[] | string> {
  const { repository } = context
  if (repository === undefined) return 'there is no repository here to read the commit from'
  const id = /^[0-9a-f]{7,64}$/.test(commit) ? await commitOf(repository, commit) : undefined
  if (id === undefined) return 'the repository has no such commit'
  const { signal } = new AbortController()
  const reader = catFileReader(repository, 1)
  const changes: RawChange[] = []
  for await (const change of commitChanges([id], { repository, reader, signal })) {
    if (!('outcome' in change)) changes.push(change)
    else if (change.outcome === 'failed')
      return `git cannot list the changes of the commit: ${change.detail ?? change.reason}`
    else return 'it changed too many files'
  }
  if (changes.length > MAX_FILES) return `it changed more than ${MAX_FILES} files`
  const secrets = new Map<string, CommitSecret>()
  for (const change of changes)
    for (const secret of await findNewSecrets(change, context, finder))
      secrets.set(`${secret.glob} ${secret.fingerprint}`, secret)
  return [...secrets.values()]
}

/** Returns the secrets of a changed file that its previous versions did not contain. */
async function findNewSecrets(
  { mode, id, oldIds, path }: RawChange,
  context: ImportContext,
  finder: SecretFinder,
): Promise<readonly CommitSecret[]> {
  const glob = path.bytes === undefined ? literalGlob(path.text) : undefined
  if (glob === undefined || !mode.startsWith('100')) return []
  const bytes = await readBlob(context, id)
  const secrets = bytes === undefined ? [] : finder.find(bytes, path.text)
  if (secrets.length === 0) return []
  const oldKeys = new Set<string>()
  for (const oldId of oldIds) {
    const oldBytes = (await readBlob(context, oldId)) ?? Buffer.alloc(0)
    for (const { key } of finder.find(oldBytes, path.text)) oldKeys.add(key)
  }
  return Promise.all(
    secrets
      .filter(({ key }) => !oldKeys.has(key))
      .map(async ({ rule, fingerprint }) => ({ rule, fingerprint: await fingerprint(), glob })),
  )
}
