/**
 * Arranges a plan as sections of texts and commands, in the order in which to follow them. Nothing
 * is scrubbed or escaped yet.
 */
import type { Finding } from '../../model/model.ts'
import { adviceFor } from '../../report/next-steps/next-steps.ts'
import { hostNotes } from '../../report/next-steps/hosts.ts'
import { shellQuote } from '../../report/next-steps/shell-quote.ts'
import { countOf, formatCount } from '../../report/terminal/units.ts'
import type { RewritePlan } from './make-plan.ts'

/** A text, with commands in backquotes, or a command. A `nested` text belongs to the item before. */
export type PlanItem =
  | { readonly text: string; readonly nested?: true }
  | { readonly command: string }

export interface PlanSection {
  readonly title: string
  readonly items: readonly PlanItem[]
}

/** Limit for each list. */
const MAX_LISTED = 30

/**
 * Returns the numbered sections. Rotation comes first: a rewrite does not help before. A plan with
 * nothing to do says so in one section.
 */
export function planSections(
  plan: RewritePlan,
  folder: string | undefined,
): readonly PlanSection[] {
  const exposed = [...plan.published, ...plan.pending]
  if (exposed.length === 0 && plan.removePaths.length === 0) {
    return [
      {
        title: 'Nothing to rotate and nothing to rewrite',
        items: [{ text: 'No credential is in the history of branches, tags or remotes.' }],
      },
      ...localSection(plan),
      ...coverageSection(plan),
    ]
  }
  const sections: readonly PlanSection[] = [
    ...rotateSection(plan.published),
    { title: 'Rewrite', items: rewriteItems(plan, folder) },
    { title: 'Publish the new history', items: publishItems(plan) },
    { title: 'Tell everybody else', items: peopleItems(plan) },
    ...hostSections(plan),
    ...localSection(plan),
    ...coverageSection(plan),
  ]
  return sections.map((section, index) => ({ ...section, title: `${index + 1}. ${section.title}` }))
}

function rotateSection(published: readonly Finding[]): readonly PlanSection[] {
  if (published.length === 0) return []
  return [
    {
      title: `Rotate ${countOf(published.length, 'credential')} that others may have seen`,
      items: published.flatMap((finding) => {
        const day = finding.attribution?.first?.date.slice(0, 10) ?? 'an unknown day'
        return [
          { text: `${nameOf(finding)}, since ${day} in ${refsOf(finding)}` },
          ...adviceFor(finding).map((text) => ({ text, nested: true as const })),
        ]
      }),
    },
  ]
}

function nameOf({ rule, parts, severity, fingerprint }: Finding): string {
  const redacted = parts.map((part) => part.redacted).join(' ')
  return `${rule.description} ${redacted} (${severity}, ${fingerprint})`
}

function refsOf({ attribution }: Finding): string {
  const refs = attribution?.refs ?? []
  if (refs.length === 0) return 'no ref'
  return `${refs.slice(0, 3).join(', ')}${refs.length > 3 ? ` and ${refs.length - 3} more` : ''}`
}

function rewriteItems(plan: RewritePlan, folder: string | undefined): readonly PlanItem[] {
  const { edits, impact, repository, removePaths, envPaths } = plan
  const options = removePaths.map((path) => ` --remove-path ${shellQuote({ text: path })}`).join('')
  const firstCommits = impact.first.map((id) => id.slice(0, 12)).join(', ')
  const suggestedPaths = envPaths.filter((path) => !removePaths.includes(path))
  return [
    { text: amountText(plan) },
    ...(edits.whole.size > 0
      ? [
          {
            text:
              `${countOf(edits.whole.size, 'archive')} with a secret in a member: such a file ` +
              'is removed whole.',
          },
        ]
      : []),
    {
      text:
        `${formatCount(impact.changed)} of ${countOf(impact.commits, 'commit')} will get new ` +
        `ids, starting at ${firstCommits}. Signatures on them are lost.`,
    },
    ...listItem('Branches that change', impact.branches),
    ...listItem('Tags that change', impact.tags),
    ...listItem('Remote branches that change, as this clone knows them', impact.remotes),
    ...listItem('Other refs that change', impact.others),
    ...(suggestedPaths.length > 0
      ? [
          {
            text:
              'Env files that could be removed from all commits (--remove-path): ' +
              `${listText(suggestedPaths)}.`,
          },
        ]
      : []),
    {
      text:
        'Tell everybody to push their work and then stop. Then make a mirror, which is proven ' +
        'before it appears:',
    },
    {
      command: `git clone --mirror <address> before.git && oakum rewrite before.git --to after.git${options}`,
    },
    {
      text:
        `Or from this clone, if it has all branches: \`oakum rewrite ` +
        `${shellQuote({ text: repository })} --to <folder>${options}\`.`,
    },
    ...filterRepoItems(plan, folder),
  ]
}

function amountText({ published, pending, edits }: RewritePlan): string {
  const places =
    `${countOf(edits.blobs.size, 'version')} of files and ` +
    `${countOf(edits.messages.size, 'message')}`
  const unpushed = countOf(
    pending.length,
    'of them is not pushed yet and needs no rotation unless it is pushed',
    'of them are not pushed yet and need no rotation unless they are pushed',
  )
  return `${countOf(published.length + pending.length, 'credential')} in ${places}; ${unpushed}.`
}

