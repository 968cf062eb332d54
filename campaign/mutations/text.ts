/** Changes refs, packed-refs, HEAD, config, alternates, shallow, grafts and reflogs. */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesOf, isLoose, textOf, type Mutation, type Target } from './target.ts'

function write({ gitDirectory }: Target, path: string, text: string): void {
  const parent = dirname(join(gitDirectory, path))
  // A repository with a reftable has a file in place of refs/heads.
  if (statSync(parent, { throwIfNoEntry: false })?.isFile() === true) rmSync(parent)
  mkdirSync(parent, { recursive: true })
  writeFileSync(join(gitDirectory, path), text, 'latin1')
}

/** An id: of a loose object, of nothing, of zeros, or no id at all. */
function idFor({ random, gitDirectory }: Target): string {
  const loose = filesOf(gitDirectory)
    .filter(isLoose)
    .map((path) => path.replaceAll(/^.*objects|\W/g, ''))
  const length = loose[0]?.length ?? 40
  return random.pick([
    random.hex(length),
    '0'.repeat(length),
    random.hex(length - 1),
    'not an id',
    '',
    ...(loose.length === 0 ? [] : [random.pick(loose), random.pick(loose)]),
  ])
}

export const changeRef: Mutation = (target) => {
  const { random, gitDirectory } = target
  const refs = filesOf(gitDirectory).filter((path) => path.startsWith('refs/'))
  const ref = random.pick([
    ...refs,
    'refs/heads/added',
    'refs/tags/added',
    'refs/stash',
    'refs/replace/added',
    'ORIG_HEAD',
    'refs/heads/a/../b',
    'refs/heads/x.lock',
  ])
  const text = random.chance(0.2)
    ? random.pick([
        `ref: ${ref}`,
        'ref: refs/heads/none',
        'ref: ../../config',
        `ref: refs/heads/${'x'.repeat(200)}`,
      ])
    : idFor(target)
  write(target, join(ref), `${text}\n`)
  return `write ${JSON.stringify(text.slice(0, 60))} into ${ref}`
}

export const changePackedRefs: Mutation = (target) => {
  const { random, gitDirectory } = target
  const lines = textOf(gitDirectory, 'packed-refs').split('\n')
  const line = random.pick([
    `${idFor(target)} refs/heads/added`,
    `^${idFor(target)}`,
    '# pack-refs with: sorted sorted sorted',
    `${idFor(target)} refs/../../x`,
    'no line of a ref',
    `${idFor(target)} HEAD`,
  ])
  const changed = lines.toSpliced(random.below(lines.length + 1), random.below(3), line)
  write(target, 'packed-refs', changed.join('\n'))
  return `put ${JSON.stringify(line)} into packed-refs`
}

export const changeHead: Mutation = (target) => {
  const text = target.random.pick([
    'ref: refs/heads/none\n',
    'ref: refs/heads/../../x\n',
    `${idFor(target)}\n`,
    'ref: HEAD\n',
    '',
    'ref: refs/heads/main',
    'garbage\n',
  ])
  write(target, 'HEAD', text)
  return `write ${JSON.stringify(text)} into HEAD`
}

export const changeConfig: Mutation = (target) => {
  const text = target.random.pick([
    '[core]\n\trepositoryformatversion = 9\n',
    '[extensions]\n\tobjectFormat = sha256\n',
    '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n',
    '[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n',
    '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tunknown = true\n',
    '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = origin\n',
    '[core]\n\tbare = maybe\n',
    '[core]\n\tworktree = /nonexistent\n',
    '[core\n',
    '\0\0\0',
    '[include]\n\tpath = config\n',
    '[core]\n\tcompression = -7\n\tbigFileThreshold = 1\n\tsharedRepository = 0000\n',
    '[remote "origin"]\n\tpromisor = true\n',
  ])
  write(target, 'config', `${textOf(target.gitDirectory, 'config')}\n${text}`)
  return `append ${JSON.stringify(text)} to config`
}

export const changeAlternates: Mutation = (target) => {
  const { random, gitDirectory } = target
  const line = random.pick([
    '/nonexistent/objects',
    '../objects',
    join(gitDirectory, 'objects'),
    '.',
    '"/quoted\\x"',
    '/dev/null',
    'x'.repeat(5000),
    '# comment',
    '\0',
  ])
  write(
    target,
    'objects/info/alternates',
    `${textOf(gitDirectory, 'objects/info/alternates')}${line}\n`,
  )
  return `add ${JSON.stringify(line.slice(0, 60))} to alternates`
}

export const changeShallow: Mutation = (target) => {
  const { random, gitDirectory } = target
  const path = random.pick(['shallow', 'shallow', 'info/grafts'])
  const commits = filesOf(gitDirectory)
    .filter((file) => file.startsWith('refs/heads/'))
    .map((file) => textOf(gitDirectory, file).trim())
  // Only commits and what exists nowhere: a shallow line with a tree confuses git alone.
  const line = random.pick([random.hex(40), 'not an id', '', ...commits, ...commits])
  write(target, path, `${textOf(target.gitDirectory, path)}${line}\n`)
  return `add ${JSON.stringify(line)} to ${path}`
}

export const changeReflog: Mutation = (target) => {
  const log = target.random.pick(['logs/HEAD', 'logs/refs/heads/main', 'logs/refs/stash'])
  const line = `${idFor(target)} ${idFor(target)} A <a@example.com> 1704067200 +0000\tx`
  write(target, log, `${textOf(target.gitDirectory, log)}${line}\n`)
  return `add ${JSON.stringify(line)} to ${log}`
}

/** Files that git reads when they exist, with content that is none of theirs. */
export const strayFile: Mutation = (target) => {
  const { random } = target
  const path = random.pick([
    'index',
    'objects/info/commit-graph',
    'objects/info/commit-graphs/commit-graph-chain',
    'objects/pack/multi-pack-index',
    'objects/info/packs',
    'objects/info/http-alternates',
    'commondir',
    'gitdir',
    'info/sparse-checkout',
    'info/exclude',
    'sharedindex.' + '0'.repeat(40),
    'reftable/tables.list',
    'worktrees/other/HEAD',
    'worktrees/other/commondir',
    'modules/other/HEAD',
    'MERGE_HEAD',
    'FETCH_HEAD',
    'index.lock',
    'HEAD.lock',
    'packed-refs.lock',
    'config.worktree',
  ])
  write(
    target,
    path,
    random.pick([
      '',
      'garbage\n',
      `${idFor(target)}\n`,
      random.bytes(100).toString('latin1'),
      '../..\n',
    ]),
  )
  return `overwrite ${path}`
}
