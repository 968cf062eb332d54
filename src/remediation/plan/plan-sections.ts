/**
 * A plan as sections of what to read and what to run, in the order in which to do it. Nothing is
 * escaped yet.
 */
import type { Finding } from '../../model/model.ts'
import { adviceFor } from '../../report/next-steps/next-steps.ts'
import { hostNotes } from '../../report/next-steps/hosts.ts'
import { shellQuote } from '../../report/next-steps/shell-quote.ts'
import { countOf, formatCount } from '../../report/terminal/units.ts'
import type { RewritePlan } from './make-plan.ts'

/**
 * Words, with commands in backquotes, or a command by itself. `inner` belongs to the item before.
 */
export type Item = { readonly text: string; readonly inner?: true } | { readonly command: string }

export interface Section {
  readonly title: string
  readonly items: readonly Item[]
}

/** Lines of anything there may be many of. */
const most = 30

/**
 * Rotate first: until then nothing else helps. Where there is nothing to do, one section says so.
 */
export function planSections(plan: RewritePlan, folder: string | undefined): readonly Section[] {
  const exposed = [...plan.published, ...plan.pending]
  if (exposed.length === 0 && plan.removePaths.length === 0) {
    return [
      {
        title: 'Nothing to rotate and nothing to rewrite',
        items: [{ text: 'No credential is in what branches, tags or remotes lead to.' }],
      },
      ...localSection(plan),
      ...coverageSection(plan),
    ]
  }
  const sections: readonly Section[] = [
    ...rotateSection(plan.published),
    { title: 'Rewrite', items: rewriteItems(plan, folder) },
    { title: 'Publish the new history', items: publishItems(plan) },
    { title: 'Everybody else', items: peopleItems(plan) },
    ...hostSections(plan),
    ...localSection(plan),
    ...coverageSection(plan),
  ]
  return sections.map((section, at) => ({ ...section, title: `${at + 1}. ${section.title}` }))
}

function rotateSection(published: readonly Finding[]): readonly Section[] {
  if (published.length === 0) return []
  return [
    {
      title: `Rotate ${countOf(published.length, 'credential')} that others may have seen`,
      items: published.flatMap((finding) => [
        {
          text: `${nameOf(finding)}, since ${finding.attribution?.first?.date.slice(0, 10) ?? 'an unknown day'} in ${refsOf(finding)}`,
        },
        ...adviceFor(finding).map((text) => ({ text, inner: true as const })),
      ]),
    },
  ]
}

function nameOf({ rule, parts, severity, fingerprint }: Finding): string {
  return `${rule.description} ${parts.map(({ redacted }) => redacted).join(' ')} (${severity}, ${fingerprint})`
}

function refsOf({ attribution }: Finding): string {
  const refs = attribution?.refs ?? []
  return (
    `${refs.slice(0, 3).join(', ')}${refs.length > 3 ? ` and ${refs.length - 3} more` : ''}` ||
    'no ref'
  )
}

function rewriteItems(plan: RewritePlan, folder: string | undefined): readonly Item[] {
  const { published, pending, edits, impact, repository, removePaths, envPaths } = plan
  const paths = removePaths.map((path) => ` --remove-path ${shellQuote({ text: path })}`).join('')
  const archives =
    edits.whole.size > 0
      ? [
          {
            text: `${countOf(edits.whole.size, 'archive')} with a secret in a member: such a file goes whole.`,
          },
        ]
      : []
  const env = envPaths.filter((path) => !removePaths.includes(path))
  return [
    {
      text: `${countOf(published.length + pending.length, 'credential')} in ${countOf(edits.blobs.size, 'version')} of files and ${countOf(edits.messages.size, 'message')}; ${countOf(pending.length, 'of them is not pushed yet and needs no rotation, if it never is', 'of them are not pushed yet and need no rotation, if they never are')}.`,
    },
    ...archives,
    {
      text: `${formatCount(impact.changed)} of ${countOf(impact.commits, 'commit')} will have new names, from ${impact.first.map((id) => id.slice(0, 12)).join(', ')} on. Signatures on them are lost.`,
    },
    ...listed('Branches that change', impact.branches),
    ...listed('Tags that change', impact.tags),
    ...listed('Remote branches that change, as this clone knows them', impact.remotes),
    ...listed('Other refs that change', impact.others),
    ...(env.length > 0
      ? [{ text: `Env files could go from all commits (--remove-path): ${some(env)}.` }]
      : []),
    {
      text: 'Tell everybody to push what they have and to stop. Then make a mirror, which is proven before it is there:',
    },
    {
      command: `git clone --mirror <address> before.git && oakum rewrite before.git --to after.git${paths}`,
    },
    {
      text: `Or from this clone, if it has all branches: \`oakum rewrite ${shellQuote({ text: repository })} --to <folder>${paths}\`.`,
    },
    ...byHand(plan, folder),
  ]
}

