/** FIFOs, sockets and devices where a repository keeps its files. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { dirname, join, relative } from 'node:path'
import { filesOf, isLoose } from '../mutations/target.ts'
import { gitWord } from '../run/git-word.ts'
import { judge } from '../run/judge.ts'
import { type Command, oakum } from '../run/oakum.ts'
import type { Kind, Trial } from '../trial.ts'
import { generatedScene, type Scene } from './repository.ts'

const places = [
  'packed-refs',
  'HEAD',
  'config',
  'index',
  'shallow',
  'info/exclude',
  'info/grafts',
  'info/attributes',
  'logs/HEAD',
  'refs/heads/fifo',
  'objects/info/alternates',
  'objects/info/commit-graph',
  'objects/pack/multi-pack-index',
  'objects/pack/pack-0123456789012345678901234567890123456789.pack',
  'objects/pack/pack-0123456789012345678901234567890123456789.idx',
  'objects/01/23456789012345678901234567890123456789',
  'oakum/history-0000.json',
  'oakum/attribution.json',
  'oakum/audit.json',
  'a pack',
  'an index of a pack',
  'a loose object',
]
const inWorkTree = [
  '.gitignore',
  '.gitattributes',
  '.gitmodules',
  'oakum.yaml',
  'oakum.allow',
  'oakum.baseline',
  '.env',
  'file.ini',
  '.pre-commit-config.yaml',
  'package.json',
  'lefthook.yml',
]

const commands: readonly Command[] = [
  [['history', '--format', 'json']],
  [['history', '--format', 'json', '--no-cache']],
  [['history', '--format', 'json', '--no-cache', '--reader', 'cat-file']],
  [['scan', '--format', 'json']],
  [['scan', '--format', 'json', '--no-git', '.']],
  [['staged', '--format', 'json']],
  [['range', 'HEAD', '--format', 'json']],
  [['audit', '--verdict']],
  [['plan']],
  [['doctor']],
  [['fix', '--dry-run']],
  [['hook', 'pre-commit']],
]

const endless = ['fifo', 'link to /dev/zero']
const replacements = [
  'fifo',
  'fifo',
  ...endless,
  'socket',
  'link to /dev/null',
  'link to itself',
  'folder',
]

export const special: Kind = {
  name: 'special',
  tries: 'a FIFO, a socket, a device or a loop of links in place of a file, each command',
  weight: 2,
  run: async (trial) => {
    const { random } = trial
    const scene = generatedScene(
      trial,
      random.pick(['loose', 'packed', 'two packs', 'multi-pack index']),
      false,
    )
    const path = placeIn(trial, scene)
    const what = random.pick(replacements)
    const close = await put(trial, what, path)
    const [args, stdin] = random.pick(commands)
    const run = await oakum(trial, args, {
      cwd: scene.repository,
      stdin,
    })
    // Git itself waits for ever at a FIFO, and reads a device without end.
    if (args[0] === 'history' && !endless.includes(what))
      judge(trial, run, await gitWord(trial, scene.repository))
    close()
  },
}

function placeIn(trial: Trial, { repository, gitDirectories: [gitDirectory = ''] }: Scene): string {
  const { random } = trial
  if (random.chance(0.3)) return join(repository, random.pick(inWorkTree))
  const place = random.pick(places)
  const files = filesOf(gitDirectory)
  const wanted: Readonly<Record<string, readonly string[]>> = {
    'a pack': files.filter((file) => file.endsWith('.pack')),
    'an index of a pack': files.filter((file) => file.endsWith('.idx')),
    'a loose object': files.filter(isLoose),
  }
  const candidates = wanted[place]
  if (candidates === undefined) return join(gitDirectory, place)
  return join(gitDirectory, candidates.length === 0 ? 'packed-refs' : random.pick(candidates))
}

/** Replaces what is there; returns what ends it again. */
async function put(trial: Trial, what: string, path: string): Promise<() => void> {
  trial.did(`${what} as ${relative(trial.path('repo/main'), path)}`)
  trial.tags.add(`special: ${what}`)
  rmSync(path, { recursive: true, force: true })
  if (existsSync(dirname(path)) === false) mkdirSync(dirname(path), { recursive: true })
  if (what === 'fifo') spawnSync('mkfifo', [path])
  else if (what === 'folder') mkdirSync(path)
  else if (what === 'link to itself') symlinkSync(path, path)
  else if (what === 'socket') {
    const server = await listen(trial.path('s'))
    // A socket's own path may have 107 bytes; a hard link to it is the same socket.
    spawnSync('ln', [trial.path('s'), path])
    return () => server.close()
  } else symlinkSync(what.replace('link to ', ''), path)
  return () => undefined
}

function listen(path: string): Promise<Server> {
  return new Promise((done, fail) => {
    const server = createServer(() => undefined)
    server.on('error', fail)
    server.listen(path, () => done(server))
  })
}
