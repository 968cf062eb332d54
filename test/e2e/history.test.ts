import { describe, expect, test } from 'vitest'
import { awsPair } from '../support/credentials.ts'
import { oakumJsonHere as oakumJson } from '../support/in-process.ts'
import { Repo } from '../support/repo.ts'
import type { Scene } from './history-scene.ts'
import { playScene } from './history-scene.ts'
import { clean, pairText, verdictOf } from './pair-in-report.ts'

const file = 'config/prod.ini'

/** A repository whose first commit tempts nobody. */
function started(): Repo {
  const repo = Repo.create()
  repo.commit('Start', { 'README.md': '# Shop\n', 'src/main.c': 'int main(void) { return 0; }\n' })
  return repo
}

function utf16(order: 'le' | 'be', mark: string): Scene['plant'] {
  const encode = (text: string): Buffer => {
    const bytes = Buffer.from(text, 'utf16le')
    return order === 'le' ? bytes : bytes.swap16()
  }
  return (pair) => {
    const repo = started()
    const commit = repo.commit('Add settings', { [file]: encode(mark + pairText(pair)) })
    return {
      repo,
      encode,
      place: { kind: 'commit', path: file, commit, line: 3 },
      first: commit,
      inHead: true,
      exposure: 'pending',
    }
  }
}

function attribute(line: string): Scene['plant'] {
  return (pair) => {
    const repo = started()
    const commit = repo.commit('Add settings', {
      '.gitattributes': `${line}\n`,
      [file]: pairText(pair),
    })
    return {
      repo,
      place: { kind: 'commit', path: file, commit, line: 3, column: 25 },
      inHead: true,
    }
  }
}

