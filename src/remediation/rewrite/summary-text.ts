/**
 * Formats the result of a rewrite as text and as JSON. Both are scrubbed of secrets and escaped for
 * terminals.
 */
import type { Finding, Skip } from '../../model/model.ts'
import { escapeForTerminal, escapeJson } from '../../report/terminal/escape.ts'
import { type Scrub, scrubber } from '../../model/scrubber.ts'
import { countOf } from '../../report/terminal/units.ts'
import type { RewriteResult } from './result.ts'

/** Limit for each list in the text. */
const MAX_LISTED = 20

/** Formats the changes, the proof and the next steps. */
export function rewriteText(result: RewriteResult): string {
  const scrub = scrubberOf(result)
  return linesOf(result)
    .map((line) => `${escapeForTerminal(scrub(line))}\n`)
    .join('')
}

/** Formats the result as one JSON object. */
export function rewriteJson(result: RewriteResult): string {
  const scrub = scrubberOf(result)
  const { chosen, others, left, failed, unread, inTexts: _, ...rest } = result
  const json = JSON.stringify(
    {
      ...rest,
      chosen: chosen.map(findingJson),
      others: others.map(findingJson),
      left: left.map(findingJson),
      failed: failed.map(skipJson),
      unread: unread.map(skipJson),
    },
    null,
    2,
  )
  return `${escapeJson(scrub(json))}\n`
}

function scrubberOf({ chosen, others, left, inTexts }: RewriteResult): Scrub {
  return scrubber([...chosen, ...others, ...left, ...inTexts])
}

function findingJson({ fingerprint, rule, severity, parts }: Finding): object {
  return { fingerprint, rule: rule.id, severity, redacted: parts.map(({ redacted }) => redacted) }
}

function skipJson({ reason, object, path, detail }: Skip): object {
  return { reason, object: object ?? null, path: path?.text ?? null, detail: detail ?? null }
}

function linesOf(result: RewriteResult): readonly string[] {
  switch (result.outcome) {
    case 'nothing':
      return [
        'Nothing to rewrite: no selected credential is in the history of branches, tags and ' +
          'stashes. No mirror was created.',
        ...otherFindingLines(result),
      ]
    case 'incomplete':
      return [
        'Not rewritten: the scan is incomplete, so nothing can be proven. No mirror was created.',
        ...result.failed.slice(0, MAX_LISTED).map(skipLine),
      ]
    case 'left':
      return [
        'Not proven, so the mirror was deleted.',
        '',
        ...proofLines(result),
        ...leftLines(result),
      ]
    case 'proven':
      return [
        `Rewritten: ${result.target}`,
        '',
        ...changeLines(result),
        '',
        'Proof',
        ...proofLines(result),
        '',
        'Next steps',
        ...nextLines(result),
      ]
  }
}

/** Returns `texts` that are present, each as a line with `label` before it. */
function labelled(label: string, texts: readonly (string | false)[]): readonly string[] {
  return texts.flatMap((text) => (text === false ? [] : [`  ${label.padEnd(10)}${text}`]))
}

function changeLines(result: RewriteResult): readonly string[] {
  const { chosen, blobs, messages, names, archives, comparison, notes, unread } = result
  const places = [
    `${countOf(blobs, 'version')} of files`,
    `${countOf(messages, 'message')} of commits and tags`,
    countOf(names, 'folder listing'),
  ]
  return [
    ...labelled('replaced', [`${countOf(chosen.length, 'credential')} in ${places.join(', ')}`]),
    ...labelled('removed', [
      archives > 0 &&
        `${countOf(archives, 'archive')} with a secret in a member: nothing can be replaced ` +
          'inside an archive',
      comparison.removed.length > 0 && comparison.removed.join(', '),
    ]),
    ...labelled('moved', [notes > 0 && `${countOf(notes, 'note')} to the new commits`]),
    ...labelled('dropped', [droppedText(result)]),
    ...labelled('note', [alteredText(result), plainText(result)]),
    ...labelled(
      'unread',
      unread.slice(0, MAX_LISTED).map((skip) => skipLine(skip).trim()),
    ),
    ...otherFindingLines(result),
  ]
}

