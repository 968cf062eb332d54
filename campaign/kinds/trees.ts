/** Trees that git itself would not write: path bombs, odd names and modes, great depth and width. */
import { join } from 'node:path'
import { Builder } from '../corpus/builder.ts'
import { ObjectWriter, type TreeEntry } from '../corpus/object-writer.ts'
import { checkCanaries, plantCanaries } from '../run/canary.ts'
import { gitWord } from '../run/git-word.ts'
import { judge } from '../run/judge.ts'
import { type Command, oakum } from '../run/oakum.ts'
import { pairOf, pairText } from '../run/secrets.ts'
import type { Kind, Trial } from '../trial.ts'
import { hostileName } from './hostile-names.ts'

/** Returns the top tree of a commit that holds the blob. */
type Shape = (objects: ObjectWriter, blob: string, trial: Trial) => string

const file = (name: string | Buffer, oid: string, mode = '100644'): TreeEntry => ({
  mode,
  name,
  oid,
})
const folder = (name: string | Buffer, oid: string): TreeEntry => ({ mode: '40000', name, oid })

/** Each level lists the one below `width` times: `width` to the power of `levels` paths. */
function bomb(levels: number, width: number): Shape {
  return (objects, blob) => {
    let tree = objects.tree([file('prod.ini', blob)])
    for (let level = 0; level < levels; level += 1) {
      const below = tree
      tree = objects.tree(Array.from({ length: width }, (_, n) => folder(String(n), below)))
    }
    return tree
  }
}

const shapes: Readonly<Record<string, Shape>> = {
  '10^10 paths': bomb(9, 10),
  '2^30 paths': bomb(30, 2),
  '100^4 paths': bomb(4, 100),
  '10,000 levels': bomb(10_000, 1),
  'a wide tree': (objects, blob) =>
    objects.tree(
      Array.from({ length: 30_000 }, (_, n) => file(`file-${String(n).padStart(6, '0')}`, blob)),
    ),
  'names of git': (objects, blob) =>
    objects.tree(
      [
        '.',
        '..',
        '.GIT',
        '.git',
        '.git ',
        '.gitmodules',
        'git~1',
        '.g\u200cit',
        'CON',
        'a/b',
        '/etc',
        '',
      ].map((name) => file(name, blob)),
    ),
  'equal names': (objects, blob) => {
    const tree = objects.tree([file('b', blob)])
    return objects.tree([
      file('a', blob),
      file('a', blob),
      folder('a', tree),
      file('a', objects.blob('other\n')),
    ])
  },
  unsorted: (objects, blob) =>
    objects.tree([file('z', blob), folder('m', objects.tree([file('a', blob)])), file('a', blob)]),
  'odd modes': (objects, blob) => {
    const tree = objects.tree([file('x', blob)])
    return objects.tree(
      [
        ['0', blob],
        ['100664', blob],
        ['120000', blob],
        ['160000', blob],
        ['040000', tree],
        ['100644', tree],
        ['40000', blob],
        ['777777', blob],
        ['100644444444444444444', blob],
      ].map(([mode = '', oid = ''], n) => ({ mode, name: `entry${n}`, oid })),
    )
  },
  'hostile names': (objects, blob, { random }) =>
    objects.tree(
      Array.from({ length: 20 }, (_, n) =>
        file(Buffer.concat([Buffer.from(`${n}`), hostileName(random)]), blob),
      ),
    ),
  'a name of a megabyte': (objects, blob) => objects.tree([file('n'.repeat(1 << 20), blob)]),
  'a tree that ends early': (objects, blob) => {
    const tree = objects.tree([file('prod.ini', blob)])
    return objects.tree([
      folder('whole', tree),
      { mode: '40000', name: 'broken', oid: objects.add('tree', '100644 x\0short') },
    ])
  },
  'missing entries': (objects, blob, { random }) =>
    objects.tree([
      file('here', blob),
      file('missing', random.hex(40)),
      folder('none', random.hex(40)),
    ]),
}

/** Commands that see the planted secret; the work tree and the index do not have it. */
const readsCommits = ['history', 'range', 'audit', 'hook']

export const trees: Kind = {
  name: 'trees',
  tries: 'trees of up to 10^10 paths or 10,000 levels, odd names and modes, each command',
  weight: 2,
  run: async (trial) => {
    const { random } = trial
    const [shape, build] = random.pick(Object.entries(shapes))
    trial.tags.add(`tree: ${shape}`)
    const built = new Builder(trial.path('repo/main'), 0).init()
    const gitDirectory = join(built.path, '.git')
    const pair = pairOf(800_000 + trial.seed)
    const objects = new ObjectWriter()
    const blob = objects.blob(pairText(pair))
    trial.planted.push({ ...pair, blob })
    const start = objects.commit(objects.tree([file('README.md', objects.blob('# Shop\n'))]))
    const head = objects.commit(build(objects, blob, trial), { parents: [start] })
    objects.finish(gitDirectory, head)
    plantCanaries(trial, gitDirectory)
    trial.did(`tree: ${shape}`)
    await runOn(trial, built.path, { start, head })
    checkCanaries(trial)
  },
}

async function runOn(
  trial: Trial,
  cwd: string,
  { start, head }: { start: string; head: string },
): Promise<void> {
  const zeros = '0'.repeat(40)
  const commands: readonly Command[] = [
    [['history', '--format', 'json', '--all-origins']],
    [['history', '--format', 'json', '--all-origins', '--reader', 'cat-file', '--no-cache']],
    [['history', '--format', 'json', '--all-origins', '--reader', 'zlib', '--no-cache']],
    [['range', `${start}..${head}`, '--format', 'json', '--all-origins']],
    [['audit', '--verdict']],
    [['plan']],
    [
      ['hook', 'pre-push', 'origin', 'nowhere'],
      `refs/heads/main ${head} refs/heads/main ${zeros}\n`,
    ],
    [['scan', '--format', 'json']],
    [['staged', '--format', 'json']],
  ]
  const [args, stdin] = trial.random.pick(commands)
  const deadlineMs = trial.random.chance(0.3) && !args.includes('hook') ? 5000 : undefined
  const run = await oakum(trial, args, { cwd, stdin, deadlineMs })
  if (run.code === 0 && readsCommits.includes(args[0] ?? ''))
    trial.fail('missed', `${run.name}: exit 0, although a commit holds a planted secret`)
  if (args[0] === 'history' && deadlineMs === undefined)
    judge(trial, run, await gitWord(trial, cwd))
}