const scenes: readonly Scene[] = [
  {
    name: 'a file that was deleted again',
    plant: (pair) => {
      const repo = started()
      const commit = repo.commit('Add settings', { [file]: pairText(pair) })
      repo.remove(file).commit('Remove settings')
      return {
        repo,
        place: {
          kind: 'commit',
          path: file,
          commit,
          line: 3,
          column: 25,
          endLine: 3,
          endColumn: 65,
        },
        first: commit,
        inHead: false,
        exposure: 'pending',
        refs: ['refs/heads/main'],
      }
    },
  },
  {
    name: 'a branch nobody merged',
    plant: (pair) => {
      const repo = started()
      repo.git('switch', '-q', '-c', 'side')
      const commit = repo.commit('Try it', { [file]: pairText(pair) })
      repo.git('switch', '-q', 'main')
      return {
        repo,
        place: { kind: 'commit', path: file, commit, line: 3 },
        first: commit,
        inHead: false,
        exposure: 'pending',
        refs: ['refs/heads/side'],
      }
    },
  },
  {
    name: 'a merge commit, and in neither of its parents',
    plant: (pair) => {
      const repo = started()
      repo.git('switch', '-q', '-c', 'side')
      repo.commit('Side', { 'side.txt': 'side\n' })
      repo.git('switch', '-q', 'main')
      repo.commit('Main', { [file]: '[shop]\n' })
      const commit = repo.merge('side').append(file, pairText(pair)).commit('Merge side')
      return {
        repo,
        place: { kind: 'commit', path: file, commit, line: 4 },
        first: commit,
        inHead: true,
        exposure: 'pending',
      }
    },
  },
  {
    name: 'the stash',
    plant: (pair) => {
      const repo = started().append('README.md', pairText(pair))
      repo.git('stash', '-q')
      return {
        repo,
        place: {
          kind: 'commit',
          path: 'README.md',
          commit: repo.git('rev-parse', 'stash@{0}'),
          line: 4,
        },
        inHead: false,
        exposure: 'local',
      }
    },
  },
  {
    name: 'an older stash, which only the reflog knows',
    plant: (pair) => {
      const repo = started().append('README.md', pairText(pair))
      repo.git('stash', '-q')
      repo.append('README.md', 'Sells things.\n').git('stash', '-q')
      return { repo, place: { kind: 'commit', line: 4 }, inHead: false, exposure: 'local' }
    },
  },
  {
    name: 'a commit that was amended away',
    plant: (pair) => {
      const repo = started()
      repo.commit('Add settings', { [file]: pairText(pair) })
      repo.write(file, '[shop]\n').git('add', '-A')
      repo.commitStaged('Add settings', '--amend')
      return { repo, place: { kind: 'commit', line: 3 }, inHead: false, exposure: 'local' }
    },
  },
  {
    name: 'a commit message',
    plant: (pair) => {
      const repo = started()
      const commit = repo.commit(`Rotate keys\n\n${pairText(pair)}`)
      return {
        repo,
        holders: ['commit'],
        place: { kind: 'message', commit },
        first: commit,
        inHead: true,
        exposure: 'pending',
      }
    },
  },
  {
    name: 'the message of an annotated tag',
    plant: (pair) => {
      const repo = started()
      repo.gitBytes(
        ['tag', '-a', 'v1', '--cleanup=verbatim', '-F', '-'],
        `First release\n\n${pairText(pair)}`,
      )
      return {
        repo,
        holders: ['tag'],
        place: { kind: 'message', commit: repo.git('rev-parse', 'refs/tags/v1') },
      }
    },
  },
  {
    name: 'a note on a commit',
    plant: (pair) => {
      const repo = started()
      repo.git('notes', 'add', '-m', pairText(pair))
      return { repo, place: { kind: 'commit', line: 3 }, inHead: false }
    },
  },
  { name: 'UTF-16LE text with a byte order mark', plant: utf16('le', '\ufeff') },
  { name: 'UTF-16LE text without one', plant: utf16('le', '') },
  { name: 'UTF-16BE text with a byte order mark', plant: utf16('be', '\ufeff') },
  { name: 'UTF-16BE text without one', plant: utf16('be', '') },
  { name: 'a file with the attribute -diff', plant: attribute('*.ini -diff') },
  { name: 'a file with the attribute binary', plant: attribute('*.ini binary') },
  {
    name: 'a commit that renames a file and edits it',
    plant: (pair) => {
      const repo = started()
      const lines = Array.from({ length: 40 }, (_, n) => `option${n} = ${n}\n`).join('')
      repo.commit('Add settings', { 'settings.ini': lines })
      const commit = repo
        .remove('settings.ini')
        .commit('Move settings', { [file]: lines + pairText(pair) })
      return {
        repo,
        place: { kind: 'commit', path: file, commit, line: 43 },
        first: commit,
        inHead: true,
      }
    },
  },
  {
    name: 'the target of a symbolic link',
    plant: ({ id, secret }) => {
      const repo = started()
      const commit = repo.link('key', `${id}:${secret}`).commit('Link')
      return {
        repo,
        place: { kind: 'commit', path: 'key', commit, line: 1, column: 22 },
        first: commit,
        inHead: true,
      }
    },
  },
  {
    name: '.gitmodules',
    plant: (pair) => {
      const repo = started()
      const comment = pairText(pair).replaceAll(/^/gm, '# ').trimEnd()
      const commit = repo.commit('Configure', {
        '.gitmodules': `[submodule "lib"]\n\tpath = lib\n\turl = ../lib.git\n${comment}`,
      })
      return {
        repo,
        place: { kind: 'commit', path: '.gitmodules', commit, line: 6 },
        first: commit,
      }
    },
  },
]

describe('oakum history', () => {
  test.each(scenes.map((scene, index) => [scene.name, scene, index + 1] as const))(
    'finds a pair in %s',
    async (_name, scene, seed) => {
      const run = await playScene(scene, seed)
      expect(run.report().receipt).toMatchObject({ complete: true, target: 'history', skipped: [] })
    },
  )

  test('reports one pair in forty versions of a file as one finding, with its first and its last commit', async () => {
    const repo = started()
    const pair = awsPair(77)
    const commits = Array.from({ length: 40 }, (_, n) =>
      repo.commit(`Version ${n}`, { [file]: `${pairText(pair)}version = ${n}\n` }),
    )
    const run = await oakumJson(['history'], { cwd: repo.path })
    expect(run.report().findings).toHaveLength(1)
    expect(run.report().findings[0]?.attribution).toMatchObject({
      first: { commit: commits[0] },
      last: { commit: commits[39] },
      inHead: true,
    })
  })

  test('finds nothing in a repository without a commit', async () => {
    expect(verdictOf(await oakumJson(['history'], { cwd: Repo.create().path }))).toEqual(clean)
  })

  test('finds nothing where there is nothing, and says that it read everything', async () => {
    const run = await oakumJson(['history'], { cwd: started().path })
    expect(verdictOf(run)).toEqual(clean)
    expect(run.report().receipt).toMatchObject({ commits: 1, trees: 2, blobs: 2 })
  })
})
