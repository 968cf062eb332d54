/**
 * What came of a rewrite, for people and for programs. No secret is in it, and nothing that acts on
 * a terminal.
 */
import type { Finding, Skip } from '../../model/model.ts'
import { escapeForTerminal, escapeJson } from '../../report/terminal/escape.ts'
import { scrubber } from '../../model/scrubber.ts'
import { countOf } from '../../report/terminal/units.ts'
import type { RewriteResult } from './result.ts'

/** Lines that are listed of anything there may be many of. */
const most = 20

/** The account, the proof, and what to do with the mirror. */
export function rewriteText(done: RewriteResult): string {
  const scrub = scrubber([...done.chosen, ...done.others, ...done.left])
  return linesOf(done)
    .map((line) => `${escapeForTerminal(scrub(line))}\n`)
    .join('')
}

/** The same as one JSON object. */
export function rewriteJson(done: RewriteResult): string {
  const scrub = scrubber([...done.chosen, ...done.others, ...done.left])
  const { chosen, others, left, failed, unread, ...rest } = done
  const json = JSON.stringify(
    {
      ...rest,
      chosen: chosen.map(brief),
      others: others.map(brief),
      left: left.map(brief),
      failed: failed.map(briefSkip),
      unread: unread.map(briefSkip),
    },
    null,
    2,
  )
  return `${escapeJson(scrub(json))}\n`
}

function brief({ fingerprint, rule, severity, parts }: Finding): object {
  return { fingerprint, rule: rule.id, severity, redacted: parts.map(({ redacted }) => redacted) }
}

function briefSkip({ reason, object, path, detail }: Skip): object {
  return { reason, object: object ?? null, path: path?.text ?? null, detail: detail ?? null }
}

function linesOf(done: RewriteResult): readonly string[] {
  switch (done.outcome) {
    case 'nothing':
      return [
        'Nothing to rewrite: no credential that was asked for is in what branches, tags and stashes lead to. No mirror was made.',
        ...otherLines(done),
      ]
    case 'incomplete':
      return [
        'Not rewritten: not everything could be scanned, so nothing can be proven. No mirror was made.',
        ...done.failed.slice(0, most).map(skipLine),
      ]
    case 'left':
      return [
        'Not proven, so the mirror was thrown away.',
        '',
        ...proofLines(done),
        ...leftLines(done),
      ]
    case 'proven':
      return [
        `Rewritten: ${done.target}`,
        '',
        ...accountLines(done),
        '',
        'Proof',
        ...proofLines(done),
        '',
        'What to do next',
        ...nextLines(done),
      ]
  }
}

function accountLines(done: RewriteResult): readonly string[] {
  const { before, refs, comparison } = done
  const dropped = [
    before.signedTags > 0 && `signatures of ${countOf(before.signedTags, 'tag')}`,
    before.signedCommits > 0 && `signatures of ${countOf(before.signedCommits, 'commit')}`,
    refs.dropped.length > 0 && `refs ${refs.dropped.slice(0, most).join(', ')}`,
  ].flatMap((line) => (line === false ? [] : [line]))
  return [
    `  replaced  ${countOf(done.chosen.length, 'credential')} in ${countOf(done.blobs, 'version')} of files, ${countOf(done.messages, 'message')} of commits and tags, ${countOf(done.names, 'folder listing')}`,
    ...(done.archives > 0
      ? [
          `  removed   ${countOf(done.archives, 'archive')} with a secret in a member: within an archive nothing can be replaced`,
        ]
      : []),
    ...(comparison.removed.length > 0 ? [`  removed   ${comparison.removed.join(', ')}`] : []),
    ...(done.notes > 0
      ? [`  moved     ${countOf(done.notes, 'note')} to the new names of commits`]
      : []),
    ...(dropped.length > 0
      ? [`  dropped   ${dropped.join('; ')}: they were made for what is no more`]
      : []),
    ...(done.commits.altered.length > 0
      ? [
          `  note      author, date or message of ${countOf(done.commits.altered.length, 'commit')} had a form that git does not write any more, and were put right: ${done.commits.altered.slice(0, 3).join(', ')}`,
        ]
      : []),
    ...(done.plain > 0
      ? [
          `  note      ${countOf(done.plain, 'value')} may be a word or a setting as well, and went only from where a rule found it`,
        ]
      : []),
    ...done.unread.slice(0, most).map((skip) => `  unread    ${skipLine(skip).trim()}`),
    ...otherLines(done),
  ]
}

