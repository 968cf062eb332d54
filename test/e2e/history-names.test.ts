import { describe, expect, test } from 'vitest'
import { awsPair, password } from '../support/credentials.ts'
import { oakumJsonHere as oakumJson } from '../support/in-process.ts'
import type { Path } from '../support/repo.ts'
import { Repo } from '../support/repo.ts'
import type { Scene } from './history-scene.ts'
import { playScene } from './history-scene.ts'
import { expectOnlyPair, pairText, secretPlace, spanText, verdictOf } from './pair-in-report.ts'

/** Deleted after its commit, so that only the past has the name. */
function plantAt(path: Path, content: string): { readonly repo: Repo; readonly commit: string } {
  const repo = Repo.create().write('README.md', '# Shop\n').write(path, content)
  const commit = repo.commit('Add settings')
  repo.remove(path).commit('Remove settings')
  return { repo, commit }
}

const names: readonly (readonly [string, string])[] = [
  ['with spaces', 'my settings/prod copy .ini'],
  ['with quotes', `say "hello" and 'bye'.ini`],
  ['with a newline', 'two\nlines.ini'],
  ['with a tab and a backslash', 'a\tb\\c.ini'],
  ['that looks like an option', '--output=prod.ini'],
  ['in other scripts', 'настройки/設定.ini'],
]

describe('oakum history', () => {
  test.each(names.map(([what, path], index) => [what, path, 100 + index] as const))(
    'finds a pair in a file whose name is %s',
    async (_what, path, seed) => {
      const scene: Scene = {
        name: path,
        plant: (pair) => {
          const { repo, commit } = plantAt(path, pairText(pair))
          return {
            repo,
            place: { kind: 'commit', path, commit, line: 3, column: 25 },
            first: commit,
            inHead: false,
            exposure: 'pending',
          }
        },
      }
      expect(verdictOf(await playScene(scene, seed))).toEqual({
        code: 1,
        findings: 1,
        complete: true,
      })
    },
  )

  // Only Linux's file systems take any bytes for a name.
  test.runIf(process.platform === 'linux')(
    'finds a pair in a file whose name is not UTF-8, and reports the bytes of the name',
    async () => {
      const pair = awsPair(110)
      const path = Buffer.from('caf\xe9.ini', 'latin1')
      const { repo } = plantAt(path, pairText(pair))
      const run = await oakumJson(['history'], { cwd: repo.path })
      const place = secretPlace(expectOnlyPair(run, pair))
      expect(place.path).toBe(String.raw`caf\xe9.ini`)
      expect(place.pathBytes).toBe(path.toString('base64'))
      expect(spanText(repo, place) === pair.secret).toBe(true)
      expect(run.code).toBe(1)
    },
  )

  test('finds a pair in the name of a file, and does not show it there', async () => {
    const scene: Scene = {
      name: 'the name of a file',
      withoutSlash: true,
      plant: ({ id, secret }) => {
        const { repo } = plantAt(`keys/${id}:${secret}`, 'see the name\n')
        return { repo, holders: ['tree'], inHead: false, exposure: 'pending' }
      },
    }
    expect(verdictOf(await playScene(scene, 111))).toEqual({ code: 1, findings: 1, complete: true })
  })

  test.each([
    ['.env', 501],
    ['deploy/.env.production', 502],
  ])('finds a password in a deleted %s by the name that a tree gave it', async (path, seed) => {
    const value = password(seed)
    const { repo, commit } = plantAt(path, `PORT=3000\nDB_PASSWORD=${value}\n`)
    expect(repo.holders(value).map(({ kind }) => kind)).toEqual(['blob'])

    const run = await oakumJson(['history'], { cwd: repo.path })
    const { findings, receipt } = run.report()
    expect(findings).toHaveLength(1)
    const finding = findings[0]!
    expect(finding.severity).toBe('medium')
    expect(finding.parts.map(({ role }) => role)).toEqual(['secret'])
    // A person's choice may be guessable: no part of it is shown.
    const shown = Array.from(value, (_, at) => value.slice(at, at + 3)).filter(
      (piece) => piece.length === 3 && finding.parts[0]!.redacted.includes(piece),
    )
    expect(shown).toEqual([])
    expect(secretPlace(finding)).toMatchObject({
      kind: 'commit',
      path,
      commit,
      line: 2,
      column: 13,
    })
    expect(finding.attribution).toMatchObject({
      first: { commit, path },
      inHead: false,
      exposure: 'pending',
    })
    expect(receipt.complete).toBe(true)
    expect(run.code).toBe(1)
  })
})
