import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { oakumHere } from '../support/in-process.ts'
import { Repo } from '../support/repo.ts'

test('a hook and the report say that a limit cut an archive', async () => {
  const repo = Repo.create()
  repo.write('README.md', gzipSync(Buffer.alloc(20 << 20))).git('add', '-A')
  const options = { cwd: repo.path }
  const commit = await oakumHere(['hook', 'pre-commit'], options)
  expect([commit.code, commit.stdout, commit.stderr]).toEqual([
    0,
    '',
    'oakum: 1 archive exceeded a limit and was not unpacked whole; run oakum staged for details.\n',
  ])
  const staged = await oakumHere(['staged'], options)
  expect(staged.stdout).toMatch(/No secrets found\. 1 archive exceeded a limit .* whole\.\n$/)
  const github = await oakumHere(['staged', '--format', 'github'], options)
  expect(github.stdout).toContain('1 archive exceeded a limit')
})