function otherLines({ others }: RewriteResult): readonly string[] {
  return others.length === 0
    ? []
    : [
        `  kept      ${countOf(others.length, 'other finding')} that was not asked for: see oakum history`,
      ]
}

function yes(holds: boolean, line: string): string {
  return `  ${holds ? 'yes' : 'NO '}  ${line}`
}

function proofLines({
  before,
  after,
  comparison,
  commits,
  refs,
  left,
  failed,
  moved,
  renamedCommits,
  notes,
}: RewriteResult): readonly string[] {
  return [
    yes(
      left.length === 0 && failed.length === 0,
      'the result was scanned whole, by all rules and for the values themselves in every spelling: nothing is left',
    ),
    yes(
      comparison.wrong.length === 0,
      `the trees of ${countOf(comparison.commits, 'commit')} were compared path by path: ${countOf(comparison.changed, 'tree differs', 'trees differ')}, each only where it must (${countOf(comparison.replaced, 'replaced path')})`,
    ),
    yes(
      after.commits - before.commits >= 0 &&
        after.merges === before.merges &&
        commits.astray.length === 0,
      `${countOf(before.commits, 'commit')} before, ${countOf(after.commits, 'commit')} after${notes > 0 ? ' (notes needed one more)' : ''}; ${countOf(renamedCommits, 'commit')} got a new name; each has the parents it had, and ${countOf(after.merges, 'is a merge', 'are merges')}`,
    ),
    yes(refs.equal, `${countOf(refs.carried, 'ref')}: each names what its commit became`),
    yes(
      !moved,
      moved
        ? 'the original got other refs meanwhile, which are not in the mirror: run it again'
        : 'the original was only read, and has the refs it had',
    ),
  ]
}

function leftLines({ left, comparison, commits, failed }: RewriteResult): readonly string[] {
  return [
    ...left
      .slice(0, most)
      .map(
        ({ rule, places: [place], fingerprint }) =>
          `  left: ${rule.description} in ${place.origin.path?.text ?? place.origin.object ?? 'a message'} (${fingerprint})`,
      ),
    ...commits.astray.slice(0, most).map((id) => `  has other parents: ${id}`),
    ...comparison.wrong.map((path) => `  differs though it should not: ${path}`),
    ...failed.slice(0, most).map(skipLine),
  ]
}

function nextLines({ target, chosen }: RewriteResult): readonly string[] {
  return [
    ...(chosen.length > 0
      ? [
          '  1. Rotate what was ever pushed, if that is not done: a rewrite does not call back what others have (oakum plan).',
        ]
      : []),
    `  ${chosen.length > 0 ? 2 : 1}. Push: git -C ${target} push --force -- <address> 'refs/heads/*:refs/heads/*' 'refs/tags/*:refs/tags/*'`,
    `  ${chosen.length > 0 ? 3 : 2}. Everybody clones anew; a push from an old clone brings all of it back. docs/rewrite.md says what hosts keep.`,
  ]
}

function skipLine({ reason, object, path, detail, count }: Skip): string {
  return `  ${reason}${path === undefined ? '' : ` ${path.text}`}${object === undefined ? '' : ` ${object.slice(0, 12)}`}${detail === undefined ? '' : `: ${detail}`}${count === undefined ? '' : ` (${count} times)`}`
}