/** Items for those who run `git filter-repo` themselves. */
function filterRepoItems(
  { replacements: { lines, binary, plain }, removePaths }: RewritePlan,
  folder: string | undefined,
): readonly PlanItem[] {
  if (folder === undefined)
    return [{ text: 'Files to run git filter-repo yourself: `oakum plan --output <folder>`.' }]
  const file = (name: string): string => shellQuote({ text: `${folder}/${name}` })
  const replacements = file('replacements.txt')
  return [
    {
      text:
        'To run git filter-repo yourself, in a fresh mirror: replacements.txt has ' +
        `${countOf(lines, 'line')} and contains the secrets in clear text (delete it ` +
        'afterwards).',
    },
    {
      command: `git filter-repo --replace-text ${replacements} --replace-message ${replacements}`,
    },
    ...(removePaths.length === 0
      ? []
      : [
          {
            command: `git filter-repo --force --invert-paths --paths-from-file ${file('paths.txt')}`,
          },
        ]),
    ...(binary > 0
      ? [
          {
            text:
              `That leaves ${countOf(binary, 'file version')} with NUL bytes (UTF-16 or ` +
              'binary), in which git filter-repo replaces nothing; oakum rewrite does.',
          },
        ]
      : []),
    ...(plain > 0
      ? [
          {
            text:
              `It leaves ${countOf(plain, 'value')} that may be an ordinary word, since git ` +
              'filter-repo would replace it everywhere; oakum rewrite replaces it only where a ' +
              'rule found it.',
          },
        ]
      : []),
  ]
}

function publishItems({ remotes, impact }: RewritePlan): readonly PlanItem[] {
  const addresses =
    remotes.length === 0
      ? ['<address>']
      : remotes.map(({ address }) => shellQuote({ text: address }))
  return [
    ...addresses.map((address) => ({
      command:
        `git -C after.git push --force -- ${address} 'refs/heads/*:refs/heads/*' ` +
        `'refs/tags/*:refs/tags/*'`,
    })),
    {
      text:
        'Do not use --mirror: it also pushes refs that only a clone has, such as stashes and ' +
        'remote branches.',
    },
    ...(impact.first.length > 0
      ? [{ text: `First changed commits, if a host asks: ${impact.first.join(', ')}.` }]
      : []),
  ]
}

function peopleItems({ people }: RewritePlan): readonly PlanItem[] {
  if (people.length === 0)
    return [
      {
        text: 'Nobody committed in the last twelve months; everybody with a clone has to make a new one.',
      },
    ]
  return [
    {
      text:
        `${countOf(people.length, 'person', 'people')} committed in the last twelve months. ` +
        'Everybody with a clone has to make a new one, without pushing from the old one:',
    },
    ...people.slice(0, MAX_LISTED).map(({ name, commits, last }) => ({
      text: `${name}: ${countOf(commits, 'commit')}, the last on ${last}`,
      nested: true as const,
    })),
    ...(people.length > MAX_LISTED
      ? [{ text: `and ${people.length - MAX_LISTED} more`, nested: true as const }]
      : []),
    {
      text:
        'For builds, caches and deployments that refer to commits, filter-repo/commit-map in ' +
        'the mirror maps old ids to new ones.',
    },
  ]
}

function hostSections({ remotes }: RewritePlan): readonly PlanSection[] {
  const hosts = [...new Set(remotes.map(({ host }) => host))]
  return (hosts.length === 0 ? (['other'] as const) : hosts).map((host) => {
    const addresses = remotes
      .filter((remote) => remote.host === host)
      .map(({ address }) => address)
      .join(', ')
    return {
      title: `What ${addresses || 'a host'} keeps after that`,
      items: hostNotes(host).map((text) => ({ text })),
    }
  })
}

function localSection({ local }: RewritePlan): readonly PlanSection[] {
  if (local.length === 0) return []
  return [
    {
      title: `${countOf(local.length, 'credential')} in this clone only`,
      items: [
        {
          text:
            'Only stashes, reflogs, the git configuration or unreachable objects contain them: ' +
            'no push publishes them, but a copy of the folder does.',
        },
        ...local
          .slice(0, MAX_LISTED)
          .map((finding) => ({ text: nameOf(finding), nested: true as const })),
      ],
    },
  ]
}

function coverageSection({ skipped, complete }: RewritePlan): readonly PlanSection[] {
  if (skipped.length === 0) return []
  return [
    {
      title: complete ? 'Skipped' : 'The scan is incomplete, so this plan may lack something',
      items: skipped.slice(0, MAX_LISTED).map(({ reason, path, object, detail }) => ({
        text: [reason, path?.text, object?.slice(0, 12), detail].filter(Boolean).join(': '),
      })),
    },
  ]
}

function listItem(title: string, names: readonly string[]): readonly PlanItem[] {
  return names.length === 0 ? [] : [{ text: `${title} (${names.length}): ${listText(names)}.` }]
}

function listText(names: readonly string[]): string {
  const more = names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : ''
  return `${names.slice(0, MAX_LISTED).join(', ')}${more}`
}
