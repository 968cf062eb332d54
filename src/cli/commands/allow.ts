/** `oakum allow`: adds, lists and removes entries of `oakum.allow`. */
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
import { messageLine } from '../support/failure.ts'
import type { Io } from '../process/io.ts'
import { loadPolicyFor } from '../arguments/policy.ts'
import { lastValueOf } from '../arguments/settings.ts'
import { containsSecret, writeLines } from '../support/without-secrets.ts'
import { listEntries, listStaleEntries } from './allow-list.ts'
import type { Overrides } from './scan.ts'

const actions = ['list', 'stale', 'remove']
const entryOptions = ['reason', 'expires', 'path', 'ticket', 'author'] as const

/** Runs `allow <fingerprint>`, `allow list`, `allow stale` or `allow remove <fingerprint>`. */
export async function runAllow(
  invocation: Invocation,
  io: Io,
  overrides: Overrides,
): Promise<number> {
  const [word = '', second] = invocation.positionals
  const isAction = actions.includes(word)
  if (!isAction && !fingerprintPattern.test(word)) throw new UsageError(invalidArgumentText(word))
  const superfluous = entryOptions.find((name) => isAction && invocation.values.has(name))
  if (superfluous !== undefined) throw new UsageError(`allow ${word} takes no --${superfluous}`)
  if (word !== 'remove' && second !== undefined)
    throw new UsageError(`allow ${isAction ? word : '<fingerprint>'} takes no ${second}`)
  const loaded = await loadPolicyFor(invocation, io)
  switch (word) {
    case 'list':
      return listEntries(loaded.policy, io)
    case 'stale':
      return listStaleEntries(loaded.policy, io, overrides)
    case 'remove':
      return removeEntry(second, loaded, io)
    default:
      return addEntry(await entryOf(word, invocation, io), loaded, io)
  }
}

function invalidArgumentText(word: string): string {
  const similarAction = suggestion(word, actions)
  if (similarAction !== '') return `allow does not know ${word}${similarAction}`
  if (/^oak1-[0-9a-f]*$/i.test(word))
    return `allow needs the whole fingerprint: oak1- and 32 lower-case hexadecimal digits, not ${word}`
  return `allow takes a fingerprint as reports show it (oak1-…), or ${actions.join(', ')}, not "${word}"`
}

/** Builds an entry from the options of the command line. */
async function entryOf(fingerprint: string, invocation: Invocation, io: Io): Promise<AllowEntry> {
  const { reason, expires, ticket, author } = Object.fromEntries(
    entryOptions.map((name) => [name, lastValueOf(invocation, name)]),
  )
  const paths = invocation.values.get('path')
  if (reason === undefined) throw new UsageError('allow needs --reason: why may the secret stay?')
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
 * Builds an entry dated today; the author defaults to git's user. Throws a UsageError, which names
 * the option, for a value that the file cannot hold or that contains a secret.
 */
export async function allowEntry(
  { reason, author, ...rest }: Omit<AllowEntry, 'author' | 'date'> & { readonly author?: string },
  io: Pick<Io, 'cwd' | 'env'>,
): Promise<AllowEntry> {
  const today = new Date().toISOString().slice(0, 10)
  const { expires, ticket, paths } = rest
  if (expires !== undefined && isDate(expires) && expires < today)
    throw new UsageError(`--expires ${expires} is in the past`)
  const entry = entryToWrite({
    ...rest,
    reason: reason.trim(),
    author: author ?? (await gitUser(io)),
    date: today,
  })
  const problem = findEntryProblem(entry)
  if (problem !== undefined)
    throw new UsageError(
      `--${problem.field.replace(/^paths(\[\d+\])?$/, 'path')} takes ${problem.expected}`,
    )
  for (const [name, text] of Object.entries({ reason, ticket, author, path: paths?.join('\n') })) {
    if (text !== undefined && (await containsSecret(text)))
      throw new UsageError(`--${name} contains a secret, and everybody can read ${allowName}`)
  }
  return entry
}

/** Returns git's user as `Name <mail>`. */
async function gitUser({ cwd, env }: Pick<Io, 'cwd' | 'env'>): Promise<string> {
  const { readIdentity } = await import('../../git/commands/repository.ts')
  const author = await readIdentity(cwd, env)
  if (author === undefined)
    throw new UsageError('git has no user.name here: name who allows this with --author')
  return author
}

async function addEntry(
  entry: AllowEntry,
  { folder = '.' }: LoadedPolicy,
  io: Io,
): Promise<number> {
  const { path, before, after, setsMergeDriver } = await changeAllowFile(folder, (entries) =>
    withEntries(entries, [entry]),
  )
  await writeLines(io.stdout, [
    `${after.length > before.length ? 'added' : 'renewed'}: ${entry.fingerprint} in ${path}`,
  ])
  if (setsMergeDriver)
    io.stderr.write(
      messageLine(
        `added ${allowName} merge=union to .gitattributes, so that entries of two branches ` +
          'merge: commit both files',
      ),
    )
  else if (before.length === 0)
    io.stderr.write(
      messageLine(
        `add this line to .gitattributes, so that entries of two branches merge: ${allowName} merge=union`,
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
  if (!fingerprintPattern.test(fingerprint)) throw new UsageError(invalidArgumentText(fingerprint))
  const { before, after } = await changeAllowFile(folder, (entries) => {
    const remaining = entries.filter((entry) => entry.fingerprint !== fingerprint)
    if (remaining.length === entries.length)
      throw new UsageError(`no entry allows ${fingerprint}; see oakum allow list`)
    return remaining
  })
  const count = before.length - after.length
  io.stdout.write(`removed: ${count === 1 ? 'one entry' : `${count} entries`} for ${fingerprint}\n`)
  return exitCodes.clean
}