function droppedText({ before, refs }: RewriteResult): string | false {
  const dropped = [
    before.signedTags > 0 && `signatures of ${countOf(before.signedTags, 'tag')}`,
    before.signedCommits > 0 && `signatures of ${countOf(before.signedCommits, 'commit')}`,
    refs.dropped.length > 0 && `refs ${refs.dropped.slice(0, MAX_LISTED).join(', ')}`,
  ].filter((text) => text !== false)
  return dropped.length > 0 && `${dropped.join('; ')}: they belong to objects that no longer exist`
}

function alteredText({ commits: { altered } }: RewriteResult): string | false {
  return (
    altered.length > 0 &&
    `author, date or message of ${countOf(altered.length, 'commit')} had a form that git no ` +
      `longer writes, and was normalized: ${altered.slice(0, 3).join(', ')}`
  )
}

function plainText({ plain }: RewriteResult): string | false {
  return (
    plain > 0 &&
    `${countOf(plain, 'value')} may also be an ordinary word or setting, and was replaced only ` +
      'where a rule found it'
  )
}

function otherFindingLines({ others }: RewriteResult): readonly string[] {
  return labelled('kept', [
    others.length > 0 && `${countOf(others.length, 'finding')} not selected: see oakum history`,
  ])
}

function proofLine(holds: boolean, text: string): string {
  return `  ${holds ? 'yes' : 'NO '}  ${text}`
}

function proofLines(result: RewriteResult): readonly string[] {
  const { before, after, comparison, commits, refs, left, failed, moved, notes } = result
  const notesRemark = notes > 0 ? ' (moving notes added some)' : ''
  return [
    proofLine(
      left.length === 0 && failed.length === 0,
      'the whole result was scanned, with all rules and for the values themselves in every ' +
        'encoding: nothing is left',
    ),
    proofLine(
      comparison.wrong.length === 0,
      `the trees of ${countOf(comparison.commits, 'commit')} were compared path by path: ` +
        `${countOf(comparison.changed, 'tree differs', 'trees differ')}, each only where ` +
        `requested (${countOf(comparison.replaced, 'replaced path')})`,
    ),
    proofLine(
      after.commits - before.commits >= 0 &&
        after.merges === before.merges &&
        commits.astray.length === 0,
      `${countOf(before.commits, 'commit')} before, ${countOf(after.commits, 'commit')} ` +
        `after${notesRemark}; ${countOf(result.renamedCommits, 'commit')} got a new id; each has ` +
        `its original parents, and ${countOf(after.merges, 'is a merge', 'are merges')}`,
    ),
    proofLine(
      refs.equal,
      `${countOf(refs.carried, 'ref')}: each leads to the rewritten form of its commit`,
    ),
    proofLine(
      !moved,
      moved
        ? 'refs of the original changed meanwhile and are not in the mirror: run the rewrite again'
        : 'the original was only read, and its refs are unchanged',
    ),
  ]
}

function leftLines({ left, comparison, commits, failed }: RewriteResult): readonly string[] {
  return [
    ...left.slice(0, MAX_LISTED).map(({ rule, places: [place], fingerprint }) => {
      const where = place.origin.path?.text ?? place.origin.object ?? 'a message'
      return `  left: ${rule.description} in ${where} (${fingerprint})`
    }),
    ...commits.astray.slice(0, MAX_LISTED).map((id) => `  has other parents: ${id}`),
    ...comparison.wrong.map((path) => `  differs but should not: ${path}`),
    ...failed.slice(0, MAX_LISTED).map(skipLine),
  ]
}

function nextLines({ target, chosen }: RewriteResult): readonly string[] {
  const steps = [
    ...(chosen.length > 0
      ? [
          'Rotate everything that was ever pushed, if that is not done: a rewrite does not ' +
            'remove copies that others have (oakum plan).',
        ]
      : []),
    `Push: git -C ${target} push --force -- <address> 'refs/heads/*:refs/heads/*' 'refs/tags/*:refs/tags/*'`,
    'Everybody makes a new clone; a push from an old clone brings the secrets back. ' +
      'docs/rewrite.md explains what hosts keep.',
  ]
  return steps.map((step, index) => `  ${index + 1}. ${step}`)
}

function skipLine({ reason, object, path, detail, count }: Skip): string {
  const place = [reason, path?.text, object?.slice(0, 12)]
    .filter((part) => part !== undefined)
    .join(' ')
  const cause = detail === undefined ? '' : `: ${detail}`
  return `  ${place}${cause}${count === undefined ? '' : ` (${count} times)`}`
}
