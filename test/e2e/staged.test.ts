import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Pair } from '../support/credentials.ts'
import { awsPair } from '../support/credentials.ts'
import { oakumJson } from '../support/oakum.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import type { Verdict } from './pair-in-report.ts'
import {
  clean,
  expectOnlyPair,
  pairText,
  secretPlace,
  skipsFor,
  spanText,
  verdictOf,
} from './pair-in-report.ts'

const found: Verdict = { code: 1, findings: 1, complete: true }
const lines = Array.from({ length: 40 }, (_, n) => `option${n} = ${n}\n`).join('')

/** HEAD has README.md and prod.ini, the latter with this content. */
function committed(settings: string): Repo {
  const repo = Repo.create()
  repo.commit('Start', { 'README.md': '# Shop\n', 'prod.ini': settings })
  return repo
}

function staged(repo: Repo, path: string, content: string): Repo {
  repo.write(path, content).git('add', '-A')
  return repo
}

interface Row {
  /** Reads on after "finds". */
  readonly name: string
  readonly path: string
  readonly line: number
  readonly build: (pair: Pair) => Repo
}

const findings: readonly Row[] = [
  {
    name: 'a pair that is staged and no more in the edited file',
    path: 'prod.ini',
    line: 3,
    build: (pair) =>
      staged(committed('[shop]\n'), 'prod.ini', pairText(pair)).write('prod.ini', '[shop]\n'),
  },
  {
    name: 'a pair in a new file',
    path: 'new.ini',
    line: 3,
    build: (pair) => staged(committed('[shop]\n'), 'new.ini', pairText(pair)),
  },
  {
    name: 'a pair before the first commit',
    path: 'first.ini',
    line: 3,
    build: (pair) => staged(Repo.create(), 'first.ini', pairText(pair)),
  },
  {
    name: 'a value that changed on its line',
    path: 'prod.ini',
    line: 43,
    build: (pair) =>
      staged(committed(lines + pairText(awsPair(390))), 'prod.ini', lines + pairText(pair)),
  },
  {
    name: 'a pair in a file whose name has spaces and quotes',
    path: `my "prod".ini`,
    line: 3,
    build: (pair) => staged(committed(''), `my "prod".ini`, pairText(pair)),
  },
  {
    name: 'a pair in a file whose name has a newline',
    path: 'two\nlines.ini',
    line: 3,
    build: (pair) => staged(committed(''), 'two\nlines.ini', pairText(pair)),
  },
  {
    name: 'a pair in a file whose name looks like an option',
    path: '--cached',
    line: 3,
    build: (pair) => staged(committed(''), '--cached', pairText(pair)),
  },
  {
    name: 'a pair in a file that is renamed and edited',
    path: 'moved.ini',
    line: 43,
    build: (pair) =>
      staged(committed(lines).remove('prod.ini'), 'moved.ini', lines + pairText(pair)),
  },
  {
    name: 'a pair in a linked work tree, whose index is its own',
    path: 'new.ini',
    line: 3,
    build: (pair) => {
      const linked = new Repo(join(temporaryFolder(), 'linked'))
      committed('[shop]\n').git('worktree', 'add', '-q', '-b', 'linked', linked.path)
      return staged(linked, 'new.ini', pairText(pair))
    },
  },
  {
    name: 'a pair that a merge brings in by hand',
    path: 'prod.ini',
    line: 3,
    build: (pair) => {
      const repo = committed('[shop]\n')
      repo.git('switch', '-q', '-c', 'side')
      repo.commit('Side', { 'side.txt': 'side\n' })
      repo.git('switch', '-q', 'main')
      repo.commit('Main', { 'main.txt': 'main\n' })
      return staged(repo.merge('side'), 'prod.ini', pairText(pair))
    },
  },
  {
    name: 'a pair that a regular file brings where a symbolic link was',
    path: 'settings',
    line: 3,
    build: (pair) => {
      const repo = committed('').link('settings', 'prod.ini')
      repo.commit('Link')
      return staged(repo.remove('settings'), 'settings', pairText(pair))
    },
  },
]

