import { describe, expect, test } from 'vitest'
import { githubToken } from '../support/credentials.ts'
import { oakum, oakumJson } from '../support/oakum.ts'
import { Repo } from '../support/repo.ts'

const rules = (pattern: string): string =>
  `provider: acme\nrules:\n  - { id: acme-token, description: Acme token, severity: high, keywords: [acme_], window: 512, pattern: '${pattern}' }\n`

/** A packed history of many files, one of which a rule of the user's own is about. */
function packed(pattern: string, text: string, lines = 20): Repo {
  const repo = Repo.create()
  const files = Array.from({ length: 300 }, (_, n) => [
    `src/${n}.ts`,
    `export const value${n} = ${n}\n`.repeat(lines),
  ])
  repo.commit('Start', {
    ...Object.fromEntries(files),
    'acme.txt': text,
    'oakum.yaml': 'version: 1\npatterns: [own.yaml]\n',
    'own.yaml': rules(pattern),
  })
  repo.git('gc', '-q')
  return repo
}

/** The built program, whose readers have threads of their own. */
describe('history under rules of the user', () => {
  test('finds what they say with every reader', async () => {
    const repo = packed(
      '(?<secret>acme_[a-z0-9]{20})',
      `key: ${['acme', '_'].join('')}${githubToken(601).slice(4, 24).toLowerCase()}\n`,
    )
    for (const reader of ['pack', 'cat-file']) {
      const run = await oakumJson(['history', '--reader', reader], { cwd: repo.path })
      expect([run.code, run.report().findings.map((finding) => finding.rule)]).toEqual([
        1,
        ['acme-token'],
      ])
    }
  })

  test('ends, and says which rule, where one takes for ever', async () => {
    // More than fits in the pipes of the gits that are still printing then, which nobody reads any
    // more.
    const repo = packed('(?<secret>acme_(?:a|b|ab){1,200})!', `acme_${'ab'.repeat(90)}?\n`, 1000)
    for (const reader of ['pack', 'cat-file']) {
      const { code, stdout, stderr } = await oakum(['history', '--reader', reader], {
        cwd: repo.path,
      })
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(
        /^oakum: own\.yaml:3: acme-token: the pattern takes more than three seconds on a text of \d+ characters: make it simpler\n$/,
      )
    }
  })
})
