import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { awsPair } from '../support/credentials.ts'
import type { OakumRun } from '../support/oakum.ts'
import { bin, runOf } from '../support/oakum.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import { clean, expectOnlyPair, pairText, verdictOf } from './pair-in-report.ts'

function started(): Repo {
  const repo = Repo.create()
  repo.commit('Start', { 'prod.ini': '[shop]\n' })
  return repo
}

/** Runs `git commit` with a pre-commit hook that scans; what git and the hook's run came to. */
function commitWithHook(
  repo: Repo,
  ...args: readonly string[]
): { readonly committed: boolean; readonly hook: OakumRun } {
  const out = join(temporaryFolder(), 'out')
  repo.write(
    '.git/hooks/pre-commit',
    `#!/bin/sh\n'${process.execPath}' '${bin}' staged --format json > '${out}' 2> '${out}.err'\ncode=$?\necho $code > '${out}.code'\nexit $code\n`,
  )
  chmodSync(repo.at('.git/hooks/pre-commit'), 0o755)
  const { code } = repo.tryGit(['commit', '-q', '-m', 'Go on', ...args])
  const text = (suffix: string): string => readFileSync(out + suffix, 'utf8')
  return { committed: code === 0, hook: runOf(Number(text('.code')), text(''), text('.err')) }
}

describe('a pre-commit hook that runs oakum staged', () => {
  test.each([
    ['git commit', [], 360],
    ['git commit -a', ['-a'], 361],
    ['git commit PATH', ['--', 'prod.ini'], 362],
    ['git commit --amend -a', ['--amend', '-a'], 363],
  ] as const)(
    'stops %s when it would commit a pair, and lets it pass when not',
    (_name, args, seed) => {
      const pair = awsPair(seed)
      const repo = started()
      const head = repo.git('rev-parse', 'HEAD')
      repo.write('prod.ini', pairText(pair))
      // Only the plain commit is of what is staged; for the others git makes an index of its own.
      if (args.length === 0) repo.git('add', '-A')
      const stopped = commitWithHook(repo, ...args)
      expectOnlyPair(stopped.hook, pair)
      expect(verdictOf(stopped.hook)).toEqual({ code: 1, findings: 1, complete: true })
      expect({ committed: stopped.committed, head: repo.git('rev-parse', 'HEAD') }).toEqual({
        committed: false,
        head,
      })

      repo.write('prod.ini', '[shop]\nopen = yes\n').git('add', '-A')
      const passed = commitWithHook(repo, ...args)
      expect({ committed: passed.committed, verdict: verdictOf(passed.hook) }).toEqual({
        committed: true,
        verdict: clean,
      })
    },
  )

  test('lets git commit PATH pass when the pair is staged in another file', () => {
    const repo = started().write('other.ini', pairText(awsPair(364)))
    repo.git('add', '-A')
    repo.write('prod.ini', '[shop]\nopen = yes\n')
    const passed = commitWithHook(repo, '--', 'prod.ini')
    expect({ committed: passed.committed, verdict: verdictOf(passed.hook) }).toEqual({
      committed: true,
      verdict: clean,
    })
  })
})