const nothing: readonly (readonly [string, (pair: Pair) => Repo])[] = [
  [
    'in the edited file only, not in the staged one',
    (pair) =>
      staged(committed('[shop]\n'), 'prod.ini', '[shop]\nopen = yes\n').write(
        'prod.ini',
        pairText(pair),
      ),
  ],
  [
    'in a file that is only meant to be added',
    (pair) => {
      const repo = committed('[shop]\n').write('new.ini', pairText(pair))
      repo.git('add', '--intent-to-add', 'new.ini')
      return repo
    },
  ],
  [
    'in a file whose deletion is staged',
    (pair) => {
      const repo = committed(pairText(pair))
      repo.git('rm', '-q', 'prod.ini')
      return repo
    },
  ],
  [
    'in a file that is not part of the commit',
    (pair) => staged(committed(pairText(pair)), 'README.md', '# Shops\n'),
  ],
]

const unchanged: readonly (readonly [string, (pair: Pair) => Repo])[] = [
  [
    'in the version of HEAD',
    (pair) =>
      staged(committed(pairText(pair)), 'prod.ini', `${pairText(pair)}region = eu-west-1\n`),
  ],
  [
    'in the version of HEAD, at another line',
    (pair) => staged(committed(pairText(pair)), 'prod.ini', lines + pairText(pair)),
  ],
  [
    'in a file that is only renamed',
    (pair) => {
      const repo = committed(pairText(pair))
      repo.git('mv', 'prod.ini', 'moved.ini')
      return repo
    },
  ],
]

describe('oakum staged', () => {
  test.each(findings.map((row, index) => [row.name, row, 300 + index] as const))(
    'finds %s',
    async (_name, { path, line, build }, seed) => {
      const pair = awsPair(seed)
      const repo = build(pair)
      const run = await oakumJson(['staged'], { cwd: repo.path })
      const place = secretPlace(expectOnlyPair(run, pair))
      expect(place).toMatchObject({ kind: 'index', path, line, column: 25, endColumn: 65 })
      expect(spanText(repo, place) === pair.secret).toBe(true)
      expect(verdictOf(run)).toEqual(found)
    },
  )

  test.runIf(process.platform === 'linux')(
    'finds a pair in a file whose name is not UTF-8',
    async () => {
      const pair = awsPair(320)
      const path = Buffer.from('caf\xe9.ini', 'latin1')
      const repo = committed('').write(path, pairText(pair))
      repo.git('add', '-A')
      const run = await oakumJson(['staged'], { cwd: repo.path })
      expect(secretPlace(expectOnlyPair(run, pair)).pathBytes).toBe(path.toString('base64'))
    },
  )

  test('finds a pair from a folder below the top', async () => {
    const pair = awsPair(321)
    const repo = staged(committed(''), 'src/main.c', 'int main(void) { return 0; }\n')
    staged(repo, 'prod.ini', pairText(pair))
    const run = await oakumJson(['staged'], { cwd: join(repo.path, 'src') })
    expect(secretPlace(expectOnlyPair(run, pair)).path).toBe('prod.ini')
  })

  test.each(nothing.map(([name, build], index) => [name, build, 330 + index] as const))(
    'does not report a pair %s',
    async (_name, build, seed) => {
      const run = await oakumJson(['staged'], { cwd: build(awsPair(seed)).path })
      expect(verdictOf(run)).toEqual(clean)
      expect(run.report().suppressed.total).toBe(0)
    },
  )

  test.each(unchanged.map(([name, build], index) => [name, build, 340 + index] as const))(
    'counts a pair as unchanged that was %s',
    async (_name, build, seed) => {
      const run = await oakumJson(['staged'], { cwd: build(awsPair(seed)).path })
      expect(verdictOf(run)).toEqual(clean)
      expect(run.report().suppressed.by['unchanged']).toBeGreaterThan(0)
    },
  )

  test('reports the new pair of a file and counts the old one as unchanged', async () => {
    const [old, added] = [awsPair(350), awsPair(351)]
    const run = await oakumJson(['staged'], {
      cwd: staged(committed(pairText(old)), 'prod.ini', pairText(old) + lines + pairText(added))
        .path,
    })
    expectOnlyPair(run, added)
    expect(run.report().suppressed.by['unchanged']).toBeGreaterThan(0)
  })

  test('names the files of a merge that is not resolved, which no commit could take', async () => {
    const repo = committed('[shop]\n')
    repo.git('switch', '-q', '-c', 'side')
    repo.commit('Side', { 'prod.ini': '[side]\n' })
    repo.git('switch', '-q', 'main')
    repo.commit('Main', { 'prod.ini': '[main]\n' })
    const run = await oakumJson(['staged'], { cwd: repo.merge('side').path })
    expect(skipsFor(run, 'unmerged').map(({ path }) => path)).toEqual(['prod.ini'])
    expect(verdictOf(run)).toEqual(clean)
  })
})
