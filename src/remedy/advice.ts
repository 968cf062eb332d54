/** What to do next about one finding. Needs no network and tells no secret. */
import type { Finding, Origin, Place, RepoPath } from '../model.ts'
import { quotePathspec, shellQuote } from './shell-quote.ts'

/** File names that applications read as dotenv: `.env`, `.env.local`, `prod.env`. */
const envFile = /(^|\/)(\.env(\.[\w.-]+)?|[\w.-]+\.env)$/i

/** Names that say a dotenv file is to be copied and filled in: such files are meant to be committed. */
const envTemplate = /\.(example|sample|template|dist|tpl)\b/i

/**
 * Two to four lines, each a sentence or a command in backquotes, in the order in which to do them.
 * Names in commands are quoted for the shell; ids are redacted, and the line says so.
 */
export function adviceFor(finding: Finding): readonly string[] {
  if (finding.places.every(({ origin }) => origin.state === 'ignored')) return ['Git ignores the file, so no commit takes it; keep it so.']
  if (finding.rule.id === 'dotenv-tracked') return [untrack(finding, finding.places[0]), finding.rule.remedy].flatMap((line) => line ?? [])
  const stopped = [...revoke(finding), finding.rule.remedy].filter((line) => line !== '').slice(0, 1)
  const [place] = finding.places
  const cleaned = [clean(finding, place), untrack(finding, place)].flatMap((line) => line ?? [])
  return seenByOthers(finding) ? [reach(finding), ...stopped, ...cleaned] : [...cleaned, ...stopped, reach(finding)]
}

function seenByOthers(finding: Finding): boolean {
  return finding.attribution?.exposure === 'published'
}

/** How far it got, and what that means for rotating it. */
function reach(finding: Finding): string {
  switch (finding.attribution?.exposure) {
    case 'published':
      return 'Rotate it now. Rewriting history does not help before: clones, forks and caches keep what was pushed.'
    case 'pending':
      return 'Rewritten before the push, it stays here; pushed, it has to be rotated.'
    case 'local':
      return 'If this clone was ever copied or backed up, rotate it.'
    case undefined:
      return 'If it was ever pushed or shared, rotate it: removing it does not help then.'
  }
}

/** How its kind is put out of use, where that is more than the rule's own sentence. */
function revoke({ rule, parts, facts }: Finding): readonly string[] {
  const id = parts.find((part) => part.role === 'id')?.redacted
  if (rule.provider.toLowerCase() !== 'aws' || id === undefined) return []
  if (id.startsWith('ASIA')) {
    const until = facts['expires'] === undefined ? 'it expires' : `it expires (${facts['expires']})`
    return [`Temporary credentials: revoke the active sessions of their role in the IAM console, or wait until ${until}.`]
  }
  const command = `aws iam update-access-key --access-key-id ${shellQuote({ text: id })} --status Inactive`
  return [`Deactivate the key first, and delete it later: \`${command}\` (put the whole id in; here it is redacted).`]
}

/** How it leaves the place it was first seen in. */
function clean(finding: Finding, { origin }: Place): string | undefined {
  if (origin.kind === 'stdin') return undefined
  if (origin.kind === 'index') return origin.path && `Unstage it: \`git restore --staged -- ${quotePathspec(origin.path)}\`.`
  if (origin.kind === 'file') {
    if (origin.state === 'local') return 'Take it out of the address (`git remote set-url`), and let a credential helper keep it.'
    return isPrivateEnvFile(origin.path) ? undefined : 'Move the value to an environment variable, or to a .env file that .gitignore names.'
  }
  switch (finding.attribution?.exposure) {
    case 'published':
    case undefined:
      return undefined
    case 'pending':
      return `Rewrite before you push: \`git rebase --interactive ${finding.attribution.first?.commit.slice(0, 12) ?? '<commit>'}^\`, and edit or drop that commit.`
    case 'local':
      return 'No branch or tag holds it: drop the stash, or let the reflog expire (`git stash list`, `git reflog`).'
  }
}

/** A dotenv file that is tracked goes on being committed until git forgets it. */
function untrack({ attribution }: Finding, { origin }: Place): string | undefined {
  const path = origin.path ?? attribution?.first?.path
  if (path === undefined || !envFile.test(path.text)) return undefined
  if (origin.kind === 'commit' && attribution?.inHead !== true) return undefined
  if (envTemplate.test(path.text)) return 'The file is a template: keep it, with a placeholder for the value.'
  const command = `\`git rm --cached -- ${quotePathspec(path)}\``
  switch (origin.kind) {
    case 'commit':
      return `Stop tracking the file: ${command}, and name it in .gitignore.`
    case 'index':
      return 'Name the file in .gitignore.'
    case 'file':
      return untrackFile(origin, command)
    case 'message':
    case 'stdin':
      return undefined
  }
}

/** What keeps a file of the work tree out of the next commit. */
function untrackFile({ state }: Origin, command: string): string {
  if (state === 'untracked') return 'Name the file in .gitignore before the next `git add .` takes it.'
  if (state === 'tracked' || state === 'staged') return `Name the file in .gitignore, and take it out of the index: ${command}.`
  return `Name the file in .gitignore, and if it is tracked, ${command}.`
}

/** A dotenv file to keep out of git, for which `untrack` says what to do. */
export function isPrivateEnvFile(path: RepoPath | undefined): boolean {
  return path !== undefined && envFile.test(path.text) && !envTemplate.test(path.text)
}
