import {
  entryToWrite,
  fingerprintPattern,
  findEntryProblem,
  isDate,
} from '../../config/allow-file.ts'
import { allowName } from '../../config/files.ts'
import type { LoadedPolicy } from '../../config/load.ts'
import { UsageError } from '../../model/errors.ts'
import type { AllowEntry } from '../../model/policy.ts'
import { suggestion } from '../../model/suggestion.ts'
import { changeAllowFile, withEntries } from '../support/allow-entries.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import { line } from '../support/failure.ts'
import type { Io } from '../process/io.ts'
import { policyOf } from '../arguments/policy.ts'
import { lastOf } from '../arguments/settings.ts'
import { withoutSecrets } from '../support/without-secrets.ts'
import { listEntries, listStaleEntries } from './allow-list.ts'
import type { Overrides } from './scan.ts'

const actions = ['list', 'stale', 'remove']
const addOptions = ['reason', 'expires', 'path', 'ticket', 'author'] as const

/** `allow <fingerprint>`, `allow list`, `allow stale`, `allow remove <fingerprint>`. */
export async function runAllow(invocation: Invocation, io: Io, doors: Overrides): Promise<number> {
  const [word = '', other] = invocation.words
  const isAction = actions.includes(word)
  if (!isAction && !fingerprintPattern.test(word)) throw new UsageError(notUnderstood(word))
  const unwanted = addOptions.find((name) => isAction && invocation.values.has(name))
  if (unwanted !== undefined) throw new UsageError(`allow ${word} takes no --${unwanted}`)
  if (word !== 'remove' && other !== undefined)
    throw new UsageError(`allow ${isAction ? word : '<fingerprint>'} takes no ${other}`)
  const loaded = await policyOf(invocation, io)
  switch (word) {
    case 'list':
      return listEntries(loaded.policy, io)
    case 'stale':
      return listStaleEntries(loaded.policy, io, doors)
    case 'remove':
      return removeEntry(other, loaded, io)
    default:
      return addEntry(await entryOf(word, invocation, io), loaded, io)
  }
}

function notUnderstood(word: string): string {
  const known = suggestion(word, actions)
  if (known !== '') return `allow does not know ${word}${known}`
  if (/^oak1-[0-9a-f]*$/i.test(word))
    return `allow needs the whole fingerprint, oak1- and 32 hexadecimal digits in lower case: which others ${word} stands for cannot be known without all of history`
  return `allow takes a fingerprint as a report shows it (oak1-…), or ${actions.join(', ')}; what is "${word}"?`
}

async function entryOf(fingerprint: string, invocation: Invocation, io: Io): Promise<AllowEntry> {
  const { reason, expires, ticket, author } = Object.fromEntries(
    addOptions.map((name) => [name, lastOf(invocation, name)]),
  )
  const paths = invocation.values.get('path')
  if (reason === undefined) throw new UsageError('allow needs --reason: why may it stay?')
  return allowEntry(
    {
      fingerprint,
      reason,
      ...(author !== undefined && { author }),
      ...(paths && { paths }),
      ...(expires !== undefined && { expires }),
      ...(ticket !== undefined && { ticket }),
    },
    io,
  )
}

/**
 * An entry of today by this user. Throws a UsageError, in the words of the options, for what cannot
 * stand in a file that all may read.
 */
export async function allowEntry(
  { reason, author, ...rest }: Omit<AllowEntry, 'author' | 'date'> & { readonly author?: string },
  io: Pick<Io, 'cwd' | 'env'>,
): Promise<AllowEntry> {
  const today = new Date().toISOString().slice(0, 10)
  const { expires, ticket, paths } = rest
  if (expires !== undefined && isDate(expires) && expires < today)
    throw new UsageError(`--expires ${expires} is past`)
  const entry = entryToWrite({
    ...rest,
    reason: reason.trim(),
    author: author ?? (await authorOf(io)),
    date: today,
  })
  const flaw = findEntryProblem(entry)
  if (flaw !== undefined)
    throw new UsageError(
      `--${flaw.field.replace(/^paths(\[\d+\])?$/, 'path')} takes ${flaw.expected}`,
    )
  for (const [name, text] of Object.entries({ reason, ticket, author, path: paths?.join('\n') })) {
    if (text !== undefined && (await withoutSecrets(text)) !== text)
      throw new UsageError(`--${name} holds a secret, and ${allowName} is for everybody to read`)
  }
  return entry
}

/** `Name <mail>`, as git knows the user. */
async function authorOf({ cwd, env }: Pick<Io, 'cwd' | 'env'>): Promise<string> {
  const { readIdentity } = await import('../../git/commands/repository.ts')
  const author = await readIdentity(cwd, env)
  if (author === undefined)
    throw new UsageError('who allows it? Git knows no user.name here: give --author')
  return author
}

async function addEntry(
  entry: AllowEntry,
  { folder = '.' }: LoadedPolicy,
  io: Io,
): Promise<number> {
  const { path, before, after, merges } = await changeAllowFile(folder, (entries) =>
    withEntries(entries, [entry]),
  )
  io.stdout.write(
    `${after.length > before.length ? 'added' : 'renewed'}: ${entry.fingerprint} in ${path}\n`,
  )
  if (merges)
    io.stderr.write(
      line(
        `.gitattributes now says ${allowName} merge=union, so that branches that add entries merge: commit both`,
      ),
    )
  else if (before.length === 0)
    io.stderr.write(
      line(
        `so that branches that add entries merge, put this into .gitattributes: ${allowName} merge=union`,
      ),
    )
  return exitCodes.clean
}

async function removeEntry(
  fingerprint: string | undefined,
  { folder = '.' }: LoadedPolicy,
  io: Io,
): Promise<number> {
  if (fingerprint === undefined)
    throw new UsageError('allow remove needs a fingerprint; see oakum allow list')
  if (!fingerprintPattern.test(fingerprint)) throw new UsageError(notUnderstood(fingerprint))
  const { before, after } = await changeAllowFile(folder, (entries) => {
    const left = entries.filter((entry) => entry.fingerprint !== fingerprint)
    if (left.length === entries.length)
      throw new UsageError(`no entry allows ${fingerprint}; see oakum allow list`)
    return left
  })
  const count = before.length - after.length
  io.stdout.write(`removed: ${count === 1 ? 'one entry' : `${count} entries`} for ${fingerprint}\n`)
  return exitCodes.clean
}