/** For those who run `git filter-repo` themselves. */
function byHand(
  { replacements: { lines, binary, plain }, removePaths }: RewritePlan,
  folder: string | undefined,
): readonly Item[] {
  if (folder === undefined)
    return [{ text: 'Files for git filter-repo by hand: `oakum plan --output <folder>`.' }]
  const file = (name: string): string => shellQuote({ text: `${folder}/${name}` })
  return [
    {
      text: `By hand, in a fresh mirror, with the ${countOf(lines, 'line')} of replacements.txt, which holds the secrets in clear (delete it afterwards):`,
    },
    {
      command: `git filter-repo --replace-text ${file('replacements.txt')} --replace-message ${file('replacements.txt')}`,
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
            text: `That leaves ${countOf(binary, 'file version')} with zeros in it (UTF-16 or binary), which git filter-repo does not look into; oakum rewrite does.`,
          },
        ]
      : []),
    ...(plain > 0
      ? [
          {
            text: `It leaves ${countOf(plain, 'value')} that may be a word, since it would replace it everywhere; oakum rewrite takes it out only where it was found.`,
          },
        ]
      : []),
  ]
}

function publishItems({ remotes, impact }: RewritePlan): readonly Item[] {
  const addresses =
    remotes.length === 0
      ? ['<address>']
      : remotes.map(({ address }) => shellQuote({ text: address }))
  return [
    ...addresses.map((address) => ({
      command: `git -C after.git push --force -- ${address} 'refs/heads/*:refs/heads/*' 'refs/tags/*:refs/tags/*'`,
    })),
    {
      text: 'Not with --mirror: that would also push what only a clone has, such as stashes and remote branches.',
    },
    ...(impact.first.length > 0
      ? [{ text: `First changed commits, if a host asks: ${impact.first.join(', ')}.` }]
      : []),
  ]
}

function peopleItems({ people }: RewritePlan): readonly Item[] {
  if (people.length === 0)
    return [
      {
        text: 'Nobody committed in the last twelve months; whoever has a clone has to make a new one.',
      },
    ]
  return [
    {
      text: `${countOf(people.length, 'person', 'people')} committed in the last twelve months. Whoever has a clone has to clone anew, without pushing from the old one:`,
    },
    ...people.slice(0, most).map(({ name, commits, last }) => ({
      text: `${name}: ${countOf(commits, 'commit')}, the last on ${last}`,
      inner: true as const,
    })),
    ...(people.length > most
      ? [{ text: `and ${people.length - most} more`, inner: true as const }]
      : []),
    {
      text: 'Builds, caches and deployments that name commits follow filter-repo/commit-map in the mirror.',
    },
  ]
}

function hostSections({ remotes }: RewritePlan): readonly Section[] {
  const hosts = [...new Set(remotes.map(({ host }) => host))]
  return (hosts.length === 0 ? (['other'] as const) : hosts).map((host) => ({
    title: `What ${
      remotes
        .filter((remote) => remote.host === host)
        .map(({ address }) => address)
        .join(', ') || 'a host'
    } keeps after that`,
    items: hostNotes(host).map((text) => ({ text })),
  }))
}

function localSection({ local }: RewritePlan): readonly Section[] {
  if (local.length === 0) return []
  return [
    {
      title: `${countOf(local.length, 'credential')} in this clone only`,
      items: [
        {
          text: 'Only stashes, reflogs, the configuration of git or nothing has it: no push takes it, a copy of the folder does.',
        },
        ...local.slice(0, most).map((finding) => ({ text: nameOf(finding), inner: true as const })),
      ],
    },
  ]
}

function coverageSection({ skipped, complete }: RewritePlan): readonly Section[] {
  if (skipped.length === 0) return []
  return [
    {
      title: complete
        ? 'What was not looked into'
        : 'Not everything could be read, so this plan may lack something',
      items: skipped.slice(0, most).map(({ reason, path, object, detail }) => ({
        text: [reason, path?.text, object?.slice(0, 12), detail].filter(Boolean).join(': '),
      })),
    },
  ]
}

function listed(title: string, names: readonly string[]): readonly Item[] {
  return names.length === 0 ? [] : [{ text: `${title} (${names.length}): ${some(names)}.` }]
}

function some(names: readonly string[]): string {
  return `${names.slice(0, most).join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`
}
