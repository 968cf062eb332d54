import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { oakumHere } from '../support/in-process.ts'
import { Repo } from '../support/repo.ts'

test('a hook and the report say that a limit cut an archive', async () => {
  const repo = Repo.create()
  const nested = Array.from({ length: 10 }).reduce<Buffer>(
    (inner) => gzipSync(inner),
    Buffer.from('a'),
  )
  repo.write('README.md', nested).git('add', '-A')
  const options = { cwd: repo.path }
  const commit = await oakumHere(['hook', 'pre-commit'], options)
  expect([commit.code, commit.stdout, commit.stderr]).toEqual([
    0,
    '',
    'oakum: 1 archive exceeded a limit and was not unpacked whole; run oakum staged for details.\n',
  ])
  for (const format of ['text', 'github'])
    expect((await oakumHere(['staged', '--format', format], options)).stdout).toMatch(
      /No secrets found\. 1 archive exceeded a limit and was not unpacked whole\.\n$/,
    )
})
