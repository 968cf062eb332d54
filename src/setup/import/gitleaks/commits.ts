import { readAt, type ImportContext } from '../context.ts'
import type { Finder } from '../find.ts'
import { parseRawDiff, type RawChange } from '../../../git/commands/diff-raw.ts'
import { commitOf } from '../../../git/commands/repository.ts'
import { startGit } from '../../../git/commands/run.ts'
import { literalGlob } from '../literal-glob.ts'
import type { ImportLogEntry, AllowedSecret } from '../model.ts'
import type { ScopedAllowlist } from './allowlists.ts'
import { reasonOf } from './allowlists.ts'

interface Allowed {
  readonly secrets: readonly AllowedSecret[]
  readonly account: readonly ImportLogEntry[]
}

/**
 * A commit that changed more files than this was an import of code, which nobody looked through.
 */
const MAX_FILES = 5000

/**
 * What Oakum finds in an allowed commit and not in its parents, each as an allowance of that value
 * in that file. Commits themselves cannot be allowed: the next rebase would undo it, and whatever
 * else stands in them would be hidden.
 */
export async function importCommits(
  { list, file, rules }: ScopedAllowlist,
  context: ImportContext,
  finder: Finder,
): Promise<Allowed> {
  const secrets: AllowedSecret[] = []
  const account: ImportLogEntry[] = []
  if (list.all && list.paths.length + list.regexes.length + list.stopwords.length > 0)
    return { secrets, account }
  for (const [index, commit] of list.commits.entries()) {
    const entry = { file, entry: `${list.entry}, commit ${index + 1}` }
    const found = await secretsOf(commit, context, finder)
    if (typeof found === 'string') {
      account.push({ ...entry, outcome: 'left-out', notes: [found] })
      continue
    }
    const wanted = rules === undefined ? found : found.filter((one) => rules.includes(one.rule))
    secrets.push(
      ...wanted.map(({ fingerprint, path }) => ({
        fingerprint,
        paths: [path],
        reason: `${reasonOf(list)} In the commit ${commit.slice(0, 12)}.`,
      })),
    )
    const note =
      wanted.length === 0
        ? 'Oakum finds nothing in that commit'
        : `${wanted.length} ${wanted.length === 1 ? 'secret' : 'secrets'} of that commit, each bound to its value and file`
    account.push({
      ...entry,
      outcome: wanted.length === 0 ? 'left-out' : 'narrower',
      notes: [note],
    })
  }
  return { secrets, account }
}

interface FoundInCommit {
  readonly rule: string
  readonly fingerprint: string
  /** A glob for the file. */
  readonly path: string
}

async function secretsOf(
  commit: string,
  context: ImportContext,
  finder: Finder,
): Promise<readonly FoundInCommit[] | string> {
  const { repository } = context
  if (repository === undefined) return 'there is no repository here to read the commit in'
  const id = /^[0-9a-f]{7,64}$/.test(commit) ? await commitOf(repository, commit) : undefined
  if (id === undefined) return 'the repository has no such commit'
  const git = startGit({
    ...repository,
    args: [
      'diff-tree',
      '--root',
      '-r',
      '-c',
      '--raw',
      '-z',
      '-M',
      '--no-abbrev',
      '--no-ext-diff',
      '--no-textconv',
      id,
    ],
  })
  const changes: RawChange[] = []
  for await (const change of parseRawDiff(git.stdout)) changes.push(change)
  const failure = await git.failure
  if (failure !== undefined) return `git cannot tell what the commit changed: ${failure}`
  if (changes.length > MAX_FILES) return `it changed more than ${MAX_FILES} files`
  const found = new Map<string, FoundInCommit>()
  for (const change of changes)
    for (const one of await newIn(change, context, finder))
      found.set(`${one.path} ${one.fingerprint}`, one)
  return [...found.values()]
}

/** Secrets of a changed file that its versions before did not have. */
async function newIn(
  { mode, id, oldIds: replaces, path }: RawChange,
  context: ImportContext,
  finder: Finder,
): Promise<readonly FoundInCommit[]> {
  const glob = path.bytes === undefined ? literalGlob(path.text) : undefined
  if (glob === undefined || !mode.startsWith('100')) return []
  const after = await readAt(context, id)
  const found = after === undefined ? [] : finder.find(after, path.text)
  if (found.length === 0) return []
  const before = new Set<string>()
  for (const old of replaces)
    for (const { fingerprint } of finder.find(
      (await readAt(context, old)) ?? Buffer.alloc(0),
      path.text,
    ))
      before.add(fingerprint)
  return found
    .filter(({ fingerprint }) => !before.has(fingerprint))
    .map(({ rule, fingerprint }) => ({ rule, fingerprint, path: glob }))
}
